import { verified } from "../verified";
import { bearer, invalid, known, see, sha256, type Texts } from "./callers";
import { NOW, type Case, type Made } from "./exact";
import { refusal, type Json } from "./messages";

const CLAIMS = { client_id: "app", iat: NOW, exp: NOW + 600, jti: "t1", scope: "a b" };
const HEADER = { alg: "RS256" };
/** A token that was verified; `header` and `claims` as text where they are to be so to the letter. */
const token = (
  what: string,
  { header = HEADER, claims = CLAIMS, signature }: { header?: unknown; claims?: unknown; signature?: string },
  made: Made,
  as?: Parameters<typeof verified>[1],
): Case => [what, see(verified({ header, claims, ...(signature && { signature }) }, as)), made];
const goes = (credential: Json = {}, client = "app", limit = "62", notes: Texts = {}): Made => {
  const its = { id: `jti:${sha256("t1").slice(0, 32)}`, scopes: "a b", ...credential };
  return {
    ...known([], { client, proof: "jwt", credential: its }, limit),
    notes: { "hmcp.scopes": ` ${its.scopes} `, ...notes },
  };
};
const taking = (what: string, claims: Json, credential: Json = {}) =>
  token(what, { claims: { ...CLAIMS, ...claims } }, goes(credential));
const refusing = (what: string, claims: Json, detail: string) =>
  token(what, { claims: { ...CLAIMS, ...claims } }, invalid(detail));
const nobody = refusal({
  ...{ status: 403, code: -31403, message: "no client has this token", reason: "client-unknown", id: null },
});
const [FORM, UNREAD] = ["form of the header", "the token cannot be read"];
const unread = invalid(UNREAD);
const signed = (signature = "sign") => ({ id: `sig:${sha256(signature).slice(0, 32)}` });
/** Every letter of base64url, in each of the four places. */
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/** Texts whose letters stand at the ends of what a byte holds. */
const ODD = ["", "a", "ab", "abc", "~}|{", "\u00ff\u00bf\ufffd\u{10ffff}", "\u0080\u07ff\u0800"];

export const TOKENS: readonly Case[] = [
  taking("a token", {}),
  ["a token of no filter", see(bearer("head.body.sign")), invalid("no token that can be verified")],
  [
    "a token that failed",
    see(bearer("head.body.sign"), { message: "Jwt is expired" }),
    invalid("Jwt is expired"),
  ],
  [
    "a token that failed in a word",
    see(bearer("head.body.sign"), "x"),
    invalid("no token that can be verified"),
  ],
  token("another algorithm", { header: { alg: "PS256" } }, invalid("algorithm")),
  token("no algorithm", { header: {} }, invalid("algorithm")),
  token("what must be understood", { header: { ...HEADER, crit: ["x"] } }, invalid("crit")),
  ...["x", "", "[]", '"x"', '{"alg":"RS256","alg":"RS256"}', '{"alg":"RS256"'].map((header) =>
    token(`a header ${header}`, { header }, unread),
  ),
  ...["x", "", "[]", '{"exp":1,"exp":2}', `${"[".repeat(40)}`, JSON.stringify(CLAIMS).slice(1)].map(
    (claims) => token(`claims ${claims}`, { claims }, unread),
  ),
  token(
    "more claims than are read",
    { claims: { ...CLAIMS, x: Array.from({ length: 9994 }, () => 1) } },
    unread,
  ),
  taking("as many claims as are read", { x: Array.from({ length: 9993 }, () => 1) }),
  taking("claims as deep as are read", { x: JSON.parse(`${"[".repeat(31)}${"]".repeat(31)}`) as Json }),
  refusing("deeper claims", { x: JSON.parse(`${"[".repeat(32)}${"]".repeat(32)}`) as Json }, UNREAD),
  ...ODD.map((scope) => taking(`scopes ${JSON.stringify(scope)}`, { scope }, { scopes: scope })),
  refusing("a beginning that is a text", { iat: "1" }, "iat or exp is missing"),
  refusing("an end that is a text", { exp: "1" }, "iat or exp is missing"),
  refusing("an end at the beginning", { exp: NOW }, "lifetime"),
  refusing("too long a life", { exp: NOW + 3601 }, "lifetime"),
  taking("the longest life", { exp: NOW + 3600 }),
  taking("a beginning as late as may be", { iat: NOW + 30 }),
  refusing("a later beginning", { iat: NOW + 31 }, "iat is in the future"),
  taking("an end as early as may be", { iat: NOW - 60, exp: NOW - 30 }),
  refusing("an earlier end", { iat: NOW - 60, exp: NOW - 31 }, "expired"),
  taking("valid as late as may be", { nbf: NOW + 30 }),
  refusing("valid later", { nbf: NOW + 31 }, "nbf"),
  refusing("valid from a text", { nbf: "1" }, "nbf"),
  refusing("valid from nothing", { nbf: null }, "nbf"),
  token("a claim of nobody", { claims: { ...CLAIMS, client_id: "none" } }, nobody),
  token("a claim that is a list", { claims: { ...CLAIMS, client_id: ["app"] } }, nobody),
  token("claims of two", { claims: { ...CLAIMS, azp: "azp" } }, nobody),
  token("another claim", { claims: { ...CLAIMS, client_id: "x", azp: "azp" } }, goes({}, "azp", "63")),
  token("another value", { claims: { ...CLAIMS, client_id: "second" } }, goes({}, "second", "64")),
  taking("scopes in a list", { scope: ["x", "y"] }, { scopes: "x y" }),
  taking("the scopes that are texts", { scope: [7, "a", { b: 1 }, "c"] }, { scopes: "a c" }),
  taking("scopes that are none", { scope: 7 }, { scopes: "" }),
  taking("scopes in an object", { scope: { a: "b" } }, { scopes: "" }),
  taking("an id that is empty", { jti: "" }, signed()),
  taking("an id that is a number", { jti: 7 }, signed()),
  taking("an id that is too long", { jti: "j".repeat(257) }, signed()),
  taking("the longest id", { jti: "j".repeat(256) }, { id: `jti:${sha256("j".repeat(256)).slice(0, 32)}` }),
  token(
    "a signature of all letters",
    { claims: { ...CLAIMS, jti: 7 }, signature: LETTERS },
    goes(signed(LETTERS)),
  ),
  ...["/", ":", "@", "[", "`", "{", ",", " ", "=", "+", "\u00e9"].map((odd) =>
    token(
      `a token with ${odd} behind it`,
      {},
      invalid(FORM),
      (head, body, sign) => `Bearer ${head}.${body}.${sign}${odd}`,
    ),
  ),
  ...(
    [
      (token) => `Basic x, Bearer ${token}`,
      (token) => `bearer ${token}`,
      (token) => `Bearer  ${token}`,
      (token) => `Bearer x${token}.y`,
      (token) => `Bearer ${token.replace(".", "..")}`,
      (token) => `Bearer ${token.replace(/\.sign/, "x.sign")}`,
      (token) => `Bearer ${token.replace(/\..*\./, ".")}`,
      (token) => `Bearer ${token.replace(/\..*/, "")}`,
      (token) => `Bearer .${token}`,
    ] satisfies ((token: string) => string)[]
  ).map((as, index) =>
    token(`a token in another form, ${index}`, {}, invalid(FORM), (...parts) => as(parts.join("."))),
  ),
];
const AGAIN = { claims: { ...CLAIMS, jti: "again", exp: NOW + 3600, nbf: NOW + 30 } };
const again = goes({ id: `jti:${sha256("again").slice(0, 32)}` });
/** A case at another time. */
const at = (now: number, [what, seen, made]: Case): Case => [what, { ...seen, now }, made];
/** What is known of a token is found again, but for its time. */
export const KEPT: readonly Case[] = [
  token("a token that was not seen before", AGAIN, { ...again, hashed: 1 }),
  token("the same token again", AGAIN, { ...again, hashed: 0 }),
  [
    "the same token, not verified",
    see(verified({ header: HEADER, ...AGAIN }).slice(0, 1)),
    invalid("no token that can be verified"),
  ],
  at(NOW - 30, token("a known token as early as may be", AGAIN, invalid("nbf"))),
  at(NOW - 31, token("a known token too early", AGAIN, invalid("iat is in the future"))),
  at(NOW + 3630, token("a known token as late as may be", AGAIN, { ...again, hashed: 0 })),
  at(NOW + 3631, token("a known token that has ended", AGAIN, invalid("expired"))),
  token("a claim of nobody, not kept", { claims: { ...CLAIMS, azp: "azp" } }, { ...nobody, hashed: 1 }),
  token("a claim of nobody, read again", { claims: { ...CLAIMS, azp: "azp" } }, { ...nobody, hashed: 1 }),
  ...[0, 0, 1, 1].map((more, index) =>
    token(
      `a token of ${4096 + more} bytes, ${index % 2 === 0 ? "first" : "again"}`,
      { claims: { ...CLAIMS, jti: "long" }, signature: "s".repeat(signatureFor(4096 + more)) },
      { ...goes({ id: `jti:${sha256("long").slice(0, 32)}` }), hashed: index === 1 ? 0 : 1 },
    ),
  ),
];
/** Length of a signature that makes the header so long. */
function signatureFor(bytes: number): number {
  const [[, text] = ["", ""]] = verified({
    header: HEADER,
    claims: { ...CLAIMS, jti: "long" },
    signature: "s",
  });
  return bytes - text.length + 1;
}

export const ONE_ALGORITHM = token("a token of the one algorithm", { header: { alg: "PS256" } }, goes());

/** Where sessions are kept, whose a token is goes on. */
export const SUBJECTS: readonly Case[] = [
  ["ann", "ann"],
  ["", ""],
  [7, ""],
  [undefined, ""],
].map(([sub, subject]) =>
  token(
    `of the subject ${JSON.stringify(sub)}`,
    { claims: { ...CLAIMS, sub } },
    goes({}, "app", "62", { "hmcp.subject": subject as string }),
  ),
);

/** Tokens by number, and whether a digest of each is made anew. */
const numbered = (index: number, hashed: 0 | 1): Case => [
  `token ${index}, ${hashed === 1 ? "new" : "known"}`,
  see(verified({ header: HEADER, claims: { ...CLAIMS, jti: `${index}` } })),
  { ...goes({ id: `jti:${sha256(`${index}`).slice(0, 32)}` }), hashed },
];
/** As many as are kept twice over: then the first half falls away at once. */
export const MANY = [
  ...Array.from({ length: 1000 }, (_, index) => numbered(index, 1)),
  numbered(0, 0),
  numbered(499, 1),
];
/** One that is used often takes no other's room. */
export const OFTEN = [
  numbered(0, 1),
  numbered(1, 1),
  ...Array.from({ length: 1000 }, () => numbered(1, 0)),
  numbered(0, 0),
];
