import { RESULTS } from "../report";
import type { Difference } from "./leaves";
import { arrow, code, isGone, isNew, said, show, type Sentence } from "./sentence";

const wayIn: Sentence = {
  at: ["ways", "*", "*"],
  kind: "ways in",
  say: (difference, [, way]) => {
    if (isGone(difference)) return said(`there is no longer a way in: ${way}`);
    const certain = difference.new === true ? "" : " (not certain)";
    if (isNew(difference)) return said(`there is a new way in: ${way}${certain}`, true);
    return said(
      `a way in is ${difference.new === true ? "now certain" : "no longer certain"}: ${way}`,
      difference.new === true,
    );
  },
};

/** A rule may be open without a route that leads there. */
const reach: Sentence = {
  at: ["reach", "*", "*"],
  kind: "reach",
  say: (difference, [service, place]) => {
    const tasks = `tasks of ${code(service)}`;
    if (isGone(difference)) return said(`${tasks} can no longer reach ${place}`);
    const only =
      difference.new === "unrouted"
        ? ", once a route leads there"
        : String(difference.new).endsWith("?")
          ? " (not certain)"
          : "";
    if (isNew(difference)) return said(`${tasks} can now reach ${place}${only}`, true);
    return difference.new === "unrouted"
      ? said(`no route leads ${tasks} to ${place} any longer`)
      : said(`a route now leads ${tasks} to ${place} (${arrow(difference)})`, true);
  },
};

const right: Sentence = {
  at: ["roles", "*", "rights", "*"],
  kind: "rights",
  say: (difference, [role, what]) =>
    isNew(difference)
      ? said(`role ${code(role)} may now ${what}`, true)
      : said(`role ${code(role)} may no longer ${what}`),
};

/** Of somebody who is no role of the file: a user, a group, a role from elsewhere. */
const personsRight: Sentence = {
  at: ["people", "*", "rights", "*"],
  kind: "rights",
  say: (difference, [who, what]) =>
    isNew(difference) ? said(`${who} may now ${what}`, true) : said(`${who} may no longer ${what}`),
};

const trust: Sentence = {
  at: ["roles", "*", "trust", "*"],
  kind: "rights",
  say: (difference, [role, who], all) => {
    const whole = all("roles", role ?? "", "boundary");
    if (whole && (isNew(whole) || isGone(whole))) return undefined;
    return isNew(difference)
      ? said(`role ${code(role)} may now be taken on by ${who}`, true)
      : said(`role ${code(role)} may no longer be taken on by ${who}`);
  },
};

/** What a thing's own policy says: of two that refuse the same, one that is gone is the loss. */
const policy: Sentence = {
  at: ["policies", "*", "*"],
  kind: "rights",
  say: (difference, [thing, what = ""]) => {
    const refuses = what.startsWith("refuses ");
    return isNew(difference)
      ? said(`the policy of ${code(thing)} now ${what}`, !refuses)
      : said(`the policy of ${code(thing)} no longer ${what}`, refuses);
  },
};

const boundary: Sentence = {
  at: ["roles", "*", "boundary"],
  kind: "rights",
  say: (difference, [role]) => {
    if (isNew(difference)) return said(`role ${code(role)} is new`);
    if (isGone(difference)) return said(`role ${code(role)} is gone`);
    return said(`the boundary of role ${code(role)} changed: ${arrow(difference)}`, true);
  },
};

const control: Sentence = {
  at: ["controls", "*"],
  kind: "protections",
  say: (difference, [id]) => {
    const { old, new: now } = difference;
    // A control of a newer version of the library, or of an older one: nothing has changed in the deployment.
    if (isNew(difference))
      return now === "pass" || now === "not-applicable"
        ? undefined
        : said(`${code(id)} is ${show(now)}, which was not judged before`);
    if (isGone(difference)) return undefined;
    if (old === "pass" && now === "not-applicable")
      return said(`${code(id)} has nothing to judge any longer`);
    if (old === "not-applicable" && now === "pass")
      return said(`${code(id)} holds now, where there was nothing to judge`);
    return said(`${code(id)} ${isWorse(difference) ? "holds no longer" : "is better"}: ${arrow(difference)}`);
  },
};

/** A container beside a server's has its network, and reaches it past the gateway. */
const runs: Sentence = {
  at: ["runs", "*", "*"],
  kind: "reach",
  say: (difference, [family, container]) =>
    isNew(difference)
      ? said(`tasks of ${code(family)} now also run ${code(container)}`, true)
      : said(`tasks of ${code(family)} no longer run ${code(container)}`),
};

/** What somebody else has written, where it reaches into what is ours. */
const beside: Sentence = {
  at: ["beside", "*", "*"],
  kind: "reach",
  say: (difference, [id, address]) => {
    const what = code(address);
    if (isGone(difference)) return said(`${what} no longer reaches into what is ours (${code(id)})`);
    return said(`${what} reaches into what is ours: ${String(difference.new)} (${code(id)})`, true);
  },
};

/** What the deployment does that no block shows. */
const beyond: Sentence = {
  at: ["beyond", "*"],
  kind: "reach",
  say: (difference, [what]) =>
    isNew(difference)
      ? said(`the file does not show all that is deployed: ${String(what)}`, true)
      : said(`no longer beside the file: ${String(what)}`),
};

function isWorse({ old, new: now }: Difference): boolean {
  const order: readonly (string | undefined)[] = RESULTS;
  return order.indexOf(String(now)) < order.indexOf(String(old));
}

const waiver: Sentence = {
  at: ["waivers", "*"],
  kind: "protections",
  say: (difference, [what]) => {
    if (isNew(difference)) return said(`${what} is turned off, ${show(difference.new)}`);
    if (isGone(difference)) return said(`${what} is no longer turned off`);
    return said(`the waiver of ${what} changed: ${arrow(difference)}`);
  },
};

function keeps(at: string, kind: Sentence["kind"], what: (name: string) => string, unit: string): Sentence {
  return {
    at: [at, "*"],
    kind,
    say: (difference, [name = ""]) => {
      if (isNew(difference))
        return said(`${what(name)} is new: ${show(difference.new)}${withUnit(difference.new, unit)}`);
      if (isGone(difference))
        return said(`${what(name)} is gone, it was ${show(difference.old)}${withUnit(difference.old, unit)}`);
      return said(`${what(name)} ${arrow(difference)}${withUnit(difference.new, unit)}`);
    },
  };
}

/** A number has a unit, a text brings its own. */
function withUnit(value: unknown, unit: string): string {
  return typeof value === "number" ? ` ${unit}` : "";
}

/** Sentences about what stands in the file. */
export const PLAN_SENTENCES: readonly Sentence[] = [
  wayIn,
  reach,
  right,
  personsRight,
  trust,
  policy,
  boundary,
  control,
  runs,
  beside,
  beyond,
  waiver,
  keeps("retention", "retention", (name) => `retention of ${code(name)}`, "days"),
  keeps("rotation", "secrets", (name) => `rotation of ${code(name)}`, "days"),
  keeps("alarms", "alarms", (name) => `alarm ${code(name)}`, ""),
  keeps("tls", "protections", (name) => `TLS of ${code(name)}`, ""),
];
