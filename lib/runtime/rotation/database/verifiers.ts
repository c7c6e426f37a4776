import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import { LETTERS_AND_DIGITS, randomText } from "../random-text";
import { sha256Crypt } from "./sha256-crypt";

/** As PostgreSQL itself writes them by default. */
const SCRAM = { iterations: 4096, saltBytes: 16, keyBytes: 32 } as const;

/**
 * What PostgreSQL stores for a password (RFC 5803, SCRAM-SHA-256), so that statements and logs never hold the password.
 * The password must be its own SASLprep: printable ASCII is.
 */
export function scramVerifier(password: string, salt: Buffer = randomBytes(SCRAM.saltBytes)): string {
  if (!/^[ -~]+$/.test(password)) throw new Error("the password is not printable ASCII");
  const salted = pbkdf2Sync(password, salt, SCRAM.iterations, SCRAM.keyBytes, "sha256");
  const keyed = (name: string): Buffer => createHmac("sha256", salted).update(name).digest();
  const stored = createHash("sha256").update(keyed("Client Key")).digest("base64");
  const server = keyed("Server Key").toString("base64");
  return `SCRAM-SHA-256$${SCRAM.iterations}:${salt.toString("base64")}$${stored}:${server}`;
}

/** What MariaDB stores for a password with mysql_native_password: `*` and SHA-1 of SHA-1. */
export function nativeVerifier(password: string): string {
  const sha1 = (data: string | Buffer): Buffer => createHash("sha1").update(data).digest();
  return `*${sha1(sha1(password)).toString("hex").toUpperCase()}`;
}

/** MySQL counts in thousands, in three hexadecimal digits. */
const SHA2_THOUSANDS = 5;
const SHA2_SALT = 20;
const shaSalt = randomText({ length: SHA2_SALT, alphabet: LETTERS_AND_DIGITS });

/** What MySQL 8 stores for a password with caching_sha2_password: `$A$`, rounds, salt and SHA-256 crypt. */
export function cachingSha2Verifier(password: string, salt: string = shaSalt()): string {
  const rounds = SHA2_THOUSANDS.toString(16).toUpperCase().padStart(3, "0");
  return `$A$${rounds}$${salt}${sha256Crypt(password, Buffer.from(salt, "latin1"), SHA2_THOUSANDS * 1000)}`;
}
