import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { CliError, type Io } from "./io";

/** Writes a text into a file, and one line here; or here, when no file is named. @throws CliError (2) where it cannot be written */
export function writeOut(text: string, file: string | undefined, io: Io, line = "written"): void {
  if (file === undefined) return io.out(text);
  try {
    writeFileSync(resolve(io.cwd, file), text);
  } catch (error) {
    throw new CliError(`${file} cannot be written: ${(error as Error).message}`);
  }
  io.out(`${file}: ${line}\n`);
}

/**
 * Writes texts as `NAME-1.json`, `NAME-2.json` … into a folder, which is made where there is none, and says where one of an
 * earlier run is left that is not of these. @throws CliError (2) where they cannot be written
 */
export function writeNumbered(texts: readonly string[], folder: string, name: string, io: Io): void {
  const file = (number: number) => join(folder, `${name}-${number}.json`);
  try {
    mkdirSync(resolve(io.cwd, folder), { recursive: true });
  } catch (error) {
    throw new CliError(`${folder} cannot be written: ${(error as Error).message}`);
  }
  texts.forEach((text, index) => writeOut(text, file(index + 1), io));
  for (let number = texts.length + 1; existsSync(resolve(io.cwd, file(number))); number++)
    io.err(`${file(number)}: of an earlier run, and not of these ${texts.length}; remove it\n`);
}
