/** Why a connection ended as it did. */
export const EGRESS_REASONS = [
  /** It was let through, and something answered there. */
  "ok",
  /** The name that was asked for, or that the TLS greeting asks for, is not on the list; or another port than 443. */
  "name-denied",
  /** The TLS greeting asks for another name than the tunnel was opened for. */
  "names-differ",
  /** No TLS, no greeting in time, or one that does not say whom it wants. */
  "no-name",
  /** The name leads to an address that is not on the public internet, or nowhere. */
  "address-denied",
  /** Not the opening of a tunnel. */
  "no-tunnel",
  /** Not proper HTTP. */
  "malformed",
  /** It was let through, and nothing answered there; or the proxy is overloaded. */
  "unreachable",
] as const;

/** One of them. */
export type EgressReason = (typeof EGRESS_REASONS)[number];

/** The audit record of one connection through the egress proxy, a line of JSON. Nothing of what was sent is in it. */
export interface EgressLine {
  readonly v: 1;
  readonly kind: "egress";
  /** The server whose proxy it is. */
  readonly server: string;
  /** Beginning, as `2026-01-31T12:00:00.000Z`. */
  readonly ts: string;
  /** Address of the task. */
  readonly ip: string | null;
  /** What the tunnel was asked for, as `api.example.com:443`. */
  readonly asked: string | null;
  /** What the TLS greeting asks for. */
  readonly sni: string | null;
  /** Where the connection went. */
  readonly to: string | null;
  readonly reason: EgressReason;
  /** Envoy's own words on the end. */
  readonly envoy: string | null;
  readonly bytes_in: number;
  readonly bytes_out: number;
  readonly ms: number;
}
