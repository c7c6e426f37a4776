import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { readArguments, oneOf } from "../arguments";
import { CliError, ENDS, type Command, type Io } from "../io";
import { writeOut } from "../write-out";
import { ask, type Answers } from "./ask";
import { drift, readDigests } from "./drift";
import { HttpTransport } from "./http";
import { StdioTransport } from "./stdio";
import { tableOf } from "./table";
import { shown } from "./text";
import type { LearnEra, Transport } from "./transport";
import { digestsOfAll, fileOf } from "./write";

const OPTIONS = {
  check: { type: "string" },
  out: { type: "string" },
  era: { type: "string" },
  header: { type: "string", multiple: true },
  env: { type: "string", multiple: true },
  timeout: { type: "string" },
} as const;
/** What a program needs to start; the rest of our environment is none of its business. */
const PASSED = ["HOME", "LANG", "LOGNAME", "PATH", "SHELL", "TERM", "TMPDIR", "USER"];

/** `hardened-mcp learn`: a server's tools as a table for a configuration, and later what has changed. */
export const learn: Command = {
  usage: "[--out FILE | --check FILE] [--header NAME=VARIABLE]... [--env NAME]... (URL | -- COMMAND...)",
  says: "ask an MCP server for its tools: write them as a table, or say what has changed",
  help: [
    "Asks an MCP server for its tools, over stdio (COMMAND) or HTTP (URL), and writes a typed table for `tools` of a server.",
    "Schemas are narrowed to what the gateway checks; what was lost is said. Calls no tool.",
    "",
    "  --out FILE              write the table there, a summary here (default: the table here)",
    "  --check FILE            compare with a file that was written so, and write nothing",
    "  --header NAME=VARIABLE  send a header whose value is in an environment variable, never in the command line",
    "  --env NAME              let COMMAND see this variable, beside PATH, HOME and the like",
    "  --era ERA               modern or legacy (default: whichever the server speaks)",
    "  --timeout SECONDS       for all of it, 1 to 600 (default: 60)",
    "",
    "Exit codes: 0 written, or nothing changed; 2 the server could not be asked; 3 something changed.",
  ].join("\n"),
  run: async (args, io) => {
    const split = args.indexOf("--");
    const { values, positionals } = readArguments(split === -1 ? args : args.slice(0, split), OPTIONS, 1);
    const command = split === -1 ? [] : args.slice(split + 1);
    const url = positionals[0] === undefined ? undefined : readUrl(positionals[0]);
    if ((url === undefined) === (command.length === 0)) {
      throw new CliError("name the URL of an MCP server, or the command of one behind --");
    }
    if (values.check !== undefined && values.out !== undefined) {
      throw new CliError("--check compares and --out writes: name one of both");
    }
    const before = values.check === undefined ? undefined : readDigests(read(values.check, io), values.check);
    const headers = readHeaders(values.header ?? [], url, io);
    const env = readEnv(values.env ?? [], io);
    const eras = erasOf(values.era, url);
    const answers = await within(readSeconds(values.timeout ?? "60"), url === undefined, (signal) => {
      const connect = (): Transport => {
        // Between two eras: nobody would end the next one.
        signal.throwIfAborted();
        return url === undefined
          ? new StdioTransport({ command, cwd: io.cwd, env, signal })
          : new HttpTransport({ url, headers, signal });
      };
      return ask(connect, eras);
    });
    return before === undefined
      ? write(answers, values.out, io)
      : compare(answers, before, values.check ?? "", io);
  },
};

function write(answers: Answers, out: string | undefined, io: Io): number {
  const learned = tableOf(answers.tools);
  const count = (kind: string) =>
    learned.tools.reduce((sum, { notes }) => sum + notes.filter((each) => each.kind === kind).length, 0);
  const summary =
    `${learned.tools.length} tools, ${learned.refused.length} refused; arguments: ${count("left out")} left out, ` +
    `${count("narrowed")} narrowed, ${count("not checked here")} not wholly checked; all limits are proposals`;
  writeOut(fileOf(answers, learned), out, io, summary);
  for (const { name, why } of learned.refused) io.err(`refused: ${shown(name, 128)} ${why}\n`);
  if (out === undefined) io.err(`${summary}\n`);
  return 0;
}

function compare(answers: Answers, before: ReadonlyMap<string, string>, file: string, io: Io): number {
  const now = new Map(Object.entries(digestsOfAll(answers, tableOf(answers.tools))));
  const changes = drift(before, now);
  io.out(
    changes.length === 0
      ? `${file}: the server's ${answers.tools.length} tools are as they were\n`
      : `${changes.map((change) => `${change}\n`).join("")}${file}: ${changes.length} changed; review each, then learn anew\n`,
  );
  return changes.length === 0 ? 0 : 3;
}

/** Servers over HTTP keep nothing between messages, so the newer era costs them nothing to be asked for. */
function erasOf(era: string | undefined, url: URL | undefined): LearnEra[] {
  if (era !== undefined) return [oneOf(era, ["modern", "legacy"], "era")];
  return url === undefined ? ["legacy", "modern"] : ["modern", "legacy"];
}

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol)) {
    throw new CliError(`${shown(text)} is no URL; the command of a server stands behind --`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new CliError("the URL holds a credential: send it by --header NAME=VARIABLE");
  }
  return url;
}

function readHeaders(given: readonly string[], url: URL | undefined, io: Io): Record<string, string> {
  if (given.length === 0) return {};
  if (url === undefined)
    throw new CliError("--header is for a URL; a command reads its credential from --env NAME");
  const local = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  if (url.protocol !== "https:" && !local) throw new CliError("--header goes over https alone");
  return Object.fromEntries(
    given.map((each) => {
      // What is wrong is not repeated: it may be the value itself.
      const [, name, variable] = /^([A-Za-z0-9-]+)=([A-Za-z_][A-Za-z0-9_]*)$/.exec(each) ?? [];
      if (name === undefined || variable === undefined) {
        throw new CliError(
          "--header is NAME=VARIABLE, as Authorization=MCP_TOKEN; the value stays in the variable",
        );
      }
      const value = io.env[variable];
      if (value === undefined || !/^[\x20-\x7e]+$/.test(value)) {
        throw new CliError(`the variable ${variable} is not set, or holds what no header can`);
      }
      return [name.toLowerCase(), value] as const;
    }),
  );
}

function readEnv(names: readonly string[], io: Io): Record<string, string> {
  const missing = names.find((name) => io.env[name] === undefined);
  if (missing !== undefined) throw new CliError(`the variable ${shown(missing, 64)} of --env is not set`);
  return Object.fromEntries(
    [...PASSED, ...names].flatMap((name) =>
      io.env[name] === undefined ? [] : [[name, io.env[name] as string]],
    ),
  );
}

function readSeconds(text: string): number {
  const seconds = Number(text);
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= 600) return seconds;
  throw new CliError(`--timeout is ${shown(text, 40)}, expected 1 to 600 seconds`);
}

/** Ends the work when its time is over, or when we are told to end: then the server that we have started ends first. */
async function within<T>(
  seconds: number,
  overStdio: boolean,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const hint = overStdio ? " over stdio; if it speaks HTTP, start it yourself and name its URL" : "";
  const late = new CliError(`the server has not answered in ${seconds} s${hint}`);
  const timer = setTimeout(() => controller.abort(late), seconds * 1000);
  const told = (signal: NodeJS.Signals) => controller.abort(new CliError(`ended by ${signal}`));
  for (const signal of ENDS) process.on(signal, told);
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    for (const signal of ENDS) process.off(signal, told);
  }
}

function read(file: string, io: Io): string {
  try {
    return readFileSync(resolve(io.cwd, file), "utf8");
  } catch (error) {
    throw new CliError(`${file} cannot be read: ${(error as Error).message}`);
  }
}
