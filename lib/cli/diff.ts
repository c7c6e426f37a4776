import { CONTROLS } from "../checklist/controls";
import type { Source } from "../checklist/report";
import { diff as compare, NOTHING_YET } from "../checklist/review/diff";
import { summarise } from "../checklist/review/summary";
import { CHANGE_FORMATS, widens, type ChangeFormat, type StackChanges } from "../checklist/review/text";
import { oneOf, readArguments } from "./arguments";
import { CliError, type Command } from "./io";
import { judging, readSources } from "./stacks";
import { writeOut } from "./write-out";

/** `hardened-mcp diff`: what changed in security between two written states. */
export const diff: Command = {
  usage: "OLD NEW [--format FORMAT] [--out FILE]",
  says: "say in sentences what changed in security",
  help: [
    "Compares two stacks, or two folders of stacks: who may call what, what can be reached, what roles may do,",
    "which protections hold, what is kept how long. Images and sizes are left out.",
    "",
    "  OLD, NEW         a stack's folder, a folder of stacks, cdk.tf.json, or a plan from `terraform show -json`",
    `  --format FORMAT  ${Object.keys(CHANGE_FORMATS).join(", ")} (default: text)`,
    "  --out FILE       write it there",
    "",
    "Exit codes: 0 reach did not widen; 3 somebody may call more, something can be reached that could not, or a role",
    "may do more; 2 could not judge.",
  ].join("\n"),
  run: (args, io) => {
    const options = { format: { type: "string" }, out: { type: "string" } } as const;
    const { values, positionals } = readArguments(args, options, 2);
    const [old, now] = positionals;
    if (old === undefined || now === undefined)
      throw new CliError("name two places: hardened-mcp diff OLD NEW");
    const format = oneOf(values.format ?? "text", Object.keys(CHANGE_FORMATS) as ChangeFormat[], "format");
    const [before, after] = [readSources(old, io), readSources(now, io)];
    const all = judging([...before, ...after], () => changesBetween(before, after));
    writeOut(CHANGE_FORMATS[format](all), values.out, io);
    return widens(all) ? 3 : 0;
  },
};

/** Stacks are told apart by their names; where there is one on each side, it is the same one. */
function changesBetween(old: readonly Source[], now: readonly Source[]): StackChanges[] {
  const [before, after] = [old[0], now[0]];
  if (before && after && old.length === 1 && now.length === 1)
    return [stackChanges(after.stack, before, after)];
  const names = [...new Set([...old, ...now].map(({ stack }) => stack))];
  const find = (sources: readonly Source[], name: string) => sources.find(({ stack }) => stack === name);
  return names.map((name) => stackChanges(name, find(old, name), find(now, name)));
}

function stackChanges(stack: string, old: Source | undefined, now: Source | undefined): StackChanges {
  const summaryOf = (source: Source | undefined) => (source ? summarise(source.plan, CONTROLS) : NOTHING_YET);
  return { stack, changes: compare(summaryOf(old), summaryOf(now)) };
}
