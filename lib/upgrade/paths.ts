/**
 * A construct that stands elsewhere in the program than it did: ids from the place where the move is written, as
 * `mcp/server-notes`. `*` stands for one id, the same at both ends: `secrets/*` to `keys/*`.
 */
export interface Move {
  /** Where it stood in what was applied last. */
  readonly from: string;
  /** Where it stands now. */
  readonly to: string;
}

/** The ids of a path. */
export function idsOf(path: string): string[] {
  return path.split("/");
}

/** Where what stands at `ids` stood before a move, or undefined if it did not take part in it. */
export function before(ids: readonly string[], { from, to }: Move): string[] | undefined {
  const pattern = idsOf(to);
  if (ids.length < pattern.length) return undefined;
  const stars: string[] = [];
  for (const [index, expected] of pattern.entries()) {
    const id = ids[index] as string;
    if (expected === "*") stars.push(id);
    else if (expected !== id) return undefined;
  }
  const old = idsOf(from).map((id) => (id === "*" ? (stars.shift() as string) : id));
  return [...old, ...ids.slice(pattern.length)];
}

/** All places of one thing, its present one first, by moves that are written oldest first. */
export function trail(ids: readonly string[], moved: readonly Move[]): string[][] {
  const places = [[...ids]];
  for (const move of [...moved].reverse()) {
    const old = before(places[places.length - 1] as string[], move);
    if (old !== undefined) places.push(old);
  }
  return places;
}
