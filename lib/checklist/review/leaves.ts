/** A value at the end of a path. */
export type Leaf = string | number | boolean | null;

/** Nested records with leaves at their ends. */
export interface Tree {
  readonly [name: string]: Leaf | Tree;
}

/** A leaf that differs between two trees: it was not there, is no longer, or is another. */
export interface Difference {
  readonly path: readonly string[];
  readonly old: Leaf | undefined;
  readonly new: Leaf | undefined;
}

const SEPARATOR = "\u001f";

/** Every leaf of a tree by its path. */
function leavesOf(tree: Tree, at: readonly string[] = []): [string, Leaf][] {
  return Object.entries(tree).flatMap(([name, value]): [string, Leaf][] =>
    typeof value === "object" && value !== null
      ? leavesOf(value, [...at, name])
      : [[[...at, name].join(SEPARATOR), value]],
  );
}

/** Where two trees differ, in the order of their paths. */
export function differences(old: Tree, now: Tree): Difference[] {
  const [before, after] = [new Map(leavesOf(old)), new Map(leavesOf(now))];
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => before.get(path) !== after.get(path))
    .sort()
    .map((path) => ({ path: path.split(SEPARATOR), old: before.get(path), new: after.get(path) }));
}

/** Plain data as a tree: lists by their places. Whatever is left out by JSON is left out here. */
export function treeOf(value: unknown): Tree {
  const plain = JSON.parse(JSON.stringify(value)) as unknown;
  return descend(plain) as Tree;
}

function descend(value: unknown): Leaf | Tree {
  if (typeof value !== "object" || value === null) return value as Leaf;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, descend(item)]));
}

/** A list as a set: what matters is what is in it. */
export function setOf(items: readonly string[]): Tree {
  return Object.fromEntries([...items].sort().map((item) => [item, true]));
}

/** The text of a tree that is the same for the same tree, however it was put together. */
export function canonical(value: Leaf | Tree): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.keys(value).sort();
  return `{${entries.map((name) => `${JSON.stringify(name)}:${canonical(value[name] ?? null)}`).join(",")}}`;
}
