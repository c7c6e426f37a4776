import { createPublicKey } from "node:crypto";

/** A key as it is published: its public parts and nothing else. */
export interface PublishedKey {
  readonly kty: "RSA";
  readonly kid: string;
  readonly use: "sig";
  readonly alg: "RS256";
  readonly n: string;
  readonly e: string;
}

/** Members of a JWK that hold private or symmetric material. */
const PRIVATE = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
/** What the gateway takes; longer ones only cost it time. */
const BITS = { min: 2048, max: 8192 };
const MAX_KEYS = 20;

/**
 * The usable keys of an issuer's document, each built anew from its public parts: no certificate, no URL, no other
 * member gets through. Keys that the gateway would not take (elliptic, for encryption, too short) are passed over.
 * @throws Error where the whole document is not to be trusted. No message quotes any of it, but ids of keys
 */
export function readKeys(text: string): PublishedKey[] {
  const keys = keysOf(text).flatMap((key) => rebuild(key) ?? []);
  if (keys.length === 0)
    throw new Error("the issuer lists no RSA key for RS256 of 2048 bits or more with a kid");
  if (keys.length > MAX_KEYS) throw new Error(`the issuer lists more than ${MAX_KEYS} keys`);
  const ids = new Set<string>();
  for (const { kid } of keys) {
    // Which of them a token means would be for chance to decide.
    if (ids.has(kid)) throw new Error(`the issuer lists two keys with the kid ${kid}`);
    ids.add(kid);
  }
  return keys;
}

function keysOf(text: string): Record<string, unknown>[] {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    // Its message would quote the text.
    throw new Error("what the issuer answered is not JSON");
  }
  const { keys } = (document ?? {}) as { keys?: unknown };
  if (!Array.isArray(keys)) throw new Error("what the issuer answered is not a set of keys");
  const found = keys.filter((key) => typeof key === "object" && key !== null) as Record<string, unknown>[];
  // One such key is as good as published: nothing else of the same document deserves trust.
  if (found.some((key) => PRIVATE.some((member) => Object.hasOwn(key, member)))) {
    throw new Error("the issuer lists a private or symmetric key: it has to replace it");
  }
  return found;
}

/** The key from its public parts; nothing when the gateway would not take it. */
export function rebuild(key: Readonly<Record<string, unknown>>): PublishedKey | undefined {
  const { kty, kid, use = "sig", alg = "RS256", n, e } = key;
  if (kty !== "RSA" || use !== "sig" || alg !== "RS256") return undefined;
  if (typeof kid !== "string" || !/^[\x21-\x7e]{1,128}$/.test(kid)) return undefined;
  if (typeof n !== "string" || typeof e !== "string") return undefined;
  try {
    const object = createPublicKey({ key: { kty, n, e }, format: "jwk" });
    const { modulusLength: bits = 0, publicExponent: exponent = 0n } = object.asymmetricKeyDetails ?? {};
    if (bits < BITS.min || bits > BITS.max) return undefined;
    // 65537 is what everybody uses; smaller or even ones are weak, longer ones slow.
    if (exponent < 65_537n || exponent >= 1n << 32n || exponent % 2n === 0n) return undefined;
    const parts = object.export({ format: "jwk" }) as { n: string; e: string };
    return { kty: "RSA", kid, use: "sig", alg: "RS256", n: parts.n, e: parts.e };
  } catch {
    return undefined;
  }
}
