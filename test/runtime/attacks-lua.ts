import { GATEWAY, keyHashesVariable } from "../../lib/gateway";
import { GROUPS, as, search, type Attack, type Expected } from "../gateway/attacks";
import {
  HOST,
  PATH,
  URL_OF_SERVER,
  build,
  digest,
  legacy,
  modern,
  newKey,
  orders,
  type Lab,
} from "../gateway/lab";
import type { SendOptions } from "../support/envoy";
import { TestIssuer } from "../support/tokens";
import type { Sent } from "./gateway-lua";

/** What other filters of Envoy decide, before or behind the program. */
const ELSEWHERE: readonly string[] = [
  ...["a key in the query", "a token in the query", "a body that is too large"],
  // Signature, issuer, audience and time are judged by Envoy's own filter; patterns by RE2.
  ...["signed by somebody else", "of another issuer", "expired", "without expiry", "for another audience"],
  "signed by somebody else, with its claims as Envoy writes them once it has verified",
  ...["without audience", "of a wrong pattern", "invalid, in the legacy era"],
];

/** What must go on to the server. */
const TAKEN: Attack[] = [
  ["a call", (lab) => as(lab, search), [200, "ok"]],
  ["a call with a token", (lab) => as(lab, search, { authorization: `Bearer ${lab.token()}` }), [200, "ok"]],
  ["a list", (lab) => as(lab, modern("tools/list")), [200, "ok"]],
  ["a call of the legacy era", (lab) => as(lab, legacy("tools/call", { name: "search" })), [200, "ok"]],
];

/** The attacks that the Lua program answers itself, and calls that it lets through. */
export interface Corpus {
  readonly environment: Readonly<Record<string, string>>;
  readonly names: readonly string[];
  readonly requests: readonly Sent[];
  readonly expected: readonly Expected[];
}

/** The same call with tokens of these ids, as they reach the program: their signatures were judged before. */
export function callsWith(ids: readonly string[]): Pick<Corpus, "environment" | "requests"> {
  const issuer = new TestIssuer();
  const { environment } = corpus();
  const [head = "", , signature = ""] = issuer.token({}).split(".");
  const time = Math.floor(Date.now() / 1000);
  const requests = ids.map((jti) => {
    const claims = { client_id: "support-app", iat: time, exp: time + 600, jti };
    const token = [head, Buffer.from(JSON.stringify(claims)).toString("base64url"), signature].join(".");
    return seen({
      path: PATH,
      headers: { ...search.headers, authorization: `Bearer ${token}` },
      body: JSON.stringify(search.body),
    });
  });
  return { environment, requests };
}

/** Those of `test/gateway/attacks.ts`, as they reach the program behind Envoy's filter of tokens. */
export function corpus(): Corpus {
  const issuer = new TestIssuer();
  const keys = { ciBot: newKey(), ciBotBefore: newKey(), narrow: newKey() };
  const { container } = build(orders(issuer), 1);
  const lab = {
    keys,
    issuer,
    token: (claims = {}, header = {}) =>
      issuer.token(
        { aud: URL_OF_SERVER, client_id: "support-app", scope: "openid mcp:refund", ...claims },
        header,
      ),
  } as Pick<Lab, "keys" | "issuer" | "token"> as Lab;
  const attacks = [
    ...GROUPS.filter(([group]) => group !== "places").flatMap(([, all]) => all),
    ...TAKEN,
  ].filter(([what]) => !ELSEWHERE.includes(what));
  return {
    environment: {
      ...Object.fromEntries(container.environment.map(({ name, value }) => [name, value])),
      [keyHashesVariable("ci-bot")]: `${digest(keys.ciBot)} ${digest(keys.ciBotBefore)}`,
      [keyHashesVariable("narrow")]: digest(keys.narrow),
    },
    names: attacks.map(([what]) => what),
    requests: attacks.map(([, request]) => seen(request(lab))),
    expected: attacks.map(([, , expected]) => expected),
  };
}

/** A request as the program sees it: with what Envoy has verified of its token. */
function seen({ method = "POST", path, headers = {}, body = "" }: SendOptions): Sent {
  const pairs: [string, string][] = [
    [":method", method],
    [":path", path],
    [":authority", HOST],
    ...Object.entries(headers).flatMap(([name, value]) =>
      [value].flat().map((one): [string, string] => [name, one]),
    ),
  ];
  const [, claims] = /^Bearer (?!hmk_)[\w-]+\.([\w-]+)\./.exec(String(headers.authorization)) ?? [];
  if (claims !== undefined) pairs.push([GATEWAY.claimsHeader, claims]);
  return { headers: pairs, body: Buffer.from(body) };
}
