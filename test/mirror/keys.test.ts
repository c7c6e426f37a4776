import { generateKeyPairSync } from "node:crypto";
import { readKeys, type KeyAlgorithm } from "../../lib/runtime/mirror/keys";
import { rsa, type Jwk } from "./jwk";

const [a, b] = [rsa("a"), rsa("b")];
const set = (...keys: unknown[]) => JSON.stringify({ keys });
const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "jwk" }) as Jwk;
const CANARY = "canary-71c0ffee";

const says = (text: string): string => {
  try {
    readKeys(text);
    return "";
  } catch (error) {
    return (error as Error).message;
  }
};

it("builds each key anew from its public parts", () => {
  const dressed = {
    ...a,
    ...{
      x5u: `https://${CANARY}`,
      jku: CANARY,
      x5c: [CANARY],
      x5t: CANARY,
      key_ops: ["verify"],
      extra: CANARY,
    },
  };
  // The same numbers, written with leading zeros.
  const padded = {
    ...b,
    n: Buffer.concat([Buffer.alloc(2), Buffer.from(b.n as string, "base64url")]).toString("base64url"),
    e: "AAEAAQ",
    alg: undefined,
    use: undefined,
  };
  expect(readKeys(set(dressed, padded))).toEqual([
    { kty: "RSA", kid: "a", use: "sig", alg: "RS256", n: a.n, e: "AQAB" },
    { kty: "RSA", kid: "b", use: "sig", alg: "RS256", n: b.n, e: "AQAB" },
  ]);
});

describe("what the gateway would not take is passed over", () => {
  test.each<[string, unknown]>([
    ["an elliptic key", { ...ec, kid: "x", use: "sig", alg: "ES256" }],
    ["a key for encryption", { ...b, use: "enc" }],
    ["another algorithm", { ...b, alg: "RS512" }],
    ["no key id", { ...b, kid: undefined }],
    ["an empty key id", { ...b, kid: "" }],
    ["a key id that breaks lines", { ...b, kid: "a\nb" }],
    ["a long key id", { ...b, kid: "k".repeat(129) }],
    ["a short key", rsa("x", 1024)],
    ["a key one bit too short", rsa("x", 2047)],
    ["a key that costs too much", { ...b, n: `${"_".repeat(1400)}w` }],
    ["the exponent 3", rsa("x", 2048, 3)],
    ["an even exponent", { ...b, e: "AQAA" }],
    ["a huge exponent", { ...b, e: Buffer.alloc(9, 255).toString("base64url") }],
    ["a number where a text belongs", { ...b, n: 5 }],
    ["no modulus", { ...b, n: "" }],
    ["junk", "key"],
    ["nothing", null],
  ])("%s", (_what, key) => {
    expect(readKeys(set(key, a)).map(({ kid }) => kid)).toEqual(["a"]);
    expect(says(set(key))).toContain("no RSA key of 2048 bits or more for RS256");
  });
});

describe("keys of other algorithms, where they are asked for", () => {
  const point = { ...ec, kid: "p", use: "sig", alg: "ES256" };
  const { alg: _alg, ...open } = a;
  const both = { kty: "RSA", kid: "a", use: "sig", n: a.n, e: "AQAB" };
  const built = { kty: "EC", kid: "p", use: "sig", alg: "ES256", crv: "P-256", x: ec.x, y: ec.y };
  const other = generateKeyPairSync("ec", { namedCurve: "P-384" }).publicKey.export({ format: "jwk" }) as Jwk;
  test.each<[string, KeyAlgorithm[], unknown[], unknown[]]>([
    ["a point", ["ES256"], [{ ...point, x5c: [CANARY] }], [built]],
    ["a point that says nothing of itself", ["ES256"], [{ ...ec, kid: "p" }], [built]],
    ["RSA keys where only points are signed with", ["ES256"], [a, point], [built]],
    [
      "points where only RSA is signed with",
      ["PS256"],
      [{ ...a, alg: "PS256" }, point],
      [{ ...both, alg: "PS256" }],
    ],
    ["a key of RS256 where only PS256 is taken", ["PS256", "ES256"], [a, point], [built]],
    ["a key for either", ["RS256", "PS256"], [open], [both]],
    ["a key for the only one", ["PS256", "ES256"], [open], [{ ...both, alg: "PS256" }]],
    ["another curve", ["ES256"], [{ ...other, kid: "x" }, point], [built]],
    ["another curve that lies", ["ES256"], [{ ...other, crv: "P-256", kid: "x" }, point], [built]],
    ["a point beside the curve", ["ES256"], [{ ...point, kid: "x", y: ec.x }, point], [built]],
    ["half a point", ["ES256"], [{ ...point, kid: "x", y: undefined }, point], [built]],
  ])("%s", (_what, algorithms, keys, expected) => {
    expect(readKeys(set(...keys), algorithms)).toEqual(expected);
  });

  it("says which are missing", () => {
    expect(() => readKeys(set(a), ["ES256"])).toThrow("lists no key on P-256 for ES256, with a kid");
  });
});

describe("a document that cannot be trusted is refused whole, and not quoted", () => {
  const secret = pair.privateKey.export({ format: "jwk" }) as Jwk;
  test.each<[what: string, text: string, why: string]>([
    ["an empty set", set(), "no RSA key of 2048 bits or more for RS256"],
    ["a page", `<html>${CANARY}</html>`, "is not JSON"],
    ["JSON that breaks off", set(a).slice(0, -9), "is not JSON"],
    ["another document", JSON.stringify({ error: CANARY }), "is not a set of keys"],
    ["keys that are no list", JSON.stringify({ keys: { [CANARY]: a } }), "is not a set of keys"],
    ["null", "null", "is not a set of keys"],
    ["a private key beside a good one", set(a, { ...secret, kid: CANARY }), "private or symmetric key"],
    ["one private member", set(a, { ...b, dq: CANARY }), "private or symmetric key"],
    ["a symmetric key", set(a, { kty: "oct", kid: "s", k: CANARY }), "private or symmetric key"],
    ["a key id twice", set(a, { ...b, kid: "a" }), "two keys with the kid a"],
    [
      "too many keys",
      set(...Array.from({ length: 21 }, (_each, i) => ({ ...a, kid: `k${i}` }))),
      "more than 20",
    ],
  ])("%s", (_what, text, why) => {
    const message = says(text);
    expect(message).toContain(why);
    expect(message).not.toContain(CANARY);
    expect(message).not.toContain(String(a.n).slice(0, 20));
  });
});
