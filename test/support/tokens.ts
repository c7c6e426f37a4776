import { createPublicKey, generateKeyPairSync, sign, type KeyObject } from "node:crypto";

/** An authorization server of tests: signs whatever it is told to. */
export class TestIssuer {
  public readonly url = "https://login.example.com/";
  private readonly key: KeyObject;

  public constructor(private readonly kid = "test-1") {
    this.key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  }

  /** Its public keys. */
  public get jwks(): { keys: Record<string, unknown>[] } {
    const { kty, n, e } = createPublicKey(this.key).export({ format: "jwk" });
    return { keys: [{ kty, n, e, kid: this.kid, use: "sig", alg: "RS256" }] };
  }

  /** A token that lives ten minutes; `claims` and `header` add and replace, `undefined` removes. */
  public token(claims: Record<string, unknown>, header: Record<string, unknown> = {}): string {
    const now = Math.floor(Date.now() / 1000);
    const text = [
      { alg: "RS256", typ: "at+jwt", kid: this.kid, ...header },
      { iss: this.url, iat: now, exp: now + 600, sub: "user-1", ...claims },
    ]
      .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
      .join(".");
    if (header.alg === "none") return `${text}.`;
    const hash = header.alg === "RS512" ? "sha512" : "sha256";
    return `${text}.${sign(hash, Buffer.from(text), this.key).toString("base64url")}`;
  }
}
