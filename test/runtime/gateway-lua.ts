import { join } from "node:path";
import { GATEWAY } from "../../lib/gateway";
import { LOADER_PARTS, PARTS } from "../../lib/gateway/envoy/program";
import { luajit, part } from "./luajit";

const DRIVER = join(__dirname, "mock-envoy.lua");

/** One request as the Lua filters see it, or one text for the reader. */
export interface Sent {
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

/** What the program made of a request. `status` 200 is a request that goes on, with the headers it goes on with. */
export interface Said {
  readonly status: string;
  readonly reason: string | null;
  readonly detail: string | null;
  readonly tool: string | null;
  readonly client: string | null;
  /** The hash by which the record names the credential. */
  readonly credential: string | null;
  /** A mistake in the program that was caught. */
  readonly logged: string | null;
  readonly body: string;
  readonly challenge: string | null;
  readonly forwarded: readonly string[];
}

/** A line that has code, and whether it ran. */
export interface CoveredLine {
  readonly file: string;
  readonly line: number;
  readonly ran: boolean;
}

/** The program with its comments and lines. Runs as what is deployed does. */
export function source(parts: readonly string[] = PARTS): string {
  return parts.map((name) => part(name)).join("\n");
}

/**
 * Runs the program over many requests in one LuaJIT, both stages, outside of Envoy.
 * @param environment the variables of the gateway's container
 * @throws Error where the program does not start
 */
export async function runProgram(
  environment: Readonly<Record<string, string>>,
  requests: readonly Sent[],
): Promise<Said[]> {
  const { answers } = await run("program", environment, requests);
  return answers.map((answer) => JSON.parse(answer) as Said);
}

/** The same with its readable source; which lines ran. */
export async function coverProgram(
  environment: Readonly<Record<string, string>>,
  requests: readonly Sent[],
): Promise<CoveredLine[]> {
  const readable = { [GATEWAY.env.program]: source(), [GATEWAY.env.loader]: source(LOADER_PARTS) };
  const { places } = await run("program", { ...environment, ...readable, MOCK_COVER: "1" }, requests);
  const of = (chunk: string, parts: readonly string[]) => {
    const lines = parts.flatMap((name) =>
      // The parts are joined with a line feed, and each ends with one.
      part(name)
        .split("\n")
        .map((_text, index) => ({ file: `${name}.lua`, line: index + 1 })),
    );
    return places
      .filter(([name]) => name === chunk)
      .flatMap(([, line, ran]) => {
        const place = lines[line - 1];
        return place === undefined ? [] : [{ ...place, ran }];
      });
  };
  return [...of("=loader", LOADER_PARTS), ...of("=gateway", PARTS)];
}

/** Runs only the reader, `json.lua`, at most 8 levels and 60 values. Each answer is `=` and JSON, or `!` and why not. */
export async function runReader(
  texts: readonly Buffer[],
  change: (source: string) => string = (source) => source,
): Promise<string[]> {
  const { answers } = await run(
    "json",
    { MOCK_SUBJECT: change(part("json")) },
    texts.map((body) => ({ body })),
  );
  return answers;
}

async function run(
  mode: string,
  environment: Readonly<Record<string, string>>,
  cases: readonly Sent[],
): Promise<{ answers: string[]; places: [chunk: string, line: number, ran: boolean][] }> {
  const input = cases.flatMap(({ headers = [], body }) => {
    const head = Buffer.from(headers.map(([name, value]) => `${name}\t${value}\n`).join(""), "latin1");
    return [Buffer.from(`${head.length} ${body.length}\n`), head, body];
  });
  const env = { ...environment, MOCK_READER: part("json") };
  const out = (await luajit([DRIVER, mode], Buffer.concat(input), env)).split("\n").slice(0, -1);
  const answers = out.filter((line) => !line.startsWith("#"));
  if (answers.length !== cases.length) throw new Error(`${answers.length} answers to ${cases.length} cases`);
  const places = out.flatMap((line): [string, number, boolean][] => {
    const [, chunk, at, ran] = /^#(=\w+):(\d+) (\w+)$/.exec(line) ?? [];
    return chunk === undefined ? [] : [[chunk, Number(at), ran === "ran"]];
  });
  return { answers, places };
}
