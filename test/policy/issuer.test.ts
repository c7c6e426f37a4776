import { issuer, run, set } from "./fixture";

const key = { kty: "RSA", n: issuer.jwks.keys[0]?.n, e: "AQAB", kid: "a" };
const keys = (...all: object[]) => set("auth.jwt.keys", { kind: "inline", jwks: { keys: all } });
const KEY = "auth.jwt.keys.jwks.keys[0]";

const WRONG: [what: string, change: (config: never) => void, problems: string[]][] = [
  [
    "an issuer without TLS",
    set("auth.jwt.issuer", "http://login.example.com"),
    ["auth.jwt.issuer wrong-form"],
  ],
  ["a long life", set("auth.jwt.maxLifetimeMinutes", 61), ["auth.jwt.maxLifetimeMinutes out-of-range"]],
  [
    "mirrored keys",
    set("auth.jwt.keys", { kind: "mirrored", uri: "https://x" }),
    ["auth.jwt.keys.kind not-supported-yet"],
  ],
  [
    "fetched keys",
    set("auth.jwt.keys", { kind: "fetched", uri: "https://x" }),
    ["auth.jwt.keys.kind not-supported-yet"],
  ],
  ["no keys", keys(), ["auth.jwt.keys.jwks.keys too-few"]],
  ["a private key", keys({ ...key, d: "SECRET" }), [`${KEY} unsafe`]],
  ["a symmetric key", keys({ kty: "oct", k: "SECRET", kid: "a" }), [`${KEY} unsafe`]],
  ["another algorithm", keys({ ...key, alg: "RS512" }), [`${KEY} unsafe`]],
  ["an elliptic key", keys({ kty: "EC", kid: "a" }), [`${KEY} unsafe`]],
  ["a key for encryption", keys({ ...key, use: "enc" }), [`${KEY}.use unsafe`]],
  ["a key without an id", keys({ ...key, kid: undefined }), [`${KEY}.kid required`]],
  ["an id twice", keys(key, key), ["auth.jwt.keys.jwks.keys[1].kid duplicate"]],
  ["a short key", keys({ ...key, n: "AQAB" }), [`${KEY}.n unsafe`]],
  ["a small exponent", keys({ ...key, e: "Aw" }), [`${KEY}.e unsafe`]],
];

test.each(WRONG)("%s", (_what, change, problems) => {
  const { check } = run(change);
  expect(check.problems.map(({ path, code }) => `${path} ${code}`)).toEqual(problems);
});

test("nothing of a key is repeated in a message", () => {
  const { check } = run(
    keys({ ...key, d: "SECRET", p: "SECRET" }, { ...key, kid: "SECRET", n: "SECRET", e: "SECRET" }),
  );
  expect(check.problems.length).toBeGreaterThan(1);
  expect(JSON.stringify(check.problems)).not.toContain("SECRET");
  expect(check.problems[0]?.says).toContain("d, p");
});
