import { readFileSync, statSync } from "node:fs";
import { CliError } from "./io";

/** The largest file that is read. A plan of 5,000 resources has about 30 MB. */
const MAX_BYTES = 256 * 1024 * 1024;

/**
 * The text of a file, byte for byte: what is no UTF-8 is not read as something else, and what has no end is not begun.
 * @throws CliError (2) in one line
 */
export function readText(file: string, shown: string): string {
  const bytes = readBytes(file, shown);
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    throw new CliError(`${shown} begins with a byte order mark: write it as UTF-8 without one`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new CliError(`${shown} is not UTF-8: other readers would take its names for others`);
  }
}

function readBytes(file: string, shown: string): Buffer {
  try {
    const found = statSync(file);
    if (found.isDirectory()) throw new CliError(`${shown} is a folder, expected a file`);
    // A pipe or a device may never end.
    if (!found.isFile()) throw new CliError(`${shown} is no file`);
    if (found.size > MAX_BYTES)
      throw new CliError(
        `${shown} has ${Math.ceil(found.size / 1024 / 1024)} MB, more than the ${MAX_BYTES / 1024 / 1024} that are read`,
      );
    return readFileSync(file);
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(`${shown} cannot be read: ${firstLine(error)}`);
  }
}

/** What an error says, in one line that steers no terminal. */
export function firstLine(error: unknown): string {
  const [line = ""] = ((error as Error).message ?? String(error)).split("\n");
  return line.replace(/[\p{Cc}\p{Cf}]/gu, "\ufffd");
}
