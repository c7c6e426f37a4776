import { generateKeyPairSync } from "node:crypto";

/** A key as an issuer lists it. */
export type Jwk = Record<string, unknown>;

/** A public RSA key. */
export function rsa(kid: string, bits = 2048, publicExponent = 65_537): Jwk {
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: bits, publicExponent });
  return { ...(publicKey.export({ format: "jwk" }) as Jwk), kid, use: "sig", alg: "RS256" };
}
