import type { Construct } from "constructs";
import { Moves } from "./moves";
import type { Move } from "./paths";

/** The constructs of which a release may move something. */
export type Moving = "HardenedMcp" | "McpPlatform" | "McpServer";

/** What has moved in a release, below the construct that users make. */
export interface ReleaseMoves {
  /** The first release in which it stands at its new place. */
  readonly release: string;
  readonly in: Moving;
  readonly moved: readonly Move[];
}

/**
 * Every change of an address since 0.1.0, oldest first. Rows are never taken away: a state may be as old as the oldest.
 * None has been needed so far.
 */
export const RELEASES: readonly ReleaseMoves[] = [];

/** Writes the `moved` blocks of all releases for what `scope` has made. Called last. */
export function moveAsReleased(scope: Construct, kind: Moving, releases = RELEASES): void {
  const moved = releases.filter((row) => row.in === kind).flatMap((row) => row.moved);
  if (moved.length > 0) new Moves(scope, "moves", moved, false);
}
