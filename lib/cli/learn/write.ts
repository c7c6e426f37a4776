import type { Answers } from "./ask";
import { digest, type Digests } from "./digest";
import { PROPOSALS, isToolName, type Learned, type LearnedTool } from "./table";
import { literal, shown } from "./text";

/** Marks of what is no tool. They are no names of tools. */
export const OTHERS = { instructions: "(instructions)", unnamed: "(tools without a usable name)" } as const;

/** The file: a table of tools for `tools` of a server, and the digests that `learn --check` compares. Pure, ASCII. */
export function fileOf(answers: Answers, learned: Learned): string {
  return [
    "// Written by `hardened-mcp learn` from what the server says of itself. Read it as such: only you know what a tool does.",
    "// `proposal` marks numbers that the server does not tell. Formats and lengths are the gateway's own, see docs/learn.md.",
    `import type { ToolConfig } from "hardened-mcp";`,
    "",
    "export const tools = {",
    ...learned.tools.flatMap(tool),
    ...learned.refused.map(({ name, why }) => `  // refused: ${shown(name, 128)} ${why}`),
    "} satisfies Readonly<Record<string, ToolConfig>>;",
    "",
    "/** SHA-256 of each definition and its parts, for `hardened-mcp learn --check`. Not to be edited. */",
    "export const digests = {",
    ...Object.entries(digestsOfAll(answers, learned)).map(
      ([name, value]) => `  ${literal(name)}: ${literal(value)},`,
    ),
    "};",
    "",
  ].join("\n");
}

function tool({ name, access, because, says, arguments: declared, notes }: LearnedTool): string[] {
  const { callsPerMinute, timeoutSeconds } = PROPOSALS[access];
  const any = Object.keys(declared).length > 0;
  return [
    ...(says === undefined ? [] : [`  // says: ${shown(says)}`]),
    `  ${literal(name)}: {`,
    `    access: ${literal(access)}, // ${because}`,
    `    callsPerMinute: ${callsPerMinute}, // proposal`,
    `    timeoutSeconds: ${timeoutSeconds}, // proposal`,
    ...notes.map(
      ({ kind, path, says: what }) => `    // ${kind}: ${path === "" ? "" : `${shown(path, 120)}: `}${what}`,
    ),
    ...(any ? [`    arguments: ${indented(declared)},`] : []),
    "  },",
  ];
}

function indented(value: unknown): string {
  // Line ends of the layout are the only ones: those in texts are escaped already.
  return JSON.stringify(value, null, 2)
    .split("\n")
    .map((line) =>
      line.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
    )
    .join("\n    ");
}

/** Everything whose change should be seen, by name; tools in four parts. */
export function digestsOfAll(answers: Answers, learned: Learned): Record<string, string> {
  const unnamed = answers.tools.filter(({ name }) => !isToolName(name));
  return Object.fromEntries([
    ...Object.entries(learned.digests).map(([name, digests]) => [name, line(digests)]),
    ...(answers.instructions === undefined
      ? []
      : [[OTHERS.instructions, `all=${digest(answers.instructions)}`]]),
    ...(unnamed.length === 0 ? [] : [[OTHERS.unnamed, `all=${digest(unnamed)}`]]),
  ] as [string, string][]);
}

function line({ all, text, schema, hints }: Digests): string {
  return `all=${all} text=${text} schema=${schema} hints=${hints}`;
}
