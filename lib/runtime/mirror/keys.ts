import { createPublicKey } from "node:crypto";

/** Algorithms that keys of an issuer may be for. */
export type KeyAlgorithm = "RS256" | "PS256" | "ES256";

/** A key as it is published: its public parts and nothing else. */
export type PublishedKey = PublishedRsaKey | PublishedCurveKey;

/** An RSA key. */
export interface PublishedRsaKey {
  readonly kty: "RSA";
  readonly kid: string;
  readonly use: "sig";
  /** Absent where the issuer signs with either and the key says neither. */
  readonly alg?: "RS256" | "PS256";
  readonly n: string;
  readonly e: string;
}

/** A point on P-256. */
export interface PublishedCurveKey {
  readonly kty: "EC";
  readonly kid: string;
  readonly use: "sig";
  readonly alg: "ES256";
  readonly crv: "P-256";
  readonly x: string;
  readonly y: string;
}

/** Members of a JWK that hold private or symmetric material. */
const PRIVATE = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
/** What the gateway takes; longer ones only cost it time. */
const BITS = { min: 2048, max: 8192 };
const MAX_KEYS = 20;

/**
 * The usable keys of an issuer's document, each built anew from its public parts: no certificate, no URL, no other
 * member gets through. Keys that the gateway would not take (of another algorithm, for encryption, too short) are passed over.
 * @throws Error where the whole document is not to be trusted. No message quotes any of it, but ids of keys
 */
export function readKeys(text: string, algorithms: readonly KeyAlgorithm[] = ["RS256"]): PublishedKey[] {
  const keys = keysOf(text).flatMap((key) => rebuild(key, algorithms) ?? []);
  if (keys.length === 0) {
    const wanted = algorithms.map((algorithm) => `${NEEDED[algorithm]} for ${algorithm}`);
    throw new Error(`the issuer lists no ${wanted.join(", no ")}, with a kid`);
  }
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
export function rebuild(
  key: Readonly<Record<string, unknown>>,
  algorithms: readonly KeyAlgorithm[] = ["RS256"],
): PublishedKey | undefined {
  const { kty, kid, use = "sig", alg } = key;
  if (use !== "sig" || typeof kid !== "string" || !/^[\x21-\x7e]{1,128}$/.test(kid)) return undefined;
  const fitting = algorithms.filter((algorithm) => KEY_TYPE[algorithm] === kty);
  const named = fitting.filter((algorithm) => alg === undefined || alg === algorithm);
  const [only] = named;
  if (only === undefined) return undefined;
  try {
    return kty === "EC" ? curveKey(kid, key) : rsaKey(kid, key, named.length === 1 ? only : undefined);
  } catch {
    return undefined;
  }
}

const KEY_TYPE: Readonly<Record<KeyAlgorithm, PublishedKey["kty"]>> = {
  RS256: "RSA",
  PS256: "RSA",
  ES256: "EC",
};
const NEEDED: Readonly<Record<KeyAlgorithm, string>> = {
  RS256: "RSA key of 2048 bits or more",
  PS256: "RSA key of 2048 bits or more",
  ES256: "key on P-256",
};

function rsaKey(
  kid: string,
  { n, e }: Readonly<Record<string, unknown>>,
  alg: KeyAlgorithm | undefined,
): PublishedKey | undefined {
  if (typeof n !== "string" || typeof e !== "string") return undefined;
  const object = createPublicKey({ key: { kty: "RSA", n, e }, format: "jwk" });
  const { modulusLength: bits = 0, publicExponent: exponent = 0n } = object.asymmetricKeyDetails ?? {};
  if (bits < BITS.min || bits > BITS.max) return undefined;
  // 65537 is what everybody uses; smaller or even ones are weak, longer ones slow.
  if (exponent < 65_537n || exponent >= 1n << 32n || exponent % 2n === 0n) return undefined;
  const parts = object.export({ format: "jwk" }) as { n: string; e: string };
  const named = alg === "RS256" || alg === "PS256" ? { alg } : {};
  return { kty: "RSA", kid, use: "sig", ...named, n: parts.n, e: parts.e };
}

function curveKey(kid: string, { crv, x, y }: Readonly<Record<string, unknown>>): PublishedKey | undefined {
  if (crv !== "P-256" || typeof x !== "string" || typeof y !== "string") return undefined;
  // Throws where the point is not on the curve.
  const object = createPublicKey({ key: { kty: "EC", crv, x, y }, format: "jwk" });
  const parts = object.export({ format: "jwk" }) as { x: string; y: string };
  return { kty: "EC", kid, use: "sig", alg: "ES256", crv, x: parts.x, y: parts.y };
}
