#!/usr/bin/env node
import { nearest } from "../validation/nearest";
import { VERSION } from "../terraform/version";
import { check } from "./check";
import { deployer } from "./deployer";
import { diff } from "./diff";
import { CliError, type Command, type Io } from "./io";
import { learn } from "./learn/command";
import { policy } from "./policy";
import { review } from "./review";
import { up } from "./up/command";

const COMMANDS: Readonly<Record<string, Command>> = { check, deployer, diff, learn, policy, review, up };

/** Runs a command line without the program's name. Gives the exit code; never throws. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = args;
  try {
    if (name === undefined) throw new CliError("name a command; see hardened-mcp --help");
    if (name === "--help" || name === "-h" || name === "help") return say(io, overview());
    if (name === "--version" || name === "-v") return say(io, VERSION);
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (command === undefined) throw new CliError(unknownCommand(name));
    if (asksForHelp(rest)) return say(io, `hardened-mcp ${name} ${command.usage}\n\n${command.help}`);
    return await command.run(rest, io);
  } catch (error) {
    if (error instanceof CliError) {
      io.err(`hardened-mcp: ${error.message}\n`);
      return error.exitCode;
    }
    io.err(`hardened-mcp: this is a fault of ours: ${(error as Error).stack ?? String(error)}\n`);
    return 2;
  }
}

/** Behind `--` stands somebody else's command line. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return args.slice(0, end === -1 ? undefined : end).some((arg) => arg === "--help" || arg === "-h");
}

function say(io: Io, text: string): number {
  io.out(`${text}\n`);
  return 0;
}

function unknownCommand(name: string): string {
  const near = nearest(name, Object.keys(COMMANDS));
  return `there is no command ${JSON.stringify(name)}${near === undefined ? "; see hardened-mcp --help" : `; did you mean ${near}?`}`;
}

function overview(): string {
  return [
    "hardened-mcp: hardened deployments of MCP servers, judged and tried before they are deployed",
    "",
    ...Object.entries(COMMANDS).map(([name, { says }]) => `  ${name.padEnd(9)} ${says}`),
    "",
    "hardened-mcp COMMAND --help says more; --version tells the version.",
  ].join("\n");
}

if (require.main === module) {
  const io: Io = {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    cwd: process.cwd(),
    env: process.env,
  };
  // `exitCode`, not `exit()`: what was written to a pipe must get out first.
  void run(process.argv.slice(2), io).then((code) => {
    process.exitCode = code;
  });
}
