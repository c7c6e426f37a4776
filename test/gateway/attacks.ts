import { GATEWAY } from "../../lib/gateway";
import type { AuditReason } from "../../lib/gateway/audit-line";
import type { SendOptions } from "../support/envoy";
import { TestIssuer } from "../support/tokens";
import { PATH, URL_OF_SERVER, call, legacy, modern, newKey, type Lab, type Message } from "./lab";

/** Status and reason that an attack must end with. */
export type Expected = readonly [status: number, reason: AuditReason];
/** One attack. */
export type Attack = readonly [what: string, request: (lab: Lab) => SendOptions, expected: Expected];

/** A message as a request of the client `ci-bot`, with further headers; `undefined` takes one away. */
export function as(
  lab: Lab,
  message: Message,
  headers: Record<string, string | string[] | undefined> = {},
): SendOptions {
  return raw(lab, JSON.stringify(message.body), { ...message.headers, ...headers });
}

function raw(
  lab: Lab,
  body: string | Buffer,
  headers: Record<string, string | string[] | undefined>,
): SendOptions {
  const all = { authorization: `Bearer ${lab.keys.ciBot}`, ...headers };
  const present = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return { path: PATH, headers: Object.fromEntries(present), body };
}

/** A call that is allowed. */
export const search = call("search", { query: "blue" });
const text = JSON.stringify(search.body);
const withBody = (body: string | Buffer) => (lab: Lab) => raw(lab, body, search.headers);
const withHeaders = (headers: Record<string, string | string[] | undefined>) => (lab: Lab) =>
  as(lab, search, headers);
const withArgs = (args: unknown) => (lab: Lab) => as(lab, call("search", args));
type Claims = Record<string, unknown>;
/** Claims that name a time are made when the request is: a token is judged by the time of day. */
const withToken =
  (claims: Claims | ((now: number) => Claims), header: Record<string, unknown> = {}, message = search) =>
  (lab: Lab) => {
    const own = typeof claims === "function" ? claims(Math.floor(Date.now() / 1000)) : claims;
    return as(lab, message, { authorization: `Bearer ${lab.token(own, header)}` });
  };
const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;

const CREDENTIALS: Attack[] = [
  ["no credential", withHeaders({ authorization: undefined }), [401, "credential-missing"]],
  ["an unknown key", withHeaders({ authorization: `Bearer ${newKey()}` }), [401, "credential-invalid"]],
  [
    "a key's digest",
    withHeaders({ authorization: `Bearer hmk_${"0".repeat(64)}` }),
    [401, "credential-invalid"],
  ],
  [
    "a key and a token",
    (lab) => as(lab, search, { "x-api-key": lab.keys.ciBot }),
    [401, "credential-invalid"],
  ],
  [
    "two keys",
    (lab) => as(lab, search, { authorization: undefined, "x-api-key": [lab.keys.ciBot, lab.keys.narrow] }),
    [401, "credential-invalid"],
  ],
  ["basic authentication", withHeaders({ authorization: "Basic YTpi" }), [401, "credential-invalid"]],
  [
    "a key in the query",
    (lab) => ({ ...as(lab, search, { authorization: undefined }), path: `${PATH}?key=${lab.keys.ciBot}` }),
    [400, "query-denied"],
  ],
  [
    "a token in the query",
    (lab) => ({
      ...as(lab, search, { authorization: undefined }),
      path: `${PATH}?access_token=${lab.token()}`,
    }),
    [400, "query-denied"],
  ],
  [
    "only the name of a client",
    withHeaders({ authorization: undefined, "x-mcp-client": "key:ci-bot" }),
    [401, "credential-missing"],
  ],
];

const stranger = new TestIssuer();
const TOKENS: Attack[] = [
  [
    "signed by somebody else",
    (lab) =>
      as(lab, search, {
        authorization: `Bearer ${stranger.token({ aud: URL_OF_SERVER, client_id: "support-app" })}`,
      }),
    [401, "credential-invalid"],
  ],
  [
    "behind the prefix of a key, where no signature is looked at",
    (lab) => as(lab, search, { authorization: `Bearer hmk_${lab.token()}` }),
    [401, "credential-invalid"],
  ],
  [
    "signed by somebody else, beside the prefix of a key",
    (lab) =>
      as(lab, search, {
        authorization: [
          "Bearer hmk_",
          `Bearer ${stranger.token({ aud: URL_OF_SERVER, client_id: "support-app" })}`,
        ],
      }),
    [401, "credential-invalid"],
  ],
  [
    "signed by somebody else, with its claims as Envoy writes them once it has verified",
    (lab) => {
      const token = stranger.token({ aud: URL_OF_SERVER, client_id: "support-app" });
      const claims = token.split(".")[1] ?? "";
      return as(lab, search, { authorization: `Bearer ${token}`, [GATEWAY.claimsHeader]: claims });
    },
    [401, "credential-invalid"],
  ],
  [
    "claims without a token",
    (lab) =>
      as(lab, search, {
        authorization: undefined,
        [GATEWAY.claimsHeader]: lab.token().split(".")[1] ?? "",
      }),
    [401, "credential-missing"],
  ],
  ["of another issuer", withToken({ iss: "https://evil.example.com/" }), [401, "credential-invalid"]],
  ["expired", withToken((now) => ({ iat: now - 700, exp: now - 100 })), [401, "credential-invalid"]],
  ["without expiry", withToken({ exp: undefined }), [401, "credential-invalid"]],
  ["alg none", withToken({}, { alg: "none" }), [401, "credential-invalid"]],
  ["alg RS512", withToken({}, { alg: "RS512" }), [401, "credential-invalid"]],
  ["crit", withToken({}, { crit: ["x"], x: 1 }), [401, "credential-invalid"]],
  ["for another audience", withToken({ aud: "https://mcp.example.com/other" }), [401, "credential-invalid"]],
  ["without audience", withToken({ aud: undefined }), [401, "credential-invalid"]],
  ["living too long", withToken((now) => ({ exp: now + 3700 })), [401, "credential-invalid"]],
  ["without iat", withToken({ iat: undefined }), [401, "credential-invalid"]],
  ["issued in the future", withToken((now) => ({ iat: now + 300 })), [401, "credential-invalid"]],
  ["not yet valid", withToken((now) => ({ nbf: now + 300 })), [401, "credential-invalid"]],
  ["of no client", withToken({ client_id: "stranger" }), [403, "client-unknown"]],
  ["of no client, named like a key's client", withToken({ client_id: "ci-bot" }), [403, "client-unknown"]],
  ["of two clients", withToken({ azp: "other-app" }), [403, "client-unknown"]],
  ["with a list for a claim", withToken({ client_id: ["support-app"] }), [403, "client-unknown"]],
  [
    "without the tool's scope",
    withToken({ scope: "openid mcp:refunds" }, {}, call("refund", { order: "ord_1234" })),
    [403, "scope-missing"],
  ],
];

const TOOLS: Attack[] = [
  ["that is another client's", (lab) => as(lab, call("refund", { order: "ord_1234" })), [400, "tool-denied"]],
  ["that nobody may call", (lab) => as(lab, call("secret")), [400, "tool-denied"]],
  ["that does not exist", (lab) => as(lab, call("nothing")), [400, "tool-unknown"]],
  ["in another case", (lab) => as(lab, call("Search", { query: "x" })), [400, "tool-unknown"]],
  ["outside its window", (lab) => as(lab, call("closed")), [400, "outside-window"]],
  ["of an unknown method", (lab) => as(lab, modern("tools/delete")), [404, "method-unknown"]],
  [
    "denied, in the legacy era",
    (lab) => as(lab, legacy("tools/call", { name: "secret" })),
    [200, "tool-denied"],
  ],
];

const ARGUMENTS: Attack[] = [
  ["too long", withArgs({ query: "x".repeat(41) }), [400, "argument-invalid"]],
  ["too long in code points", withArgs({ query: "😀".repeat(41) }), [400, "argument-invalid"]],
  ["too short", withArgs({ query: "" }), [400, "argument-invalid"]],
  ["of another type", withArgs({ query: 1 }), [400, "argument-invalid"]],
  ["null", withArgs({ query: null }), [400, "argument-invalid"]],
  ["unknown", withArgs({ query: "x", admin: true }), [400, "argument-invalid"]],
  ["not listed", withArgs({ sort: "random" }), [400, "argument-invalid"]],
  ["no whole number", withArgs({ page: 1.5 }), [400, "argument-invalid"]],
  ["too small", withArgs({ page: 0 }), [400, "argument-invalid"]],
  ["too small, a fraction", withArgs({ price: 0.25 }), [400, "argument-invalid"]],
  ["too large", withArgs({ page: 1001 }), [400, "argument-invalid"]],
  ["too many", withArgs({ tags: ["a", "b", "c", "d"] }), [400, "argument-invalid"]],
  ["wrong in a list", withArgs({ tags: ["a", 1] }), [400, "argument-invalid"]],
  ["of a wrong pattern", withArgs({ tags: ["ok", "Not-Ok"] }), [400, "argument-invalid"]],
  ["two lines for a pattern", withArgs({ tags: ["a\nb"] }), [400, "argument-invalid"]],
  ["missing in an object", withArgs({ where: { open: true } }), [400, "argument-invalid"]],
  ["unknown in an object", withArgs({ where: { country: "IE", x: 1 } }), [400, "argument-invalid"]],
  ["an empty object for a list", withArgs({ tags: {} }), [400, "argument-invalid"]],
  ["a list for all arguments", withArgs([]), [400, "argument-invalid"]],
  [
    "invalid, in the legacy era",
    (lab) => as(lab, legacy("tools/call", { name: "search", arguments: { tags: ["A"] } })),
    [200, "argument-invalid"],
  ],
];

const PARSING: Attack[] = [
  ["duplicate keys", withBody(text.replace('"jsonrpc"', '"method":"ping","jsonrpc"')), [400, "malformed"]],
  [
    "a duplicate key in escapes",
    withBody(text.replace('"query"', '"query":"x","qu\\u0065ry"')),
    [400, "malformed"],
  ],
  ["a batch", withBody(`[${text}]`), [400, "malformed"]],
  ["trailing data", withBody(`${text}{}`), [400, "malformed"]],
  ["a trailing comma", withBody(text.replace(/}$/, ",}")), [400, "malformed"]],
  ["single quotes", withBody("{'jsonrpc':'2.0'}"), [400, "malformed"]],
  ["a byte order mark", withBody(`\ufeff${text}`), [400, "malformed"]],
  ["a lone surrogate", withBody(text.replace("blue", "\\ud800")), [400, "malformed"]],
  ["NUL", withBody(text.replace("blue", "\\u0000")), [400, "malformed"]],
  ["no UTF-8", withBody(Buffer.from(text.replace("blue", "\xff"), "latin1")), [400, "malformed"]],
  [
    "overlong UTF-8",
    withBody(Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')])),
    [400, "malformed"],
  ],
  ["a control character", withBody(text.replace("blue", "\u0001")), [400, "malformed"]],
  ["too deep", withBody(text.replace('"blue"', nested(40))), [400, "malformed"]],
  ["an empty body", withBody(""), [400, "malformed"]],
  ["an unknown member", withBody(text.replace('"id"', '"x":1,"id"')), [400, "malformed"]],
  [
    "a parameter in another case",
    withBody(text.replace('"name"', '"Name":"secret","name"')),
    [400, "malformed"],
  ],
  [
    "a parameter in another alphabet",
    withBody(text.replace('"arguments"', '"argument\u017f":{},"arguments"')),
    [400, "malformed"],
  ],
  ["another jsonrpc", withBody(text.replace('"2.0"', '"1.0"')), [400, "malformed"]],
  ["a list as id", withBody(text.replace('"id":7', '"id":[7]')), [400, "malformed"]],
  ["a call without id", withBody(text.replace('"id":7,', "")), [400, "malformed"]],
  ["another content type", withHeaders({ "content-type": "text/plain" }), [415, "malformed"]],
  ["a compressed body", withHeaders({ "content-encoding": "gzip" }), [415, "malformed"]],
  ["an accept that no answer fits", withHeaders({ accept: "text/html" }), [406, "malformed"]],
  ["a GET", (lab) => ({ ...as(lab, search), method: "GET", body: "" }), [405, "verb-not-allowed"]],
  ["a body that is too large", withBody(text.replace("blue", "x".repeat(70_000))), [413, "too-large"]],
];

const MIRRORS: Attack[] = [
  ["another name", withHeaders({ "mcp-name": "other" }), [400, "header-mismatch"]],
  ["another method", withHeaders({ "mcp-method": "tools/list" }), [400, "header-mismatch"]],
  ["an encoded name", withHeaders({ "mcp-name": "=?base64?c2VhcmNo?=" }), [400, "header-mismatch"]],
  ["no name", withHeaders({ "mcp-name": undefined }), [400, "header-mismatch"]],
  ["two names", withHeaders({ "mcp-name": ["search", "search"] }), [400, "header-mismatch"]],
  ["no version", withHeaders({ "mcp-protocol-version": undefined }), [400, "header-mismatch"]],
  [
    "a version of the other era",
    withHeaders({ "mcp-protocol-version": "2025-11-25" }),
    [400, "header-mismatch"],
  ],
  [
    "a version of the future",
    (lab) =>
      as(lab, {
        ...legacy("ping"),
        headers: { ...legacy("ping").headers, "mcp-protocol-version": "2099-01-01" },
      }),
    [400, "version-unsupported"],
  ],
  [
    "a lying name in the legacy era",
    (lab) => as(lab, legacy("tools/call", { name: "search" }), { "mcp-name": "secret" }),
    [400, "header-mismatch"],
  ],
];

const PLACES: Attack[] = [
  ["another host", withHeaders({ host: "evil.example.com" }), [404, "not-found"]],
  ["another path", (lab) => ({ ...as(lab, search), path: "/other/mcp" }), [404, "not-found"]],
  ["a trailing slash", (lab) => ({ ...as(lab, search), path: `${PATH}/` }), [404, "not-found"]],
  ["another case", (lab) => ({ ...as(lab, search), path: PATH.toUpperCase() }), [404, "not-found"]],
  ["two slashes", (lab) => ({ ...as(lab, search), path: `/${PATH}` }), [404, "not-found"]],
  ["a parameter in the path", (lab) => ({ ...as(lab, search), path: `${PATH};x=1` }), [404, "not-found"]],
  ["an encoded slash", (lab) => ({ ...as(lab, search), path: "/orders%2fmcp" }), [400, "malformed"]],
  ["a page that is not allowed", withHeaders({ origin: "https://evil.example.com" }), [403, "origin-denied"]],
  ["a page without origin", withHeaders({ origin: "null" }), [403, "origin-denied"]],
  [
    "a page whose name begins alike",
    withHeaders({ origin: "https://app.example.com.evil.org" }),
    [403, "origin-denied"],
  ],
];

/** By classes. */
export const GROUPS: [string, Attack[]][] = [
  ["credentials", CREDENTIALS],
  ["tokens", TOKENS],
  ["tools", TOOLS],
  ["arguments", ARGUMENTS],
  ["parsing", PARSING],
  ["headers against body", MIRRORS],
  ["places", PLACES],
];
