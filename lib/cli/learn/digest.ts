import { createHash } from "node:crypto";
import type { Definition } from "./ask";
import { isObject } from "./message";

/** Digests of the parts of a definition. What is in none of the first three is in `rest`, so nothing changes unseen. */
export interface Digests {
  /** Everything that a model reads: name, title and descriptions, those in schemas too. */
  readonly text: string;
  /** What may be sent. */
  readonly schema: string;
  /** What the server says that the tool does to the world. */
  readonly hints: string;
  /** The whole definition. */
  readonly all: string;
}

/** Words for people and models. */
const WORDS = ["title", "description", "examples", "$comment"];

/** The digests of a tool's definition. */
export function digestsOf(tool: Definition): Digests {
  const { name, title, description, inputSchema, outputSchema, annotations } = tool;
  const words = { name, title, description, input: wordsOf(inputSchema), output: wordsOf(outputSchema) };
  return {
    text: digest({ ...words, hint: isObject(annotations) ? annotations.title : undefined }),
    schema: digest(wordless(inputSchema)),
    hints: digest(isObject(annotations) ? { ...annotations, title: undefined } : annotations),
    all: digest(tool),
  };
}

/** SHA-256 of data as JSON with sorted names. */
export function digest(value: unknown): string {
  return createHash("sha256").update(canonical(value)).digest("hex");
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(",")}}`;
}

/** The words of a schema alone, each with the way to it. */
function wordsOf(schema: unknown, way = ""): [string, unknown][] {
  if (typeof schema !== "object" || schema === null) return [];
  const inner = Object.entries(schema).sort(([a], [b]) => (a < b ? -1 : 1));
  return inner.flatMap(([key, item]): [string, unknown][] =>
    isWord(key, item) ? [[`${way}/${key}`, item]] : wordsOf(item, `${way}/${key}`),
  );
}

/** A schema less its words. */
function wordless(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(wordless);
  if (!isObject(schema)) return schema;
  const rest = Object.entries(schema).filter(([key, item]) => !isWord(key, item));
  return Object.fromEntries(rest.map(([key, item]) => [key, wordless(item)]));
}

/** A property may be called `title`: then it is a schema, and no word. */
function isWord(key: string, item: unknown): boolean {
  return WORDS.includes(key) && !isObject(item);
}
