import { createSign, generateKeyPairSync, randomBytes } from "node:crypto";

/** Certificate and key, PEM. */
export interface SelfSigned {
  readonly certificate: string;
  readonly key: string;
}

const TAG = { integer: 2, bits: 3, octets: 4, oid: 6, utf8: 12, sequence: 48, set: 49, utcTime: 23 };

/**
 * A certificate for 127.0.0.1 that vouches for itself, for a day. Node makes keys and signatures but no certificates,
 * so the few fields of RFC 5280 that one needs are written here.
 */
export function selfSigned(now = Date.now()): SelfSigned {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const algorithm = der(TAG.sequence, oid("1.2.840.10045.4.3.2"));
  const name = der(
    TAG.sequence,
    der(TAG.set, der(TAG.sequence, oid("2.5.4.3"), der(TAG.utf8, Buffer.from("hardened-mcp up")))),
  );
  const body = der(
    TAG.sequence,
    der(0xa0, der(TAG.integer, Buffer.from([2]))),
    // Positive and without leading zeros.
    der(TAG.integer, Buffer.concat([Buffer.from([0x40]), randomBytes(15)])),
    algorithm,
    name,
    der(TAG.sequence, time(now - 3_600_000), time(now + 86_400_000)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, der(TAG.sequence, ...extensions())),
  );
  const signature = createSign("sha256").update(body).sign(privateKey);
  const whole = der(TAG.sequence, body, algorithm, der(TAG.bits, Buffer.from([0]), signature));
  const lines = whole.toString("base64").match(/.{1,64}/g) ?? [];
  return {
    certificate: ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n"),
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

/** Its own authority (basicConstraints), and the names it stands for. */
function extensions(): Buffer[] {
  const isAuthority = der(TAG.sequence, Buffer.from([1, 1, 0xff]));
  const names = der(
    TAG.sequence,
    der(0x82, Buffer.from("localhost")),
    der(0x87, Buffer.from([127, 0, 0, 1])),
  );
  return [
    der(TAG.sequence, oid("2.5.29.19"), Buffer.from([1, 1, 0xff]), der(TAG.octets, isAuthority)),
    der(TAG.sequence, oid("2.5.29.17"), der(TAG.octets, names)),
  ];
}

/** One value in DER: tag, length, content. */
function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const { length } = body;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
}

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const bytes = [first * 40 + second, ...rest.flatMap(base128)];
  return der(TAG.oid, Buffer.from(bytes));
}

/** Seven bits a byte, all but the last with the eighth set. */
function base128(number: number): number[] {
  const bytes = [number & 0x7f];
  for (let rest = number >>> 7; rest > 0; rest >>>= 7) bytes.unshift((rest & 0x7f) | 0x80);
  return bytes;
}

/** Two digits of the year, as RFC 5280 asks until 2049. */
function time(at: number): Buffer {
  const digits = new Date(at).toISOString().replace(/\.\d+|[-:T]/g, "");
  return der(TAG.utcTime, Buffer.from(digits.slice(2)));
}
