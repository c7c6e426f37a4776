import type { JsonObject } from "./message";

/** Revisions of the protocol that we speak, one of each era. */
export const REVISIONS = { modern: "2026-07-28", legacy: "2025-11-25" } as const;

/** See `REVISIONS`. */
export type LearnEra = keyof typeof REVISIONS;

/** What came back for a request. */
export type Reply =
  | { readonly kind: "result"; readonly result: JsonObject }
  /** A JSON-RPC error, or an HTTP status that says the server does not know such a request. */
  | { readonly kind: "refused"; readonly says: string };

/** A way to one server. Nothing else is ever asked over it than what `ask` needs. */
export interface Transport {
  /** @throws CliError (2) when there is no answer that can be used */
  request(message: JsonObject, era: LearnEra): Promise<Reply>;
  notify(message: JsonObject, era: LearnEra): Promise<void>;
  close(): Promise<void>;
}
