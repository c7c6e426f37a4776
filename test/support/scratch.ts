import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { alive } from "./lock";
import { CACHE } from "./toolchain";

const ALL = join(CACHE, "runs");
let pruned = false;

/**
 * An empty folder of this process alone, so that two test runs in one checkout do not meet. It stays for whoever looks
 * for the reason of a failure, until the next run removes the folders of processes that have ended.
 */
export function scratch(name: string): string {
  if (!pruned && existsSync(ALL)) {
    for (const owner of readdirSync(ALL))
      if (!alive(Number(owner))) rmSync(join(ALL, owner), { recursive: true, force: true });
  }
  pruned = true;
  const folder = join(ALL, `${process.pid}`, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}
