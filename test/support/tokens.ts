import {
  constants,
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  type KeyObject,
} from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CACHE } from "./toolchain";

/** An authorization server of tests: signs whatever it is told to. */
export class TestIssuer {
  public readonly url = "https://login.example.com/";
  private readonly key: KeyObject;

  public constructor(
    private readonly kid = "test-1",
    private readonly alg: "RS256" | "PS256" | "ES256" = "RS256",
  ) {
    this.key = alg === "ES256" ? generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey : nextRsaKey();
  }

  /** Its public keys. */
  public get jwks(): { keys: Record<string, unknown>[] } {
    const publicKey = createPublicKey(this.key).export({ format: "jwk" });
    return { keys: [{ ...publicKey, kid: this.kid, use: "sig", alg: this.alg }] };
  }

  /**
   * A token that lives ten minutes; `claims` and `header` add and replace, `undefined` removes. Signed as the header
   * says; as `HS256` with the public key, which everybody knows.
   */
  public token(
    claims: Record<string, unknown>,
    header: Record<string, unknown> = {},
    { der = false }: { der?: boolean } = {},
  ): string {
    const now = Math.floor(Date.now() / 1000);
    const head: Record<string, unknown> = { alg: this.alg, typ: "at+jwt", kid: this.kid, ...header };
    const text = [head, { iss: this.url, iat: now, exp: now + 600, sub: "user-1", ...claims }]
      .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
      .join(".");
    if (head.alg === "none") return `${text}.`;
    return `${text}.${this.signature(text, String(head.alg), der).toString("base64url")}`;
  }

  private signature(text: string, alg: string, der: boolean): Buffer {
    if (alg === "HS256") {
      const known = createPublicKey(this.key).export({ format: "pem", type: "spki" });
      return createHmac("sha256", known).update(text).digest();
    }
    return sign(alg === "RS512" ? "sha512" : "sha256", Buffer.from(text), {
      key: this.key,
      dsaEncoding: der ? "der" : "ieee-p1363",
      ...(alg.startsWith("PS") && { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }),
    });
  }
}

let taken = 0;

/** Another key at each call of a test file. They take long to make, so that the next file is given the same ones. */
function nextRsaKey(): KeyObject {
  const folder = join(CACHE, "test-keys");
  const file = join(folder, `rsa-${++taken}.pem`);
  if (existsSync(file)) return createPrivateKey(readFileSync(file));
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  mkdirSync(folder, { recursive: true });
  const own = `${file}.${process.pid}`;
  writeFileSync(own, privateKey.export({ format: "pem", type: "pkcs8" }), { mode: 0o600 });
  renameSync(own, file);
  return privateKey;
}
