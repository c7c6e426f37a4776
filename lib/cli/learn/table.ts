import { checkArguments } from "../../policy/arguments";
import type { ArgumentConfig, ToolAccess } from "../../policy/config";
import { TOOL_NAME } from "../../policy/tools";
import { Check } from "../../validation";
import { formatProblem } from "../../validation/problem";
import type { Definition } from "./ask";
import { digestsOf, type Digests } from "./digest";
import { isObject } from "./message";
import { narrow } from "./narrow";
import { Inexpressible, TooLarge, type Note } from "./notes";
import { shown } from "./text";

/** A tool as it can stand in a configuration. */
export interface LearnedTool {
  readonly name: string;
  readonly access: ToolAccess;
  /** Why the access is what it is. */
  readonly because: string;
  readonly says: string | undefined;
  readonly arguments: Readonly<Record<string, ArgumentConfig>>;
  readonly notes: readonly Note[];
}

/** What was made of a server's list. */
export interface Learned {
  readonly tools: readonly LearnedTool[];
  /** Tools that cannot stand in a configuration; their names may be anything. */
  readonly refused: readonly { readonly name: string; readonly why: string }[];
  /** Of every tool whose name is one. */
  readonly digests: Readonly<Record<string, Digests>>;
}

/** Numbers that a server does not tell, by what its tool does. */
export const PROPOSALS: Readonly<Record<ToolAccess, { callsPerMinute: number; timeoutSeconds: number }>> = {
  read: { callsPerMinute: 120, timeoutSeconds: 30 },
  write: { callsPerMinute: 30, timeoutSeconds: 30 },
  destructive: { callsPerMinute: 5, timeoutSeconds: 30 },
};

/** Whether a tool may be called so in a configuration. */
export function isToolName(name: string): boolean {
  // In an object that is written down, `__proto__` is no property.
  return TOOL_NAME.pattern.test(name) && name.length <= TOOL_NAME.max && name !== "__proto__";
}

/** Makes a table of the tools that can stand in one. Pure. */
export function tableOf(definitions: readonly Definition[]): Learned {
  const sorted = [...definitions].sort((a, b) => (a.name < b.name ? -1 : 1));
  const tools: LearnedTool[] = [];
  const refused: { name: string; why: string }[] = [];
  for (const definition of sorted) {
    const learned = learnedTool(definition);
    if ("why" in learned) refused.push(learned);
    else tools.push(learned);
  }
  const named = sorted.filter(({ name }) => isToolName(name));
  return { tools, refused, digests: Object.fromEntries(named.map((tool) => [tool.name, digestsOf(tool)])) };
}

function learnedTool(definition: Definition): LearnedTool | { name: string; why: string } {
  const { name, description, inputSchema } = definition;
  if (!isToolName(name)) return { name, why: `has a name that is not ${TOOL_NAME.form}` };
  const notes: Note[] = [];
  try {
    const declared = narrow(inputSchema, notes);
    // The judge of what people write judges what servers say, too.
    const check = Check.start((value) => typeof value === "string" && value.includes("${TfToken["));
    checkArguments(declared, check.at("arguments"));
    const [problem] = check.problems;
    if (problem !== undefined) return { name, why: shown(formatProblem(problem), 300) };
    const says = typeof description === "string" ? description : undefined;
    return { name, ...accessOf(definition), says, arguments: declared, notes };
  } catch (error) {
    if (error instanceof Inexpressible || error instanceof TooLarge) return { name, why: error.message };
    throw error;
  }
}

/** A hint proves nothing: who wrote the server wrote it. What says nothing is taken for the worst, as the protocol does. */
function accessOf({ annotations }: Definition): { access: ToolAccess; because: string } {
  const hints = isObject(annotations) ? annotations : {};
  if (hints.readOnlyHint === true)
    return { access: "read", because: "the server's own hint readOnlyHint, no proof" };
  if (hints.destructiveHint === false) {
    return { access: "write", because: "the server's own hint destructiveHint: false, no proof" };
  }
  return {
    access: "destructive",
    because:
      hints.destructiveHint === true ? "the server's own hint destructiveHint" : "the server gives no hint",
  };
}
