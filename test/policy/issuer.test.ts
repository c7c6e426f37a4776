import { generateKeyPairSync } from "node:crypto";
import { issuer, run, set } from "./fixture";

const key = { kty: "RSA", n: issuer.jwks.keys[0]?.n, e: "AQAB", kid: "a" };
const keys = (...all: object[]) => set("auth.jwt.keys", { kind: "inline", jwks: { keys: all } });
const mirrored = (change: object) =>
  set("auth.jwt.keys", { kind: "mirrored", uri: "https://i.example.com/jwks?p=b2c", ...change });
const KEY = "auth.jwt.keys.jwks.keys[0]";

const WRONG: [what: string, change: (config: never) => void, problems: string[]][] = [
  [
    "an issuer without TLS",
    set("auth.jwt.issuer", "http://login.example.com"),
    ["auth.jwt.issuer wrong-form"],
  ],
  ["a long life", set("auth.jwt.maxLifetimeMinutes", 61), ["auth.jwt.maxLifetimeMinutes out-of-range"]],
  ["a mirror without an address", mirrored({ uri: undefined }), ["auth.jwt.keys.uri required"]],
  ["a mirror without TLS", mirrored({ uri: "http://i.example.com/jwks" }), ["auth.jwt.keys.uri wrong-form"]],
  ["a mirror of a host alone", mirrored({ uri: "https://i.example.com" }), ["auth.jwt.keys.uri wrong-form"]],
  [
    "a mirror with a password in its address",
    mirrored({ uri: "https://me:secret@i.example.com/jwks" }),
    ["auth.jwt.keys.uri wrong-form"],
  ],
  ["a mirror that is too busy", mirrored({ everyMinutes: 4 }), ["auth.jwt.keys.everyMinutes out-of-range"]],
  ["a mirror that is too slow", mirrored({ everyMinutes: 61 }), ["auth.jwt.keys.everyMinutes out-of-range"]],
  ["no overlap", mirrored({ overlapMinutes: 0 }), ["auth.jwt.keys.overlapMinutes out-of-range"]],
  ["an overlap of days", mirrored({ overlapMinutes: 1441 }), ["auth.jwt.keys.overlapMinutes out-of-range"]],
  [
    "an overlap that one missed copy ends",
    mirrored({ everyMinutes: 30, overlapMinutes: 30 }),
    ["auth.jwt.keys.overlapMinutes conflict"],
  ],
  ["a field of another kind", mirrored({ jwks: { keys: [] } }), ["auth.jwt.keys.jwks unknown-field"]],
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

const point = {
  ...(generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "jwk" }) as {
    x: string;
  }),
  kid: "p",
};
const curve384 = generateKeyPairSync("ec", { namedCurve: "P-384" }).publicKey.export({ format: "jwk" });
const signed = (algorithms: unknown, ...all: object[]) => [
  set("auth.jwt.algorithms", algorithms),
  keys(...all),
];

test.each<[string, ((config: never) => void)[], string[]]>([
  ["a point where it is asked for", signed(["ES256"], point), []],
  ["both kinds", signed(["ES256", "RS256"], point, key), []],
  ["a key for either RSA algorithm", signed(["RS256", "PS256"], key), []],
  ["a secret's algorithm", signed(["HS256"], key), ["auth.jwt.algorithms[0] unknown-kind"]],
  ["none", signed(["none", "RS256"], key), ["auth.jwt.algorithms[0] unknown-kind"]],
  ["no algorithm", signed([], key), ["auth.jwt.algorithms too-few"]],
  ["one twice", signed(["RS256", "RS256"], key), ["auth.jwt.algorithms[1] duplicate"]],
  ["a point for RSA", signed(["RS256"], point, key), [`${KEY} unsafe`]],
  ["an RSA key for points", signed(["ES256"], key), [`${KEY} unsafe`]],
  ["a key of the other RSA algorithm", signed(["PS256"], { ...key, alg: "RS256" }), [`${KEY} unsafe`]],
  [
    "a point that says it is for RSA",
    signed(["RS256", "ES256"], { ...point, alg: "RS256" }, key),
    [`${KEY} unsafe`],
  ],
  ["a private point", signed(["ES256"], { ...point, d: "SECRET" }), [`${KEY} unsafe`]],
  ["another curve", signed(["ES256"], { ...curve384, kid: "p" }), [`${KEY}.crv unsafe`]],
  ["a point beside the curve", signed(["ES256"], { ...point, y: point.x }), [`${KEY}.x unsafe`]],
  ["half a point", signed(["ES256"], { ...point, y: undefined }), [`${KEY}.x unsafe`]],
  [
    "an id of both",
    signed(["RS256", "ES256"], { ...point, kid: "a" }, key),
    ["auth.jwt.keys.jwks.keys[1].kid duplicate"],
  ],
  ["an algorithm without a key", signed(["RS256", "ES256"], key), ["auth.jwt.keys.jwks unknown-reference"]],
])("algorithms: %s", (_what, changes, problems) => {
  const { check, policy } = run((config: never) => changes.forEach((change) => change(config)));
  expect(check.problems.map(({ path, code }) => `${path} ${code}`)).toEqual(problems);
  if (problems.length === 0)
    expect(policy.issuers[0]?.algorithms).toEqual([...(policy.issuers[0]?.algorithms ?? [])].sort(byOrder));
});

const byOrder = (one: string, other: string) =>
  "RPE".indexOf(one[0] as string) - "RPE".indexOf(other[0] as string);

test.each(WRONG)("%s", (_what, change, problems) => {
  const { check } = run(change);
  expect(check.problems.map(({ path, code }) => `${path} ${code}`)).toEqual(problems);
});

test("mirrored keys have defaults, and stand in the policy as what they are", () => {
  const { check, policy } = run(mirrored({}));
  expect(check.problems).toEqual([]);
  expect(policy.issuers).toEqual([
    {
      ...policy.issuers[0],
      mirror: { uri: "https://i.example.com/jwks?p=b2c", everyMinutes: 15, overlapMinutes: 60 },
    },
  ]);
  expect(policy.issuers[0]).not.toHaveProperty("jwks");
});

test("nothing of a key is repeated in a message", () => {
  const { check } = run(
    keys({ ...key, d: "SECRET", p: "SECRET" }, { ...key, kid: "SECRET", n: "SECRET", e: "SECRET" }),
  );
  expect(check.problems.length).toBeGreaterThan(1);
  expect(JSON.stringify(check.problems)).not.toContain("SECRET");
  expect(check.problems[0]?.says).toContain("d, p");
});
