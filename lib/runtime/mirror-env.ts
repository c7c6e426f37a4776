/** Variables of a key mirror's function, which the function reads and its construct sets. */
export const MIRROR_ENV = {
  /** The issuer's `jwks_uri`. */
  uri: "JWKS_URI",
  bucket: "BUCKET",
  overlapMinutes: "OVERLAP_MINUTES",
  /** Algorithms that its tokens may be signed with, separated by blanks. @default RS256 */
  algorithms: "ALGORITHMS",
} as const;

/** The one object of a mirror's bucket. */
export const MIRROR_OBJECT = "jwks.json";
