import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Beside the built library, or where the build has put it when the library runs from its sources. */
const FILES = [join(__dirname, ".."), join(__dirname, "..", "..", "dist")].map((root) =>
  join(root, "runtime", "mirror", "key-mirror.zip"),
);

/** The function's code, ready for Lambda, and its SHA-256 in base64. Throws when the package was not built. */
export function mirrorCode(files: readonly string[] = FILES): {
  readonly file: string;
  readonly hash: string;
} {
  const file = files.find((path) => existsSync(path));
  if (file === undefined) throw new Error("the key mirror's function is not built: run `npm run build`");
  return { file, hash: createHash("sha256").update(readFileSync(file)).digest("base64") };
}
