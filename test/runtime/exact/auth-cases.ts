import { createHash } from "node:crypto";
import { NOW, type Case, type Group, type Made, type Seen } from "./exact";
import { refusal, type Json } from "./messages";
import { BASE } from "./policies";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const [KEY, OLD, OTHER] = ["hmk_one", "hmk_before", "hmk_other"] as const;

const LONGEST = "k".repeat(256);

const POLICY = {
  ...BASE,
  metadata: "https://mcp.example.com/meta",
  scopes: "s t",
  algorithms: ["RS256", "ES256"],
  lifetime: 3600,
  clients: {
    "ci-bot": { by: "key", limit: "60", tools: [] },
    other: { by: "key", limit: "61", tools: [] },
    app: { by: "jwt", claim: "client_id", is: "app", limit: "62", tools: [] },
    azp: { by: "jwt", claim: "azp", is: "azp", limit: "63", tools: [] },
    second: { by: "jwt", claim: "client_id", is: "second", limit: "64", tools: [] },
  },
  tools: {},
};
const ENV = {
  HMCP_KEYS_CI_BOT: `${sha256(OLD)} ${sha256(KEY).toUpperCase()}`,
  HMCP_KEYS_OTHER: `${sha256(OTHER)} ${sha256(LONGEST)} ${sha256(`${LONGEST}k`)} ${sha256(OTHER)}`,
};
const CERTIFICATES = {
  ...POLICY,
  clients: {
    ...POLICY.clients,
    bare: { by: "mtls", subject: "CN=bare", limit: "65", tools: [] },
    full: { by: "mtls", subject: "CN=full", issuer: "CN=ca", serial: "5", limit: "66", tools: [] },
  },
};

type Sent = readonly (readonly [string, string])[];
const see = (headers: Sent, verified?: unknown): Seen => ({
  run: "auth",
  headers: [[":method", "POST"], ...headers],
  metadata: verified === undefined ? {} : { [VERIFIED]: verified },
});
const VERIFIED = "envoy.filters.http.jwt_authn";
const CHALLENGE = 'resource_metadata="https://mcp.example.com/meta", scope="s t"';
const missing = refusal({
  ...{ status: 401, code: -31401, message: "credential missing", reason: "credential-missing", id: null },
  ...{ plain: true, challenge: `Bearer ${CHALLENGE}` },
});
const invalid = (detail: string) =>
  refusal({
    ...{ status: 401, code: -31401, message: "invalid credential", reason: "credential-invalid", detail },
    ...{ id: null, plain: true, challenge: `Bearer error="invalid_token", ${CHALLENGE}` },
  });

const AS_SENT = { trace: null, verb: "POST" };
/** Who is proven. Of what was sent only what tells of a certificate is taken away here. */
const known = (headers: Sent, caller: { client: string; proof: string } & Json, limit: string): Made => ({
  headers: {
    ...Object.fromEntries(
      headers.flatMap(([name]) => (name.startsWith("x-amzn-mtls-") ? [[name, null]] : [])),
    ),
    "x-mcp-client": `${caller.proof}:${caller.client}`,
  },
  metadata: { hmcp: { limit } },
  told: { ...AS_SENT, call: { caller } },
});
const byKey = (key: string, client: string, headers: Sent, limit = "60") =>
  known(headers, { client, proof: "key", credential: { id: `key:${sha256(key).slice(0, 16)}` } }, limit);

const bearer = (text: string): Sent => [["authorization", `Bearer ${text}`]];
const header = (text: string): Sent => [["x-api-key", text]];
const TRACE = `00-${"a1".repeat(16)}-${"b2".repeat(8)}-01`;

/** What is told of what a proven caller sent, whatever it was. */
const SAYINGS: readonly (readonly [string, Sent, Json])[] = [
  ["a root", [["x-amzn-trace-id", "Root=1-2"]], { trace: "Root=1-2" }],
  ["a root that ends a text", [["x-amzn-trace-id", 'a","b":"\\']], { trace: 'a","b":"\\' }],
  ["a root with a tab", [["x-amzn-trace-id", "a\tb\u007f"]], { trace: "a\tb\u007f" }],
  ["a root that is too long", [["x-amzn-trace-id", "r".repeat(257)]], { trace: "r".repeat(256) }],
  // As its bytes are: two of UTF-8 are two.
  ["a root that is no ASCII", [["x-amzn-trace-id", "\u00e9"]], { trace: "\u00c3\u00a9" }],
  ["another verb", [[":method", "GET"]], { verb: "GET" }],
  ["a verb that ends a text", [[":method", 'PO"ST\\']], { verb: 'PO"ST\\' }],
  ["a verb that is too long", [[":method", "V".repeat(17)]], { verb: "V".repeat(16) }],
];

const KEYS: readonly Case[] = [
  ["nothing", see([]), missing],
  ["a cookie", see([["cookie", "key=one"]]), missing],
  ["a key", see(bearer(KEY)), byKey(KEY, "ci-bot", bearer(KEY))],
  ["a key in its own header", see(header(KEY)), byKey(KEY, "ci-bot", header(KEY))],
  ["a key that goes", see(header(OLD)), byKey(OLD, "ci-bot", header(OLD))],
  ["another's key", see(bearer(OTHER)), byKey(OTHER, "other", bearer(OTHER), "61")],
  [
    "a key and a cookie",
    see([...header(KEY), ["cookie", "c"]]),
    byKey(KEY, "ci-bot", [...header(KEY), ["cookie", "c"]]),
  ],
  ["an unknown key", see(header("hmk_none")), invalid("unknown key")],
  ["the longest key", see(header(LONGEST)), byKey(LONGEST, "other", header(LONGEST), "61")],
  ["a key that is too long", see(header(`${LONGEST}k`)), invalid("unknown key")],
  ["two keys", see([...bearer(KEY), ...header(KEY)]), invalid("two credentials")],
  ["one key twice", see([...header(KEY), ...header(KEY)]), invalid("two credentials")],
  ["a key behind an empty one", see([...header(""), ...header(KEY)]), invalid("two credentials")],
  ["one key with a comma", see(header(`${KEY},`)), invalid("unknown key")],
  ["two tokens", see([...bearer("a.b.c"), ...bearer("a.b.c")]), invalid("two credentials")],
  ["a word that is no token", see([["authorization", "Basic x"]]), invalid("no token that can be verified")],
  [
    "a key under another word",
    see([["authorization", `bearer ${KEY}`]]),
    invalid("no token that can be verified"),
  ],
  [
    "a name of one's own",
    see([...header(KEY), ["x-mcp-client", "key:other"]]),
    byKey(KEY, "ci-bot", header(KEY)),
  ],
  ...[TRACE, `${TRACE} `, `x${TRACE}`, TRACE.replace("a1", "g1"), ""].map((trace, index): Case => {
    const its = byKey(KEY, "ci-bot", header(KEY));
    const { caller } = (its.told as { call: { caller: Json } }).call;
    return [
      `a trace ${JSON.stringify(trace)}`,
      see([...header(KEY), ["traceparent", trace]]),
      index === 0
        ? { ...its, told: { ...AS_SENT, call: { caller: { ...caller, traceparent: trace } } } }
        : its,
    ];
  }),
  ...SAYINGS.map(([what, headers, told]): Case => {
    const its = byKey(KEY, "ci-bot", header(KEY));
    const sent = see([...header(KEY), ...headers]);
    const [method] = headers.filter(([name]) => name === ":method");
    return [
      what,
      method === undefined ? sent : { ...sent, headers: [...header(KEY), method] },
      { ...its, told: { ...its.told, ...told } },
    ];
  }),
];

const TOKEN = bearer("head.body.sign");
const CLAIMS = { client_id: "app", iat: NOW, exp: NOW + 600, jti: "t1", scope: "a b" };
const verified = (claims: Json = {}, head: unknown = { alg: "RS256" }) => ({
  header: head,
  claims: { ...CLAIMS, ...claims },
});
const token = (what: string, its: unknown, made: Made): Case => [what, see(TOKEN, its), made];
const goes = (credential: Json = {}, client = "app", limit = "62"): Made => {
  const its = { id: `jti:${sha256("t1").slice(0, 32)}`, scopes: "a b", ...credential };
  return {
    ...known(TOKEN, { client, proof: "jwt", credential: its }, limit),
    notes: { "hmcp.scopes": ` ${its.scopes} ` },
  };
};
const taking = (what: string, claims: Json, credential: Json = {}) =>
  token(what, verified(claims), goes(credential));
const refusing = (what: string, claims: Json, detail: string) =>
  token(what, verified(claims), invalid(detail));
const nobody = refusal({
  ...{ status: 403, code: -31403, message: "no client has this token", reason: "client-unknown", id: null },
});
const signed = { id: `sig:${sha256("sign").slice(0, 32)}` };

const TOKENS: readonly Case[] = [
  taking("a token", {}),
  token("a token of no filter", undefined, invalid("no token that can be verified")),
  token("a token that failed", { failed: { message: "Jwt is expired" } }, invalid("Jwt is expired")),
  token("a token that failed in a word", { failed: "x" }, invalid("no token that can be verified")),
  token(
    "claims that are none",
    { header: { alg: "RS256" }, claims: "" },
    invalid("no token that can be verified"),
  ),
  token("another algorithm", verified({}, { alg: "PS256" }), invalid("algorithm")),
  token("a header that is none", verified({}, "x"), invalid("algorithm")),
  token("what must be understood", verified({}, { alg: "RS256", crit: ["x"] }), invalid("crit")),
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
  token("a claim of nobody", verified({ client_id: "none" }), nobody),
  token("a claim that is a list", verified({ client_id: ["app"] }), nobody),
  token("claims of two", verified({ azp: "azp" }), nobody),
  token("another claim", verified({ client_id: "x", azp: "azp" }), goes({}, "azp", "63")),
  token("another value", verified({ client_id: "second" }), goes({}, "second", "64")),
  taking("scopes in a list", { scope: ["x", "y"] }, { scopes: "x y" }),
  taking("scopes that are none", { scope: 7 }, { scopes: "" }),
  taking("an id that is empty", { jti: "" }, signed),
  taking("an id that is a number", { jti: 7 }, signed),
  taking("an id that is too long", { jti: "j".repeat(257) }, signed),
  taking("the longest id", { jti: "j".repeat(256) }, { id: `jti:${sha256("j".repeat(256)).slice(0, 32)}` }),
  ...["Bearer head..sign", "Bearer .body.sign"].map((text): Case => [
    `the signature of ${text}`,
    see([["authorization", text]], verified({ jti: 7 })),
    goes(signed),
  ]),
  ...["/", ":", "@", "[", "`", "{", ",", " ", "\u00e9"].map((odd): Case => [
    `a token with ${odd} behind it`,
    see(bearer(`head.body.sign${odd}`), verified()),
    invalid("form of the header"),
  ]),
  ...["Basic x, Bearer head.body.sign", "bearer head.body.sign", "Bearer  head.body.sign"].map(
    (text): Case => [
      `a token as ${text}`,
      see([["authorization", text]], verified()),
      invalid("form of the header"),
    ],
  ),
  ["a token of all its letters", see(bearer("0AZaz_9.b.sign"), verified({ jti: 7 })), goes(signed)],
  [
    "the scopes that are texts",
    see(TOKEN, verified({ scope: [7, "a", { b: 1 }, "c"] })),
    goes({ scopes: "a c" }),
  ],
  [
    "a token that was seen before",
    see(TOKEN, verified({ jti: "again" })),
    { ...goes({ id: `jti:${sha256("again").slice(0, 32)}` }), hashed: 1 },
  ],
  [
    "the same token again",
    see(TOKEN, verified({ jti: "again" })),
    { ...goes({ id: `jti:${sha256("again").slice(0, 32)}` }), hashed: 0 },
  ],
];

const M = "x-amzn-mtls-clientcert-";
const certificate = (its: Readonly<Record<string, string>>): Sent =>
  Object.entries(its).map(([name, value]) => [`${M}${name}`, value]);
const BARE = certificate({ subject: "CN=bare", issuer: "CN=any" });
const FULL = certificate({ subject: "CN=full", issuer: "CN=ca", "serial-number": "5" });
const CERTIFIED: readonly Case[] = [
  ["no certificate", see([]), missing],
  ["a certificate", see(BARE), known(BARE, { client: "bare", proof: "mtls" }, "65")],
  ["a certificate with all it must have", see(FULL), known(FULL, { client: "full", proof: "mtls" }, "66")],
  ["a certificate of nobody", see(certificate({ subject: "CN=none" })), missing],
  [
    "another issuer",
    see(certificate({ subject: "CN=full", issuer: "CN=x", "serial-number": "5" })),
    invalid("issuer of the certificate"),
  ],
  [
    "no issuer",
    see(certificate({ subject: "CN=full", "serial-number": "5" })),
    invalid("issuer of the certificate"),
  ],
  [
    "another number",
    see(certificate({ subject: "CN=full", issuer: "CN=ca", "serial-number": "6" })),
    invalid("serial number of the certificate"),
  ],
  ["two subjects", see([...BARE, ...BARE]), invalid("two certificates")],
  [
    "a key beside a certificate",
    see([...BARE, ...header(KEY)]),
    byKey(KEY, "ci-bot", [...BARE, ...header(KEY)]),
  ],
  [
    "more of the family",
    see([...BARE, ["x-amzn-mtls-other", "x"]]),
    known([...BARE, ["x-amzn-mtls-other", "x"]], { client: "bare", proof: "mtls" }, "65"),
  ],
];

/** Tokens by number, and whether a digest of each is made anew. */
const numbered = (index: number, hashed: 0 | 1): Case => [
  `token ${index}, ${hashed === 1 ? "new" : "known"}`,
  see(TOKEN, verified({ jti: `${index}` })),
  { ...goes({ id: `jti:${sha256(`${index}`).slice(0, 32)}` }), hashed },
];
/** As many as are kept twice over: then the first half falls away at once. */
const MANY = [
  ...Array.from({ length: 1000 }, (_, index) => numbered(index, 1)),
  numbered(0, 0),
  numbered(499, 1),
];

const digests = (count: number) => Array.from({ length: count }, (_, index) => sha256(`${index}`)).join(" ");
const CI = "HMCP_KEYS_CI_BOT";
const starts = (env: Readonly<Record<string, string>>, fails: string, policy: object = {}): Group => ({
  policy: { ...POLICY, ...policy },
  env: { ...ENV, ...env },
  fails,
  cases: [],
});
const subject = (its: object) => ({
  clients: {
    one: { by: "mtls", subject: "CN=a", limit: "1", tools: [] },
    two: { by: "mtls", limit: "1", tools: [], ...its },
  },
});
const STARTS: readonly Group[] = [
  { policy: POLICY, env: { [CI]: sha256(KEY) }, fails: "HMCP_KEYS_OTHER is missing", cases: [] },
  starts({ [CI]: "" }, `${CI} must hold one to eight digests`),
  starts({ [CI]: digests(9) }, `${CI} must hold one to eight digests`),
  starts({ [CI]: sha256(KEY).slice(1) }, `${CI} holds something else than SHA-256 digests`),
  starts({ [CI]: "g".repeat(64) }, `${CI} holds something else than SHA-256 digests`),
  starts({ [CI]: sha256(OTHER) }, "holds a key of another client"),
  starts({}, "two clients have one subject", subject({ subject: "CN=a" })),
  starts({}, "two has no subject", { clients: { two: { by: "mtls", limit: "1", tools: [] } } }),
  starts({}, "HMCP_POLICY names another algorithm", { algorithms: ["RS256", "HS256"] }),
  {
    policy: { ...POLICY, algorithms: ["PS256"] },
    env: { ...ENV, [CI]: `${digests(7)} ${sha256(KEY)}` },
    cases: [
      ["the last of eight keys", see(header(KEY)), byKey(KEY, "ci-bot", header(KEY))],
      token("a token of the one algorithm", verified({}, { alg: "PS256" }), goes()),
    ],
  },
];

export const AUTH_GROUPS: readonly Group[] = [
  { policy: POLICY, env: ENV, cases: [...KEYS, ...TOKENS] },
  { policy: POLICY, env: { ...ENV, [CI]: sha256(KEY) }, cases: MANY },
  ...STARTS,
  { policy: CERTIFICATES, env: ENV, cases: CERTIFIED },
  {
    policy: { ...POLICY, metadata: undefined, scopes: undefined },
    env: ENV,
    cases: [
      [
        "nothing, and nowhere to go",
        see([]),
        refusal({
          ...{ status: 401, code: -31401, message: "credential missing", reason: "credential-missing" },
          ...{ id: null, plain: true, challenge: 'Bearer realm="mcp"' },
        }),
      ],
    ],
  },
];
