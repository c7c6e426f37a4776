import { readPattern } from "../policy/pattern";
import type { TagRule } from "./config";

/** What is wrong with the value of a tag, as the end of a sentence; nothing where it is as its rule asks for. */
export function wrongValue(rule: TagRule, value: string): string | undefined {
  const shown = value === "" ? "is empty" : `is ${JSON.stringify(value)}`;
  if (rule === "any") return value === "" ? "is empty, expected some text" : undefined;
  if ("oneOf" in rule)
    return rule.oneOf.includes(value) ? undefined : `${shown}, expected one of ${rule.oneOf.join(", ")}`;
  if ("refused" in readPattern(rule.pattern)) return "cannot be compared with a pattern that is not one";
  return new RegExp(`^(?:${rule.pattern})$`, "u").test(value)
    ? undefined
    : `${shown}, expected ${rule.pattern}`;
}
