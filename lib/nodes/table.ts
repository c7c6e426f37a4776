import type { IConstruct } from "constructs";

/** Class of a resource in the provider's bindings. */
interface ResourceClass<R> {
  new (...given: never[]): R;
  readonly tfResourceType: string;
}

/** A resource that always stands there. */
export interface Made<R> {
  readonly kind: "made";
  readonly of: ResourceClass<R>;
  readonly path: string;
}

/** A resource that stands there unless it is given, or not asked for. */
export interface Perhaps<R> {
  readonly kind: "perhaps";
  readonly of: ResourceClass<R>;
  readonly paths: readonly string[];
}

/** Resources by the name that stands in place of `*`, in one part of the path. */
export interface Each<R> {
  readonly kind: "each";
  readonly of: ResourceClass<R>;
  readonly paths: readonly string[];
}

/** What a construct's `nodes` are, and where they stand below it. Ids of constructs are a public contract. */
export type NodeTable = Readonly<Record<string, NodeEntry>>;
/** One entry of a table: a resource, several, or a table of its own. */
export type NodeEntry = Made<unknown> | Perhaps<unknown> | Each<unknown> | { readonly nodes: NodeTable };

/** The resources themselves. */
export type NodesOf<T extends NodeTable> = {
  readonly [K in keyof T]: T[K] extends Made<infer R>
    ? R
    : T[K] extends Perhaps<infer R>
      ? R | undefined
      : T[K] extends Each<infer R>
        ? Readonly<Record<string, R>>
        : T[K] extends { readonly nodes: infer N extends NodeTable }
          ? NodesOf<N>
          : never;
};

export const made = <R>(of: ResourceClass<R>, path: string): Made<R> => ({ kind: "made", of, path });
export const perhaps = <R>(of: ResourceClass<R>, ...paths: string[]): Perhaps<R> => ({
  kind: "perhaps",
  of,
  paths,
});
export const each = <R>(of: ResourceClass<R>, ...paths: string[]): Each<R> => ({ kind: "each", of, paths });

/** @throws Error where a resource that is always made is not there: a fault of the table */
export function nodesOf<T extends NodeTable>(scope: IConstruct, table: T): NodesOf<T> {
  const found = Object.entries(table).map(([name, entry]) => [name, lookUp(scope, entry)] as const);
  return Object.fromEntries(found) as NodesOf<T>;
}

function lookUp(scope: IConstruct, entry: NodeEntry): unknown {
  if ("nodes" in entry) return nodesOf(scope, entry.nodes);
  switch (entry.kind) {
    case "made": {
      const [, only] = standing(scope, entry.path, entry.of)[0] ?? [];
      if (only === undefined) throw new Error(`no ${entry.of.tfResourceType} stands at ${entry.path}`);
      return only;
    }
    case "perhaps":
      return entry.paths.flatMap((path) => standing(scope, path, entry.of))[0]?.[1];
    case "each":
      return Object.fromEntries(entry.paths.flatMap((path) => standing(scope, path, entry.of)));
  }
}

/** What is of that class at the path, each with the name that stands in place of `*`. */
function standing<R>(scope: IConstruct, path: string, of: ResourceClass<R>): (readonly [string, R])[] {
  let reached: (readonly [string, IConstruct])[] = [["", scope]];
  for (const part of path.split("/")) {
    const [before = "", after] = part.split("*");
    reached = reached.flatMap(([name, at]) => {
      if (after === undefined) {
        const child = at.node.tryFindChild(part);
        return child === undefined ? [] : [[name, child] as const];
      }
      return at.node.children
        .filter(({ node }) => node.id.startsWith(before) && node.id.endsWith(after))
        .map(
          (child) =>
            [child.node.id.slice(before.length, child.node.id.length - after.length), child] as const,
        );
    });
  }
  return reached.flatMap(([name, at]) => (at instanceof of ? [[name, at] as const] : []));
}
