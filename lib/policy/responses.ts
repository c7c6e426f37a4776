import type { Check, Fields } from "../validation";
import type { Leak, LeakName, ResponsesConfig } from "./config";
import type { LeakRule, ToolPolicy } from "./document";

/** Largest answer where nothing else is said: text of a long book, or a screenshot. */
export const MAX_RESPONSE_KIB = 1024;

/**
 * What the named leaks look like: each begins with a text that little else begins with, and goes on with at least so many
 * characters of a kind. Looked for by plain search, so that no answer can keep the gateway busy.
 */
const LEAKS: Readonly<Record<LeakName, readonly LeakRule[]>> = {
  "aws-access-key": ["AKIA", "ASIA"].map((startsWith) => rule(startsWith, "alphanumeric", 16)),
  "private-key": ["PRIVATE KEY-----", "PRIVATE KEY BLOCK-----"].map((text) => rule(text, "any", 0)),
  "client-key": [rule("hmk_", "base64url", 43)],
  "github-token": [
    ...["ghp_", "gho_", "ghu_", "ghs_", "ghr_"].map((startsWith) => rule(startsWith, "alphanumeric", 36)),
    rule("github_pat_", "base64url", 22),
  ],
};

const NAMES = Object.keys(LEAKS) as LeakName[];
const FIELDS = { maxKib: true, refuse: true } satisfies Fields<ResponsesConfig>;
const OWN = { name: true, startsWith: true, then: true, atLeast: true } satisfies Fields<
  Exclude<Leak, LeakName>
>;
const NAME = { pattern: /^[a-z][a-z0-9-]*$/, form: "lower-case letters, digits and -", max: 32 } as const;
/** As it stands in JSON: what JSON would escape could not be found. */
const START = {
  pattern: /^[A-Za-z0-9_.:=+-]+$/,
  form: "letters, digits and _ . : = + -, which JSON writes as they are",
  min: 3,
  max: 64,
} as const;

function rule(startsWith: string, then: LeakRule["then"], atLeast: number): LeakRule {
  return { startsWith, then, atLeast };
}

/** Checks what a tool may answer. */
export function checkResponses(
  config: ResponsesConfig | undefined,
  check: Check,
): Pick<ToolPolicy, "maxResponseBytes" | "refuse"> {
  const byDefault = { maxResponseBytes: MAX_RESPONSE_KIB * 1024 };
  if (config === undefined || !check.object(config, FIELDS)) return byDefault;
  const { maxKib = MAX_RESPONSE_KIB } = config;
  const at = check.at("maxKib");
  const fits = at.integer(maxKib, { min: 1, max: MAX_RESPONSE_KIB, unit: "KiB", known: true });
  const refuse: Record<string, readonly LeakRule[]> = {};
  for (const [leak, where] of check.at("refuse").list(config.refuse ?? [], { max: 20 })) {
    const found = checkLeak(leak, where);
    if (found === undefined) continue;
    const [name, rules] = found;
    if (Object.hasOwn(refuse, name)) where.problem("duplicate", `is ${where.show(name)} again`, "remove it");
    refuse[name] = rules;
  }
  return {
    maxResponseBytes: (fits ? maxKib : MAX_RESPONSE_KIB) * 1024,
    ...(Object.keys(refuse).length > 0 && { refuse }),
  };
}

function checkLeak(leak: Leak, check: Check): [string, readonly LeakRule[]] | undefined {
  if (typeof leak === "string") return check.oneOf(leak, NAMES) ? [leak, LEAKS[leak]] : undefined;
  if (!check.object(leak, OWN)) return undefined;
  const { name, startsWith, then, atLeast } = leak;
  const least = check.at("atLeast");
  const fine = [
    check.at("name").literal(name) && check.at("name").text(name, NAME),
    check.at("startsWith").literal(startsWith) && check.at("startsWith").text(startsWith, START),
    check.at("then").oneOf(then, ["hex", "alphanumeric", "base64url"]),
    least.integer(atLeast, { min: 1, max: 256, unit: "characters", known: true }),
  ].every(Boolean);
  if (!fine) return undefined;
  if ((NAMES as readonly string[]).includes(name)) {
    check.at("name").problem("duplicate", `is ${check.show(name)}, a name of ours`, "choose another");
    return undefined;
  }
  return [name, [rule(startsWith, then, atLeast)]];
}
