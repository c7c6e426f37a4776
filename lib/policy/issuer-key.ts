import { createPublicKey } from "node:crypto";
import type { Check } from "../validation";
import type { TokenAlgorithm } from "./config";

/** Members of a JWK that hold private or symmetric material. */
const PRIVATE = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
const MIN_RSA_BITS = 2048;
const TYPE: Readonly<Record<TokenAlgorithm, "RSA" | "EC">> = { RS256: "RSA", PS256: "RSA", ES256: "EC" };

/**
 * Checks one public key of an issuer, and gives the algorithms that it is for. Nothing of a key is ever repeated in a
 * message: somebody may have pasted the private half.
 */
export function checkKey(
  key: Readonly<Record<string, unknown>>,
  check: Check,
  ids: Set<string>,
  algorithms: readonly TokenAlgorithm[],
): readonly TokenAlgorithm[] {
  if (typeof key !== "object" || key === null) {
    check.problem(
      "wrong-type",
      "is not an object, expected a JWK",
      "copy the key from the issuer's jwks_uri",
    );
    return [];
  }
  const secret = PRIVATE.filter((member) => Object.hasOwn(key, member));
  if (secret.length > 0) {
    check.problem(
      "unsafe",
      `has the private member${secret.length > 1 ? "s" : ""} ${secret.join(", ")}`,
      "treat the key as leaked: replace it at the issuer, and paste only the public half",
    );
    return [];
  }
  const fitting = algorithms.filter(
    (algorithm) => TYPE[algorithm] === key.kty && (key.alg === undefined || key.alg === algorithm),
  );
  if (fitting.length === 0) {
    const kinds = [...new Set(algorithms.map((algorithm) => (TYPE[algorithm] === "RSA" ? "RSA" : "P-256")))];
    check.problem(
      "unsafe",
      `is no ${kinds.join(" or ")} key for ${algorithms.join(" or ")}`,
      `give the ${algorithms.join(" and ")} keys of the issuer only, or name its algorithms in auth.jwt.algorithms`,
    );
    return [];
  }
  if (key.use !== undefined && key.use !== "sig") {
    check.at("use").problem("unsafe", "is not for signatures", "give the signing keys of the issuer only");
  }
  if (typeof key.kid !== "string" || key.kid === "") {
    check.at("kid").problem("required", "is missing", "give the key's id, so that keys can be rotated");
  } else if (ids.has(key.kid)) {
    check.at("kid").problem("duplicate", "is that of another key, too", "each key needs an id of its own");
  } else ids.add(key.kid);
  if (key.kty === "RSA") checkRsa(key, check);
  else checkPoint(key, check);
  return fitting;
}

function checkRsa(key: Readonly<Record<string, unknown>>, check: Check): void {
  const bits = bitLength(key.n);
  if (bits < MIN_RSA_BITS) {
    check
      .at("n")
      .problem("unsafe", `has ${bits} bits, expected at least ${MIN_RSA_BITS}`, "use a longer RSA key");
  }
  if (bitLength(key.e) < 17) {
    check
      .at("e")
      .problem("unsafe", "is missing or smaller than 65537", "use the public exponent 65537 (AQAB)");
  }
}

function checkPoint({ crv, x, y }: Readonly<Record<string, unknown>>, check: Check): void {
  if (crv !== "P-256") {
    check.at("crv").problem("unsafe", "is not P-256, the curve of ES256", "use a key on P-256");
    return;
  }
  try {
    if (typeof x !== "string" || typeof y !== "string") throw new Error("no point");
    createPublicKey({ key: { kty: "EC", crv, x, y }, format: "jwk" });
  } catch {
    check
      .at("x")
      .problem("unsafe", "is, with y, no point on P-256", "copy the key from the issuer's jwks_uri again");
  }
}

function bitLength(base64url: unknown): number {
  if (typeof base64url !== "string" || !/^[A-Za-z0-9_-]+$/.test(base64url)) return 0;
  const hex = Buffer.from(base64url, "base64url").toString("hex").replace(/^0+/, "");
  return hex === "" ? 0 : (hex.length - 1) * 4 + parseInt(hex[0] as string, 16).toString(2).length;
}
