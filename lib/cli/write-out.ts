import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
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
