import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { CACHE, ROOT } from "./toolchain";

const KEPT = join(CACHE, "examples");
/** Everything that decides what an example writes: sources, packages, and the bundles of functions that are built. */
const SOURCES = ["lib", "examples", "package-lock.json", "node_modules/.package-lock.json", "dist/runtime"];
const DAY_MS = 86_400_000;

let digest: string | undefined;

/**
 * Text that was made before of the very same sources, or makes and keeps it. A process reads the sources once: what changes
 * while it runs is seen by the next.
 */
export function kept(name: string, make: () => string): string {
  digest ??= digestOf(SOURCES);
  const folder = join(KEPT, digest);
  const file = join(folder, `${name.replaceAll("/", "_")}.json`);
  if (existsSync(file)) return readFileSync(file, "utf8");
  const text = make();
  mkdirSync(folder, { recursive: true });
  const own = `${file}.${process.pid}`;
  writeFileSync(own, text);
  renameSync(own, file);
  prune();
  return text;
}

/** SHA-256 over names and contents of files, folders with all below them. What is missing counts as missing. */
export function digestOf(paths: readonly string[], root = ROOT): string {
  const hash = createHash("sha256").update(process.version);
  const add = (path: string): void => {
    const full = join(root, path);
    const found = statSync(full, { throwIfNoEntry: false });
    if (found?.isDirectory() === true) {
      for (const entry of readdirSync(full).sort()) add(join(path, entry));
      return;
    }
    const content = found === undefined ? "missing" : readFileSync(full);
    hash.update(`\0${path}\0${content.length}\0`).update(content);
  };
  paths.forEach(add);
  return hash.digest("hex").slice(0, 32);
}

function prune(): void {
  for (const each of readdirSync(KEPT)) {
    const folder = join(KEPT, each);
    const at = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
    if (each !== digest && Date.now() - at > DAY_MS) rmSync(folder, { recursive: true, force: true });
  }
}
