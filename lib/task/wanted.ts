import type { Fields } from "../audit/read";
import type { Finding } from "../checklist/control";
import { judgeSettings, type Setting } from "../checklist/settings";
import { isExpression, type Block, type Plan } from "../terraform/plan";

/** What tells a right value from a wrong one, in a table of settings. `undefined`: nothing is written. */
type Test = (value: unknown) => boolean;

/** One of these; `undefined` among them: nothing need be written, as AWS's own default is right. */
export function oneOf(...values: readonly unknown[]): Test {
  return (value) => values.includes(value);
}

/** Right, or nothing is written, as AWS's own default is right. */
export function ifWritten(test: Test): Test {
  return (value) => value === undefined || test(value);
}

/** Some text that means one thing: no wildcard. */
export const isGiven: Test = (value) => typeof value === "string" && value !== "" && value !== "*";

/** At least so many texts, each of this form or known at deployment. A list that is known only then is taken to be long enough. */
export function listOf(form: RegExp, least = 1): Test {
  return (value) => {
    if (isExpression(value)) return true;
    const items: readonly unknown[] = Array.isArray(value) ? value : [];
    const right = (item: unknown) => isExpression(item) || (typeof item === "string" && form.test(item));
    return items.length >= least && items.every(right);
  };
}

/** Judges what stands inside a block, a container of a task definition for one, by its settings. */
export function judgeInside(fields: Fields, block: Block, plan: Plan, settings: readonly Setting[]): Finding {
  return judgeSettings({ ...block, body: fields }, plan, settings);
}
