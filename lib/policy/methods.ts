import type { Check, Fields } from "../validation";
import { nearest } from "../validation/nearest";
import { checkAllowed, type ObjectKind } from "./allowed";
import type { Era } from "./config";
import type { MethodPolicy } from "./document";
import type {
  MethodName,
  MethodsConfig,
  MethodConfig,
  ObjectMethodConfig,
  SubscriptionConfig,
} from "./methods-config";
import { number, checkScopes } from "./numbers";
import { methods as alwaysSpoken } from "./protocol";
import { checkResponses } from "./responses";

/** A method that can be opened. */
interface Openable {
  /** The era that knows it. @default both */
  readonly era?: "modern" | "legacy";
  /** What it names. @default nothing */
  readonly names?: ObjectKind;
  /** Whether it carries values that only their length can be judged by. */
  readonly values?: true;
  /** Answered by a stream that goes on until somebody ends it. */
  readonly stream?: true;
}

/** What can be opened, and what the gateway has to know of it. */
export const OPENABLE: Readonly<Record<MethodName, Openable>> = {
  "completion/complete": { names: "prompt or resource", values: true },
  "prompts/get": { names: "prompt", values: true },
  "prompts/list": {},
  "resources/list": {},
  "resources/read": { names: "resource" },
  "resources/subscribe": { names: "resource", era: "legacy" },
  "resources/templates/list": {},
  "resources/unsubscribe": { names: "resource", era: "legacy" },
  "subscriptions/listen": { names: "resource", era: "modern", stream: true },
};

/** Defaults, each with its reason. */
export const METHOD_DEFAULTS = {
  /** Lists, prompts and resources answer at once or not at all. */
  timeoutSeconds: 30,
  /** As long as the gateway keeps any stream. */
  streamSeconds: 3600,
  /** A long sentence. */
  maxValueLength: 1000,
} as const;

const COMMON = {
  callsPerMinute: true,
  callsPerMinutePerClient: true,
  scopes: true,
  timeoutSeconds: true,
  responses: true,
} satisfies Fields<MethodConfig>;
const SUBSCRIPTION = { ...COMMON, allow: true } satisfies Fields<SubscriptionConfig>;
const OBJECT = { ...SUBSCRIPTION, log: true } as const;
const VALUES = { ...OBJECT, maxValueLength: true } satisfies Fields<ObjectMethodConfig>;
const CALLS = { min: 1, max: 100_000, unit: "calls a minute" } as const;
/** As the gateway reads the name of a method. */
const FORM = { pattern: /^[A-Za-z0-9_/.-]+$/, form: "the name of a method, as resources/read", max: 128 };

/** Checks what is opened beside calls of tools. `check` stands at `methods`. */
export function checkMethods(
  config: MethodsConfig | undefined,
  check: Check,
  era: Era,
): Record<string, MethodPolicy> {
  const opened: [string, MethodPolicy][] = [];
  for (const [name, method, at] of check.entries(config as Record<string, ObjectMethodConfig>, FORM)) {
    if (!isOpenable(name)) reportUnknown(name, at);
    else if (isOfEra(OPENABLE[name], era, at) && at.object(method, fieldsOf(OPENABLE[name])))
      opened.push([name, checkMethod(OPENABLE[name], method as ObjectMethodConfig, at)]);
  }
  return Object.fromEntries(opened);
}

/** Whether a method can be opened. */
export function isOpenable(name: string): name is MethodName {
  return Object.hasOwn(OPENABLE, name);
}

/** Whether a method is answered by a stream that says from time to time that it is there. */
export function isStream(name: string): boolean {
  return isOpenable(name) && OPENABLE[name].stream === true;
}

function reportUnknown(name: string, check: Check): void {
  if (alwaysSpoken("both").includes(name)) {
    check.problem("conflict", "is always spoken in its era", "remove it; tools have their own table");
  } else if (name.startsWith("tasks/")) {
    check.notSupportedYet(
      "calls that go on after their answer, which would escape timeouts and limits",
      "remove it",
    );
  } else {
    const near = nearest(name, Object.keys(OPENABLE));
    check.problem(
      "unknown-kind",
      `is a method, expected one of ${Object.keys(OPENABLE).join(", ")}`,
      near ? `did you mean ${near}?` : "remove it",
    );
  }
}

function isOfEra({ era: only }: Openable, era: Era, check: Check): boolean {
  return (
    only === undefined ||
    era === "both" ||
    era === only ||
    check.problem("conflict", `is of the ${only} era, and the server speaks the ${era} one`, "remove it")
  );
}

function fieldsOf({ names, values, stream }: Openable): Readonly<Record<string, true>> {
  if (stream) return SUBSCRIPTION;
  return names === undefined ? COMMON : values ? VALUES : OBJECT;
}

function checkMethod(known: Openable, config: ObjectMethodConfig, check: Check): MethodPolicy {
  const { callsPerMinutePerClient: each, log, stream } = { ...config, ...known };
  const { timeoutSeconds = stream ? METHOD_DEFAULTS.streamSeconds : METHOD_DEFAULTS.timeoutSeconds } = config;
  const { maxValueLength = METHOD_DEFAULTS.maxValueLength } = config;
  if (log !== undefined) check.at("log").boolean(log);
  const at = (field: string) => check.at(field);
  return {
    ...(known.era && { era: known.era }),
    callsPerMinute: number(config.callsPerMinute, at("callsPerMinute"), CALLS),
    ...(each !== undefined && {
      callsPerMinutePerClient: number(each, at("callsPerMinutePerClient"), CALLS),
    }),
    scopes: checkScopes(config.scopes, at("scopes")),
    timeoutSeconds: number(timeoutSeconds, at("timeoutSeconds"), { min: 1, max: 3600, unit: "seconds" }),
    ...(known.names && {
      allow: checkAllowed(config.allow, known.names, at("allow"), stream ? 0 : 1),
    }),
    ...(log === true && { log }),
    ...(known.values && {
      maxValueLength: number(maxValueLength, at("maxValueLength"), {
        ...{ min: 1, max: 65_536, unit: "code points" },
      }),
    }),
    ...checkResponses(config.responses, at("responses")),
  };
}
