import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A list of exceptions: what is allowed, and why. A line that nothing needs any more is an error too. */
export type AllowList = Readonly<Record<string, string>>;

/** Reads `v6-only.json` or `residues.json`. Every entry has a reason. */
export function readAllowList(name: "v6-only" | "residues"): AllowList {
  return JSON.parse(readFileSync(join(__dirname, `${name}.json`), "utf8")) as AllowList;
}

/** What stands on one side only: seen and not allowed, allowed and not seen. */
export function compareAllowList(
  allowed: AllowList,
  seen: Iterable<string>,
): { unexplained: string[]; stale: string[] } {
  const found = new Set(seen);
  return {
    unexplained: [...found].filter((each) => allowed[each] === undefined).sort(),
    stale: Object.keys(allowed)
      .filter((each) => !found.has(each))
      .sort(),
  };
}
