import type { Check } from "../validation";
import type { AllowedPolicy } from "./document";
import type { AllowedObject } from "./methods-config";

/** What a method names. */
export type ObjectKind = "prompt" | "resource" | "prompt or resource";

/** Safe in a header, so that an encoded `Mcp-Name` is never needed. */
const PROMPT = {
  pattern: /^[A-Za-z0-9_.-][A-Za-z0-9_./-]*$/,
  form: "a prompt's name of letters, digits and _ . / -",
  max: 128,
} as const;
/** Printable ASCII alone, as RFC 3986 has it; a template of resources has braces besides. */
const URI = {
  pattern: /^[a-z][a-z0-9+.-]*:[!-~]+$/,
  form: "a URI with its scheme in lower case, as file:///srv/docs/a.md",
  max: 512,
} as const;
/** The same less what a server could decode or climb by; something must stand behind the scheme. */
const URI_START = {
  pattern: /^[a-z][a-z0-9+.-]*:(?!\/*$)(?:\/\/[A-Za-z0-9_.~:@+,=-]*)?[A-Za-z0-9_.~@+,=/-]*\/$/,
  form: "a URI's beginning that names more than a scheme, ends with / and has neither % nor ?",
  max: 512,
} as const;
const PROMPT_START = {
  pattern: /^[A-Za-z0-9_.-][A-Za-z0-9_./-]*(?<=[_./-])$/,
  form: "a name's beginning that ends with / . _ or -",
  max: 128,
} as const;

/** Checks what may be named. `check` stands at the list. */
export function checkAllowed(
  allow: readonly AllowedObject[] | undefined,
  kind: ObjectKind,
  check: Check,
  min: 0 | 1,
): AllowedPolicy {
  const exact = new Set<string>();
  const startsWith = new Set<string>();
  const fix = "name what may be asked for, to the letter or by { startsWith }";
  for (const [one, at] of check.list(allow ?? (min === 0 ? [] : undefined), { min, max: 100, fix })) {
    if (typeof one === "object" && one !== null) {
      if (!at.object(one, { startsWith: true })) continue;
      add(
        startsWith,
        one.startsWith,
        at.at("startsWith"),
        ruleOf(one.startsWith, kind, URI_START, PROMPT_START),
      );
    } else add(exact, one, at, ruleOf(one, kind, URI, PROMPT));
  }
  return { exact: [...exact].sort(), startsWith: [...startsWith].sort() };
}

type Rule = { readonly pattern: RegExp; readonly form: string; readonly max: number };

/** Where both can stand, a colon tells them apart: no name of a prompt has one. */
function ruleOf(text: unknown, kind: ObjectKind, uri: Rule, prompt: Rule): Rule {
  if (kind !== "prompt or resource") return kind === "resource" ? uri : prompt;
  return typeof text === "string" && !text.includes(":") ? prompt : uri;
}

function add(to: Set<string>, text: string, check: Check, rule: Rule): void {
  if (!check.literal(text) || !check.text(text, rule)) return;
  if (to.has(text)) check.problem("duplicate", `is ${check.show(text)} again`, "remove it");
  else if (rule !== URI && rule !== PROMPT && /(^|\/)\.+(\/|$)/.test(text))
    check.problem("wrong-form", `is ${check.show(text)}, with a segment of dots`, "write where it leads to");
  else to.add(text);
}
