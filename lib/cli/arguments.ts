import { parseArgs, type ParseArgsConfig } from "node:util";
import { isDay } from "../validation/day";
import { nearest } from "../validation/nearest";
import { CliError } from "./io";

type Options = NonNullable<ParseArgsConfig["options"]>;

/** What was read: values by option, and what stands beside the options. */
export type Parsed<T extends Options> = ReturnType<
  typeof parseArgs<{ args: string[]; options: T; allowPositionals: true; strict: true }>
>;

/** Options and positions of a command. @throws CliError in one line on anything that was not asked for */
export function readArguments<T extends Options>(
  args: readonly string[],
  options: T,
  maxPositions: number,
): Parsed<T> {
  const parsed = parse(args, options);
  if (parsed.positionals.length > maxPositions) {
    throw new CliError(`unexpected argument ${JSON.stringify(parsed.positionals[maxPositions])}`);
  }
  return parsed;
}

function parse<T extends Options>(args: readonly string[], options: T): Parsed<T> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new CliError(oneLine(error as Error, Object.keys(options)));
  }
}

function oneLine({ message }: Error, known: readonly string[]): string {
  const option = /^Unknown option '(?:--)?([^']*)'/.exec(message)?.[1];
  if (option === undefined) return (message.split("\n")[0] ?? message).trim();
  const near = nearest(option, known);
  return `there is no option --${option}${near === undefined ? "" : `; did you mean --${near}?`}`;
}

/** One of a closed list. */
export function oneOf<T extends string>(value: string, allowed: readonly T[], name: string): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found !== undefined) return found;
  throw new CliError(`--${name} is ${JSON.stringify(value)}, expected one of ${allowed.join(", ")}`);
}

/** A port number. */
export function readPort(value: string, name: string): number {
  const port = Number(value);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new CliError(`--${name} is ${JSON.stringify(value)}, expected a port, 1 to 65535`);
}

/** A day that exists, `YYYY-MM-DD`. */
export function readDay(value: string, name: string): string {
  if (isDay(value)) return value;
  throw new CliError(`--${name} is ${JSON.stringify(value)}, expected a day as YYYY-MM-DD`);
}
