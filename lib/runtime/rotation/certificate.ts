import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

/** What a certificate says. */
export interface CertificateRequest {
  /** DNS name of the server. */
  readonly name: string;
  /** Days that it is valid, from an hour ago. */
  readonly days: number;
  /** Milliseconds since 1970. @default now */
  readonly now?: number;
}

/** Certificate and private key (PKCS #8), both PEM. */
export interface CertificateAndKey {
  readonly certificate: string;
  readonly key: string;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** DER tags (X.690). */
const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  object: 0x06,
  utf8: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
  version: 0xa0,
  extensions: 0xa3,
  dnsName: 0x82,
} as const;

/** Object identifiers, encoded. */
const OBJECT = {
  ecdsaWithSha256: "2a8648ce3d040302",
  commonName: "550403",
  subjectKeyIdentifier: "551d0e",
  keyUsage: "551d0f",
  subjectAltName: "551d11",
  basicConstraints: "551d13",
  extendedKeyUsage: "551d25",
  serverAuth: "2b06010505070301",
} as const;

/** An uncompressed point of P-256: the key itself, at the end of its SPKI. */
const POINT_BYTES = 65;
/** X.509's upper bound of a common name. The whole name stands in subjectAltName. */
const COMMON_NAME_MAX = 64;

/**
 * A self-signed server certificate (RFC 5280, P-256, ECDSA with SHA-256) with a new key. Node makes keys and signatures
 * and no certificates, hence the few structures below.
 */
export function selfSigned({ name, days, now = Date.now() }: CertificateRequest): CertificateAndKey {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const spki = publicKey.export({ type: "spki", format: "der" });
  const algorithm = sequence(object(OBJECT.ecdsaWithSha256));
  const subject = sequence(
    der(
      TAG.set,
      sequence(object(OBJECT.commonName), der(TAG.utf8, Buffer.from(name.slice(0, COMMON_NAME_MAX)))),
    ),
  );
  const from = now - HOUR;
  const body = sequence(
    der(TAG.version, der(TAG.integer, Buffer.from([2]))), // counted from 0: X.509 version 3
    der(TAG.integer, serial()),
    algorithm,
    subject, // the issuer: itself
    sequence(time(from), time(from + days * DAY)),
    subject,
    spki,
    der(TAG.extensions, extensions(name, spki)),
  );
  const signature = sign("sha256", body, privateKey);
  const whole = sequence(body, algorithm, der(TAG.bits, Buffer.from([0]), signature));
  const lines = whole.toString("base64").match(/.{1,64}/g) ?? [];
  return {
    certificate: ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n"),
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

function extensions(name: string, spki: Buffer): Buffer {
  const point = spki.subarray(spki.length - POINT_BYTES);
  const extension = (id: string, isCritical: boolean, value: Buffer): Buffer =>
    sequence(
      object(id),
      ...(isCritical ? [der(TAG.boolean, Buffer.from([0xff]))] : []),
      der(TAG.octets, value),
    );
  return sequence(
    extension(OBJECT.basicConstraints, true, sequence()), // not an authority
    extension(OBJECT.keyUsage, true, der(TAG.bits, Buffer.from([7, 0x80]))), // digitalSignature alone
    extension(OBJECT.extendedKeyUsage, false, sequence(object(OBJECT.serverAuth))),
    // SHA-1 names the key (RFC 5280, 4.2.1.2); nothing rests on its strength.
    extension(OBJECT.subjectKeyIdentifier, false, der(TAG.octets, createHash("sha1").update(point).digest())),
    extension(OBJECT.subjectAltName, false, sequence(der(TAG.dnsName, Buffer.from(name)))),
  );
}

/** One value in DER: tag, length, content. */
function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const { length } = body;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
}

function sequence(...content: readonly Buffer[]): Buffer {
  return der(TAG.sequence, ...content);
}

function object(hex: string): Buffer {
  return der(TAG.object, Buffer.from(hex, "hex"));
}

/** 16 random bytes, positive and without a leading zero. */
function serial(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes;
}

/** With two digits of the year until 2049, as RFC 5280 asks. */
function time(at: number): Buffer {
  const date = new Date(at);
  const digits = date.toISOString().replace(/\.\d+|[-:T]/g, "");
  return date.getUTCFullYear() < 2050
    ? der(TAG.utcTime, Buffer.from(digits.slice(2)))
    : der(TAG.generalizedTime, Buffer.from(digits));
}
