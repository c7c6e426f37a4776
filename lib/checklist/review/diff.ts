import { differences, type Difference, type Tree } from "./leaves";
import { withMoves } from "./moved";
import { KINDS, match, type Change, type Lookup, type Sentence } from "./sentence";
import { PLAN_SENTENCES } from "./sentences-plan";
import { POLICY_SENTENCES } from "./sentences-policy";
import { SURROUNDINGS_SENTENCES } from "./sentences-surroundings";
import type { SecuritySummary } from "./summary";
import { LATER } from "./surroundings";

const SENTENCES: readonly Sentence[] = [...POLICY_SENTENCES, ...PLAN_SENTENCES, ...SURROUNDINGS_SENTENCES];

/** A stack in which nothing is. */
export const NOTHING_YET: SecuritySummary = {
  servers: {},
  ways: {},
  reach: {},
  roles: {},
  policies: {},
  controls: {},
  waivers: {},
  retention: {},
  rotation: {},
  alarms: {},
  tls: {},
  declared: {},
  used: {},
  heard: {},
};

/**
 * What changed in security between two summaries, in sentences, what weighs most first: what widens reach before what
 * does not, then by kind. A difference that no sentence is made for is said as it is: nothing is passed over.
 */
export function diff(old: SecuritySummary, now: SecuritySummary): Change[] {
  const { servers, changes } = withMoves(old.servers, now.servers);
  const unsigned: readonly string[] = LATER.filter((section) => (old as Tree)[section] === undefined);
  const comparable = Object.entries(now as Tree).filter(([section]) => !unsigned.includes(section));
  const found = differences({ ...old, servers } as Tree, Object.fromEntries(comparable));
  const byPath = new Map(found.map((difference) => [difference.path.join("\n"), difference]));
  const lookup: Lookup = (...path) => byPath.get(path.join("\n"));
  return [...changes, ...found.flatMap((difference) => say(difference, lookup))].sort(
    (a, b) =>
      Number(b.widens) - Number(a.widens) ||
      KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) ||
      (a.says < b.says ? -1 : 1),
  );
}

function say(difference: Difference, lookup: Lookup): Change[] {
  for (const { at, kind, say: speak } of SENTENCES) {
    const names = match(at, difference.path);
    if (names === undefined) continue;
    const said = speak(difference, names, lookup);
    return said === undefined ? [] : [{ kind, ...said }];
  }
  const says = `${difference.path.join(" / ")}: ${String(difference.old)} → ${String(difference.new)}`;
  return [{ kind: "other", widens: false, says }];
}
