/** What becomes of something that a server's schema says. */
export type NoteKind =
  /** The gateway will refuse what the server would take. */
  | "narrowed"
  /** The gateway leaves it to the server. */
  | "not checked here"
  /** An optional argument that cannot be described: calls with it are refused. */
  | "left out"
  /** A number that the server does not name. */
  | "proposed";

/** One of them, and of which argument. */
export interface Note {
  readonly kind: NoteKind;
  /** `where.country`, of items `tags[]`; empty for the arguments as a whole. */
  readonly path: string;
  readonly says: string;
}

/** A schema, or a part of one, that the subset has no words for. */
export class Inexpressible extends Error {}

/** One that is too large to be looked at further: no part of it is used. */
export class TooLarge extends Error {}
