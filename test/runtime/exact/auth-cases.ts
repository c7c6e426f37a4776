import { TASK_VARIABLE } from "../../../lib/gateway/contract";
import {
  AS_SENT,
  ENV,
  KEY,
  LONGEST,
  OLD,
  OTHER,
  POLICY,
  bearer,
  invalid,
  known,
  missing,
  see,
  sha256,
  type Sent,
} from "./callers";
import type { Case, Group } from "./exact";
import { refusal, type Json } from "./messages";
import { TASK, TLS_KEY } from "./session";
import { KEPT, MANY, OFTEN, ONE_ALGORITHM, SUBJECTS, TOKENS } from "./token-cases";

const CERTIFICATES = {
  ...POLICY,
  clients: {
    ...POLICY.clients,
    bare: { by: "mtls", subject: "CN=bare", limit: "65", tools: [] },
    full: { by: "mtls", subject: "CN=full", issuer: "CN=ca", serial: "5", limit: "66", tools: [] },
  },
};

const byKey = (key: string, client: string, headers: Sent, limit = "60") =>
  known(headers, { client, proof: "key", credential: { id: `key:${sha256(key).slice(0, 16)}` } }, limit);

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
    cases: [["the last of eight keys", see(header(KEY)), byKey(KEY, "ci-bot", header(KEY))], ONE_ALGORITHM],
  },
];

export const AUTH_GROUPS: readonly Group[] = [
  { policy: POLICY, env: ENV, cases: [...KEYS, ...TOKENS] },
  { policy: POLICY, env: ENV, cases: KEPT },
  {
    policy: { ...POLICY, sessions: true },
    env: { ...ENV, HMCP_TLS_KEY: TLS_KEY, [TASK_VARIABLE]: TASK },
    cases: SUBJECTS,
  },
  { policy: POLICY, env: { ...ENV, [CI]: sha256(KEY) }, cases: MANY },
  { policy: POLICY, env: ENV, cases: OFTEN },
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
