import type { Leaf, Tree } from "./leaves";
import { code, type Change } from "./sentence";

/** The policies of all servers as they would have been, had every tool that moved stood where it stands now. */
export interface Moved {
  readonly servers: Tree;
  /** One sentence for each pair of servers, or for a server that is gone with all that it had. */
  readonly changes: readonly Change[];
}

interface Move {
  readonly from: string;
  readonly to: string;
  readonly tools: readonly string[];
}

/**
 * Finds tools that one server no longer has and another one has now, so that they are told of once, and what changed
 * about them besides is told as a change. A name that several servers lose or gain tells nothing.
 */
export function withMoves(old: Tree, now: Tree): Moved {
  const moves = movesBetween(old, now);
  const servers = moves.reduce((all, move) => moved(all, now, move), old);
  const gone = [...new Set(moves.map(({ from }) => from))].filter(
    (name) => now[name] === undefined && Object.keys(part(servers, name, "tools")).length === 0,
  );
  const left = Object.fromEntries(Object.entries(servers).filter(([name]) => !gone.includes(name)));
  return {
    servers: left,
    changes: [
      ...gone.map((name) =>
        split(
          name,
          moves.filter(({ from }) => from === name),
        ),
      ),
      ...moves
        .filter(({ from }) => !gone.includes(from))
        .map((move) => one(move, old[move.to] === undefined)),
    ],
  };
}

function movesBetween(old: Tree, now: Tree): Move[] {
  const lost = places(old, now);
  const gained = places(now, old);
  const byPair = new Map<string, Move>();
  for (const [tool, [from, ...others]] of lost) {
    const [to, ...more] = gained.get(tool) ?? [];
    if (from === undefined || to === undefined || others.length + more.length > 0) continue;
    const key = JSON.stringify([from, to]);
    byPair.set(key, { from, to, tools: [...(byPair.get(key)?.tools ?? []), tool] });
  }
  return [...byPair.values()];
}

/** Tools that servers of one state have and in the other one do not, with the servers' names. */
function places(these: Tree, those: Tree): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const name of Object.keys(these))
    for (const tool of Object.keys(part(these, name, "tools")))
      if (part(those, name, "tools")[tool] === undefined) found.set(tool, [...(found.get(tool) ?? []), name]);
  return found;
}

/** The old servers with a move made. A server that was not there yet begins as the one that its tools come from. */
function moved(servers: Tree, now: Tree, { from, to, tools }: Move): Tree {
  const source = tree(servers[from]);
  const target: Tree =
    servers[to] === undefined
      ? { ...renamed(source, tree(now[to])), tools: {}, clients: {} }
      : tree(servers[to]);
  const goes = (name: string) => tools.includes(name);
  const callers = Object.entries(tree(source.clients)).flatMap(([client, value]): [string, Tree][] => {
    const own = tree(tree(value).tools);
    // Who is somebody else at the other server has not moved: that he may call it there is news.
    const there = tree(target.clients)[client];
    if (
      !Object.keys(own).some(goes) ||
      (there !== undefined && !isSame(tree(there).identity, tree(value).identity))
    )
      return [];
    const known = there === undefined ? { ...tree(value), tools: {} } : tree(there);
    return [[client, { ...known, tools: { ...tree(known.tools), ...only(own, goes) } }]];
  });
  return {
    ...servers,
    [from]: {
      ...source,
      tools: only(tree(source.tools), (name) => !goes(name)),
      clients: without(tree(source.clients), tree(tree(now[from]).clients), goes),
    },
    [to]: {
      ...target,
      tools: { ...tree(target.tools), ...only(tree(source.tools), goes) },
      clients: { ...tree(target.clients), ...Object.fromEntries(callers) },
    },
  };
}

/** A server as it would be called at its new place, which is also what tokens for it name: the sentence says it. */
function renamed(source: Tree, now: Tree): Tree {
  const { server, resource } = now;
  const issuers = Object.entries(tree(source.issuers)).map(([name, issuer]): [string, Leaf | Tree] => {
    const isItself = resource !== undefined && tree(issuer).audience === source.resource;
    return [name, isItself ? { ...tree(issuer), audience: resource } : issuer];
  });
  return {
    ...source,
    ...(server !== undefined && { server }),
    ...(resource !== undefined && { resource }),
    ...(source.issuers !== undefined && { issuers: Object.fromEntries(issuers) }),
  };
}

/** Clients of the server that loses tools: those with nothing left that are gone now have gone with their tools. */
function without(clients: Tree, now: Tree, goes: (tool: string) => boolean): Tree {
  return Object.fromEntries(
    Object.entries(clients).flatMap(([client, value]): [string, Tree][] => {
      const tools = only(tree(tree(value).tools), (name) => !goes(name));
      const isGone = Object.keys(tools).length === 0 && now[client] === undefined;
      return isGone ? [] : [[client, { ...tree(value), tools }]];
    }),
  );
}

function one({ from, to, tools }: Move, isNew: boolean): Change {
  const verb = tools.length === 1 ? "moved" : "have moved";
  const there = isNew ? `${code(to)}, which is new` : code(to);
  return { kind: "calls", widens: false, says: `${list(tools)} ${verb} from ${code(from)} to ${there}` };
}

function split(name: string, moves: readonly Move[]): Change {
  const parts = moves.map(({ to, tools }) => `${code(to)} with ${list(tools)}`);
  const says =
    parts.length === 1
      ? `server ${code(name)} is now ${parts.join("")}`
      : `server ${code(name)} is split into ${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
  return { kind: "calls", widens: false, says };
}

function list(names: readonly string[]): string {
  const shown = [...names].sort().map(code);
  return shown.length < 2 ? shown.join("") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}

function part(servers: Tree, name: string, field: string): Tree {
  return tree(tree(servers[name])[field]);
}

function tree(value: Leaf | Tree | undefined): Tree {
  return typeof value === "object" && value !== null ? value : {};
}

function only(all: Tree, keep: (name: string) => boolean): Tree {
  return Object.fromEntries(Object.entries(all).filter(([name]) => keep(name)));
}

function isSame(a: Leaf | Tree | undefined, b: Leaf | Tree | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
