import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freshBuild } from "./built";
import { ROOT } from "./toolchain";

/** The package as `npm publish` would send it, unpacked outside the repository. */
export interface Packed {
  /** A folder of its own; whoever asked removes it. */
  readonly folder: string;
  /** The unpacked package. */
  readonly unpacked: string;
  /** The file that was packed. */
  readonly tarball: string;
  /** What is in it, relative paths. */
  readonly files: readonly string[];
}

/** Packs what is built. */
export async function pack(): Promise<Packed> {
  await freshBuild();
  const folder = mkdtempSync(join(tmpdir(), "package-"));
  const printed = execFileSync("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", folder], {
    cwd: ROOT,
    encoding: "utf8",
  });
  const made = (JSON.parse(printed) as { filename: string; files: { path: string }[] }[])[0];
  if (made === undefined) throw new Error("npm pack made nothing");
  const tarball = join(folder, made.filename);
  execFileSync("tar", ["-xzf", tarball, "-C", folder]);
  return { folder, unpacked: join(folder, "package"), tarball, files: made.files.map(({ path }) => path) };
}

/** A project that depends on the package: ours by copy, as `npm i` brings it, the rest from the repository. */
export function dependOn({ folder, unpacked }: Packed, name: string): string {
  const home = join(folder, name);
  const modules = join(home, "node_modules");
  mkdirSync(modules, { recursive: true });
  execFileSync("cp", ["-r", unpacked, join(modules, "hardened-mcp")]);
  for (const peer of ["@cdktf", "@types", "cdktf", "constructs", "ts-node", "typescript"]) {
    symlinkSync(join(ROOT, "node_modules", peer), join(modules, peer));
  }
  return home;
}
