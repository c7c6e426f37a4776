import type { Change } from "./sentence";

/** What changed in one stack. */
export interface StackChanges {
  readonly stack: string;
  readonly changes: readonly Change[];
}

/** Whether anything may be called, reached or done that could not before. */
export function widens(all: readonly StackChanges[]): boolean {
  return all.some(({ changes }) => changes.some((change) => change.widens));
}

/** For a terminal: one line a change, `+` before what widens reach. */
export function changesAsText(all: readonly StackChanges[]): string {
  const lines = all.flatMap(({ stack, changes }) =>
    changes.map(
      ({ kind, says, widens: wider }) =>
        `${wider ? "+" : " "} ${kind.padEnd(11)}  ${named(all, stack)}${says}`,
    ),
  );
  return `${[...lines, ...(lines.length > 0 ? [""] : []), closing(all)].join("\n")}\n`;
}

/** For a pull request. */
export function changesAsMarkdown(all: readonly StackChanges[]): string {
  const rows = all.flatMap(({ stack, changes }) =>
    changes.map(
      ({ kind, says, widens: wider }) =>
        `| ${wider ? "**wider**" : ""} | ${kind} | ${cell(`${named(all, stack)}${says}`)} |`,
    ),
  );
  const table = rows.length === 0 ? [] : ["", "| | about | what changed |", "| --- | --- | --- |", ...rows];
  return `${["## Security changes", "", closing(all), ...table].join("\n")}\n`;
}

/** For programs. */
export function changesAsJson(all: readonly StackChanges[]): string {
  return `${JSON.stringify({ schema: 1, widens: widens(all), stacks: all }, null, 2)}\n`;
}

/** How changes are written. */
export const CHANGE_FORMATS = {
  text: changesAsText,
  markdown: changesAsMarkdown,
  json: changesAsJson,
} as const;

/** Name of a format of changes. */
export type ChangeFormat = keyof typeof CHANGE_FORMATS;

function named(all: readonly StackChanges[], stack: string): string {
  return all.length > 1 ? `${stack}: ` : "";
}

function cell(text: string): string {
  return text.replace(/</g, "&lt;").replace(/\|/g, "\\|");
}

function closing(all: readonly StackChanges[]): string {
  const changes = all.flatMap((one) => one.changes);
  const wider = changes.filter((change) => change.widens).length;
  if (changes.length === 0) return "nothing changed in security";
  return `${changes.length} change${changes.length === 1 ? "" : "s"}, ${wider === 0 ? "none of which widens reach" : `${wider} of which widen${wider === 1 ? "s" : ""} reach`}`;
}
