import { blockAt, texts } from "../audit/read";
import { isExpression, type Block, type Plan } from "../terraform/plan";
import { fails, HOLDS, unknown, type Control, type Finding } from "./control";
import { ofOurs } from "./engine";

/** One field that a block of ours has to set, and what goes wrong without it. */
export interface Setting {
  /** Steps down to it, through the first of several blocks: `health_check.path`. */
  readonly field: string;
  /** The value, or what tells a right one. A value that is known only at deployment is asked only by `refers`. */
  readonly is: string | number | boolean | ((value: unknown, block: Block, plan: Plan) => boolean);
  /** Whether the value is a reference to something else in the file, so that it is judged although it is an expression. @default false */
  readonly refers?: true;
  /** What goes wrong, as a sentence without its end. */
  readonly or: string;
}

/** What is judged by a table: the types, and for each the settings in the order in which they are looked at. */
export type SettingsOf = Readonly<Record<string, readonly Setting[]>>;

/**
 * A control out of a table of settings, asked of blocks of ours alone: the first setting that is wrong is the finding.
 * What a table does not name may be anything.
 */
export function settingsControl(control: Omit<Control, "on" | "judge">, table: SettingsOf): Control {
  return ofOurs({
    ...control,
    on: Object.keys(table),
    judge: (block, plan) => judgeSettings(block, plan, table[block.type] ?? []),
  });
}

/** Judges one block by its settings. */
export function judgeSettings(block: Block, plan: Plan, settings: readonly Setting[]): Finding {
  let doubt: Finding | undefined;
  for (const { field, is, refers, or } of settings) {
    const value = valueAt(block.body, field);
    if (isExpression(value) && refers !== true) {
      doubt ??= unknown(`${field} is known only at deployment`);
      continue;
    }
    const right = typeof is === "function" ? is(value, block, plan) : value === is;
    if (!right) return fails(`${field} is ${shown(value)}: ${or}`);
  }
  return doubt ?? HOLDS;
}

function valueAt(body: Block["body"], field: string): unknown {
  const steps = field.split(".");
  const last = steps.pop() ?? "";
  return blockAt(body, ...steps)[last];
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return "not set";
  return typeof value === "object" ? "not as it should be" : String(value);
}

/** Whether a value names something else: a reference, an id or an ARN. */
export function names(value: unknown): boolean {
  return isExpression(value) || (typeof value === "string" && /^(arn:|[a-z]+-[0-9a-f]{8,}$)/.test(value));
}

/** Whether a list names several things, or is one that is known only at deployment. */
export function namesAtLeast(least: number): (value: unknown) => boolean {
  return (value) =>
    isExpression(value) || (Array.isArray(value) && value.length >= least && value.every(names));
}

/** Whether a value is a number within bounds, both included. */
export function within(min: number, max: number): (value: unknown) => boolean {
  return (value) => value !== undefined && value !== null && Number(value) >= min && Number(value) <= max;
}

/** Whether `depends_on` names a resource of every one of these types that is in the file. */
export function waitsFor(...types: readonly string[]): (value: unknown, block: Block, plan: Plan) => boolean {
  return (value, _block, plan) =>
    types.every((type) =>
      plan.blocks(type).some(({ name }) => texts(value).some((entry) => entry === `${type}.${name}`)),
    );
}
