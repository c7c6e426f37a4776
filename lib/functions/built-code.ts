import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A function's code, ready for Lambda. */
export interface BuiltCode {
  readonly file: string;
  /** SHA-256 of the file, base64: what Lambda itself calls the code's hash. */
  readonly hash: string;
}

/** Beside the built library, or where the build has put it when the library runs from its sources. */
const ROOTS = [join(__dirname, ".."), join(__dirname, "..", "..", "dist")].map((root) =>
  join(root, "runtime"),
);

/**
 * Finds the code of one of our functions.
 * @param path below `runtime/`, as `rotation/generated.zip`
 * @throws Error when the package was not built
 */
export function builtCode(path: string, roots: readonly string[] = ROOTS): BuiltCode {
  const file = roots.map((root) => join(root, path)).find((one) => existsSync(one));
  if (file === undefined) throw new Error(`the function ${path} is not built: run \`npm run build\``);
  return { file, hash: createHash("sha256").update(readFileSync(file)).digest("base64") };
}
