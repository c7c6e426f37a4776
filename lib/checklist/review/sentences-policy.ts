import type { Difference } from "./leaves";
import {
  arrow,
  code,
  isGone,
  isHigher,
  isNew,
  said,
  show,
  type Kind,
  type Said,
  type Sentence,
} from "./sentence";

/** One sentence of the policy of a server; `names` begin with the server's. */
function policy(at: readonly string[], kind: Kind, say: Sentence["say"]): Sentence {
  return { at: ["servers", "*", ...at], kind, say };
}

/** A limit: more calls are not a wider reach, but they weigh. */
function limit(what: (names: readonly string[]) => string, unit: string) {
  return (difference: Difference, names: readonly string[]): Said =>
    said(
      `${what(names)} ${difference.new === undefined ? "is gone, it was" : isNew(difference) ? "is new:" : "changed:"} ${
        difference.new === undefined
          ? show(difference.old)
          : isNew(difference)
            ? show(difference.new)
            : arrow(difference)
      } ${unit}`,
    );
}

const server: Sentence = policy(["resource"], "calls", (difference, [name]) => {
  if (isNew(difference)) return said(`server ${code(name)} is new, at ${show(difference.new)}`, true);
  if (isGone(difference)) return said(`server ${code(name)} is gone`);
  return said(`server ${code(name)} moved: ${arrow(difference)}`);
});

const client: Sentence = policy(["clients", "*", "identity", "kind"], "calls", (difference, [on, name]) => {
  if (isGone(difference)) return said(`${code(name)} is no longer a client of ${code(on)}`);
  const proof = difference.new === "apiKey" ? "an API key" : `a ${show(difference.new)}`;
  return isNew(difference)
    ? said(`${code(name)} is a new client of ${code(on)}, known by ${proof}`, true)
    : said(`${code(name)} is now known to ${code(on)} by ${proof} (${arrow(difference)})`, true);
});

const identity: Sentence = policy(
  ["clients", "*", "identity", "*"],
  "calls",
  (difference, [on, name, field], all) => {
    const kind = all("servers", on ?? "", "clients", name ?? "", "identity", "kind");
    if (kind && (isNew(kind) || isGone(kind))) return undefined;
    return said(`${code(name)} is now known to ${code(on)} by another ${field}: ${arrow(difference)}`, true);
  },
);

const call: Sentence = policy(["clients", "*", "tools", "*"], "calls", (difference, [on, name, tool]) =>
  isNew(difference)
    ? said(`${code(name)} may now call ${code(tool)} of ${code(on)}`, true)
    : said(`${code(name)} may no longer call ${code(tool)} of ${code(on)}`),
);

const send: Sentence = policy(["clients", "*", "methods", "*"], "calls", (difference, [on, name, method]) =>
  isNew(difference)
    ? said(`${code(name)} may now call ${code(method)} of ${code(on)}`, true)
    : said(`${code(name)} may no longer call ${code(method)} of ${code(on)}`),
);

const access: Sentence = policy(["tools", "*", "access"], "calls", (difference, [on, tool]) => {
  if (isNew(difference))
    return said(`${code(on)} has a new tool ${code(tool)}, which is ${show(difference.new)}`);
  if (isGone(difference)) return said(`${code(on)} no longer has the tool ${code(tool)}`);
  return said(`${code(tool)} of ${code(on)} is now ${show(difference.new)}, it was ${show(difference.old)}`);
});

/** Of a tool that is wholly new or gone one sentence is enough. */
function ofTool(say: Sentence["say"]): Sentence["say"] {
  return (difference, names, all) => {
    const tool = all("servers", names[0] ?? "", "tools", names[1] ?? "", "access");
    return tool && (isNew(tool) || isGone(tool)) ? undefined : say(difference, names, all);
  };
}

const scope: Sentence = policy(
  ["tools", "*", "scopes", "*"],
  "calls",
  ofTool((difference, [on, tool, name]) =>
    isNew(difference)
      ? said(`${code(tool)} of ${code(on)} now needs the scope ${code(name)}`)
      : said(`${code(tool)} of ${code(on)} no longer needs the scope ${code(name)}`, true),
  ),
);

const windowOf: Sentence = policy(
  ["tools", "*", "window"],
  "calls",
  ofTool((difference, [on, tool]) => {
    if (isGone(difference)) return said(`${code(tool)} of ${code(on)} may now be called at any time`, true);
    return said(
      `${code(tool)} of ${code(on)} may be called in the window ${code(show(difference.new))} only`,
      !isNew(difference),
    );
  }),
);

const interval: Sentence = policy(["windows", "*", "*"], "calls", (difference, [on, name, times]) =>
  isNew(difference)
    ? said(`the window ${code(name)} of ${code(on)} is now also open from ${times}`, true)
    : said(`the window ${code(name)} of ${code(on)} is no longer open from ${times}`),
);

/** Bounds of an argument: an upper one that rises, a lower one that falls, and one that goes let more through. */
function loosens({ path, old, new: now }: Difference): boolean {
  const field = path.at(-1) ?? "";
  if (now === undefined) return !/^(log|type)$/.test(field);
  if (old === undefined) return field === "type";
  if (/^max/.test(field)) return Number(now) > Number(old);
  if (/^min/.test(field)) return Number(now) < Number(old);
  return field === "required" ? now === false : field === "type" || field === "pattern";
}

const argument: Sentence = policy(
  ["tools", "*", "arguments", "*", "**"],
  "calls",
  ofTool((difference, [on, tool, name], all) => {
    const type = all("servers", on ?? "", "tools", tool ?? "", "arguments", name ?? "", "type");
    const field = difference.path.slice(6).join(".");
    if (type && (isNew(type) || isGone(type))) {
      if (field !== "type") return undefined;
      return isNew(type)
        ? said(`${code(tool)} of ${code(on)} takes a new argument ${code(name)}`, true)
        : said(`${code(tool)} of ${code(on)} no longer takes the argument ${code(name)}`);
    }
    return said(
      `argument ${code(name)} of ${code(tool)} of ${code(on)}: ${field} ${arrow(difference)}`,
      loosens(difference),
    );
  }),
);

const opened: Sentence = policy(
  ["openedMethods", "*", "callsPerMinute"],
  "calls",
  (difference, [on, name]) => {
    if (isNew(difference)) return said(`${code(on)} now answers ${code(name)} to clients that name it`);
    if (isGone(difference)) return said(`${code(on)} no longer answers ${code(name)}`);
    return limit(() => `the limit of ${code(name)} of ${code(on)}`, "calls a minute")(difference, []);
  },
);

/** Of a method that is wholly new or gone one sentence is enough. */
function ofMethod(say: Sentence["say"]): Sentence["say"] {
  return (difference, names, all) => {
    const method = all("servers", names[0] ?? "", "openedMethods", names[1] ?? "", "callsPerMinute");
    return method && (isNew(method) || isGone(method)) ? undefined : say(difference, names, all);
  };
}

const named: Sentence = policy(
  ["openedMethods", "*", "allow", "*", "*"],
  "calls",
  // What a new method may name is told of as well: it is what it opens.
  (difference, [on, method, how, name]) => {
    const what = how === "exact" ? code(name) : `what begins with ${code(name)}`;
    return isNew(difference)
      ? said(`${code(method)} of ${code(on)} may now name ${what}`, true)
      : said(`${code(method)} of ${code(on)} may no longer name ${what}`);
  },
);

const methodScope: Sentence = policy(
  ["openedMethods", "*", "scopes", "*"],
  "calls",
  ofMethod((difference, [on, method, name]) =>
    isNew(difference)
      ? said(`${code(method)} of ${code(on)} now needs the scope ${code(name)}`)
      : said(`${code(method)} of ${code(on)} no longer needs the scope ${code(name)}`, true),
  ),
);

const ofOpened: Sentence = policy(
  ["openedMethods", "*", "**"],
  "limits",
  ofMethod((difference, [on, method]) =>
    said(
      `${difference.path.slice(4).join(".")} of ${code(method)} of ${code(on)} changed: ${shortened(difference)}`,
      isHigher(difference),
    ),
  ),
);

/** Of a server that is wholly new or gone one sentence is enough. */
function ofServer(say: Sentence["say"]): Sentence["say"] {
  return (difference, names, all) => {
    const whole = all("servers", names[0] ?? "", "resource");
    return whole && (isNew(whole) || isGone(whole)) ? undefined : say(difference, names, all);
  };
}

const origin: Sentence = policy(["allowedOrigins", "*"], "calls", (difference, [on, name]) =>
  isNew(difference)
    ? said(`pages of ${name} may now call ${code(on)} from a browser`, true)
    : said(`pages of ${name} may no longer call ${code(on)} from a browser`),
);

const method: Sentence = policy(
  ["methods", "*"],
  "calls",
  ofServer((difference, [on, name]) =>
    isNew(difference)
      ? said(`messages ${code(name)} now reach ${code(on)}`, true)
      : said(`messages ${code(name)} no longer reach ${code(on)}`),
  ),
);

const sessions: Sentence = policy(
  ["sessions"],
  "calls",
  ofServer((difference, [on]) =>
    isGone(difference)
      ? said(`${code(on)} no longer keeps sessions, and messages other than POST are refused`)
      : said(`${code(on)} now keeps sessions in its one task, and takes GET and DELETE in them`, true),
  ),
);

const lifetime: Sentence = policy(["issuers", "*", "maxLifetimeSeconds"], "limits", (difference, [on]) =>
  said(`tokens for ${code(on)} may live ${arrow(difference, "seconds")}`),
);

const issuer: Sentence = policy(["issuers", "*", "**"], "calls", (difference, [on], all) => {
  const field = difference.path.slice(4).join(".");
  const whole = all("servers", on ?? "", "issuers", difference.path[3] ?? "", "issuer");
  if (field === "issuer" && isNew(difference))
    return said(`${code(on)} now trusts tokens of ${show(difference.new)}`, true);
  if (field === "issuer" && isGone(difference))
    return said(`${code(on)} no longer trusts tokens of ${show(difference.old)}`);
  if (whole && (isNew(whole) || isGone(whole))) return undefined;
  return said(`${code(on)} judges tokens otherwise: ${field} ${shortened(difference)}`, true);
});

function shortened(difference: Difference): string {
  const text = arrow(difference);
  return text.length > 120 ? "changed" : text;
}

/** Sentences about who may call what, and how much. Of several that fit, the first one speaks. */
export const POLICY_SENTENCES: readonly Sentence[] = [
  server,
  client,
  identity,
  call,
  send,
  opened,
  named,
  methodScope,
  ofOpened,
  access,
  scope,
  windowOf,
  interval,
  argument,
  origin,
  method,
  sessions,
  lifetime,
  issuer,
  policy(["clients", "*", "callsPerMinute"], "limits", (difference, names, all) => {
    const kind = all("servers", names[0] ?? "", "clients", names[1] ?? "", "identity", "kind");
    if (kind && (isNew(kind) || isGone(kind))) return undefined;
    return limit(([on, name]) => `the limit of ${code(name)} at ${code(on)}`, "messages a minute")(
      difference,
      names,
    );
  }),
  policy(
    ["tools", "*", "callsPerMinute"],
    "limits",
    ofTool(limit(([on, tool]) => `the limit of ${code(tool)} of ${code(on)}`, "calls a minute")),
  ),
  policy(
    ["tools", "*", "callsPerMinutePerClient"],
    "limits",
    ofTool(
      limit(([on, tool]) => `the limit of each client for ${code(tool)} of ${code(on)}`, "calls a minute"),
    ),
  ),
  policy(
    ["tools", "*", "callsAtOncePerTask"],
    "limits",
    ofTool(limit(([on, tool]) => `the limit of ${code(tool)} of ${code(on)} on one task`, "calls at once")),
  ),
  policy(["clients", "*", "callsAtOncePerTask"], "limits", (difference, names, all) => {
    const kind = all("servers", names[0] ?? "", "clients", names[1] ?? "", "identity", "kind");
    if (kind && (isNew(kind) || isGone(kind))) return undefined;
    return limit(([on, name]) => `the limit of ${code(name)} on one task of ${code(on)}`, "messages at once")(
      difference,
      names,
    );
  }),
  policy(
    ["limits", "callsPerMinutePerAddress"],
    "limits",
    limit(([on]) => `the limit of one address at ${code(on)}`, "requests a minute"),
  ),
  policy(["limits", "scope"], "limits", (difference, [on], all) => {
    const whole = all("servers", on ?? "", "resource");
    if (whole && (isNew(whole) || isGone(whole))) return undefined;
    return said(`limits of ${code(on)} hold over its tasks otherwise: ${arrow(difference)}`);
  }),
  policy(["limits", "onFailure"], "limits", (difference, [on]) =>
    said(
      `without the store of its limits, ${code(on)} ${isGone(difference) || difference.new === "closed" ? "refuses calls" : "lets calls through"}`,
      !isGone(difference) && difference.new === "open",
    ),
  ),
  policy(
    ["tools", "*", "timeoutSeconds"],
    "timeouts",
    ofTool(limit(([on, tool]) => `the timeout of ${code(tool)} of ${code(on)}`, "seconds")),
  ),
  policy(
    ["messageTimeoutSeconds"],
    "timeouts",
    limit(([on]) => `the timeout of other messages to ${code(on)}`, "seconds"),
  ),
  policy(
    ["maxBodyBytes"],
    "limits",
    limit(([on]) => `the longest message to ${code(on)}`, "bytes"),
  ),
  policy(["version"], "other", (difference, [on], all) => {
    const whole = all("servers", on ?? "", "resource");
    if (whole && (isNew(whole) || isGone(whole))) return undefined;
    return said(`the policy of ${code(on)} is now of version ${show(difference.new)}, see its schema`);
  }),
  // Every scope stands at a tool, where it is said.
  policy(["scopes", "*"], "calls", () => undefined),
  policy(["**"], "other", (difference, [on], all) => {
    const whole = all("servers", on ?? "", "resource");
    if (whole && (isNew(whole) || isGone(whole))) return undefined;
    const field = difference.path.slice(2).join(".");
    return said(`${field} of ${code(on)} changed: ${shortened(difference)}`, isHigher(difference));
  }),
];
