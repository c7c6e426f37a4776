import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Kinds of values that are rotated, named as their files in `runtime/rotation/functions/`. */
export type RotationKind =
  "generated" | "client-key" | "tls-certificate" | "postgres" | "mysql" | "store-user";

/** A function's code, ready for Lambda. */
export interface RotationCode {
  readonly file: string;
  /** SHA-256 of the file, base64: what Lambda itself calls the code's hash. */
  readonly hash: string;
}

/** Beside the built library, or where the build has put them when the library runs from its sources. */
const FOLDERS = [
  join(__dirname, "..", "runtime", "rotation"),
  join(__dirname, "..", "..", "dist", "runtime", "rotation"),
];

/** Finds the code of a kind. Throws when the package was not built. */
export function rotationCode(kind: RotationKind, folders: readonly string[] = FOLDERS): RotationCode {
  const file = folders.map((folder) => join(folder, `${kind}.zip`)).find((path) => existsSync(path));
  if (file === undefined)
    throw new Error(`the rotation function ${kind} is not built: run \`npm run build\``);
  return { file, hash: createHash("sha256").update(readFileSync(file)).digest("base64") };
}
