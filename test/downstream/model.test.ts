import type { DownstreamConfig } from "../../lib/downstream/config";
import { checkVariables, resolveDownstream } from "../../lib/downstream/model";
import { Check, formatProblem } from "../../lib/validation";
import { isTestToken } from "../support/config";

function resolve(config: unknown) {
  const check = Check.start(isTestToken).at("downstream");
  const model = resolveDownstream(config as Record<string, DownstreamConfig>, check);
  return { model, problems: check.problems.map(formatProblem) };
}

const LEDGER = {
  to: { securityGroup: "sg-0123456789abcdef0" },
  port: 5432,
  because: "refund posts to the ledger",
};
const { port, because } = LEDGER;

test("nothing is open by default", () => expect(resolve(undefined)).toEqual({ model: [], problems: [] }));

test.each([
  ["a group", LEDGER.to, { securityGroupId: "sg-0123456789abcdef0" }],
  ["a prefix list", { prefixList: "pl-01234567" }, { prefixListId: "pl-01234567" }],
  ["a block", { cidr: "10.60.0.0/24" }, { cidr: "10.60.0.0/24" }],
  ["the widest block", { cidr: "10.0.0.0/8" }, { cidr: "10.0.0.0/8" }],
  ["a block known only later", { cidr: "${TOKEN[1]}" }, { cidr: "${TOKEN[1]}" }],
])("%s", (_class, to, peer) => {
  expect(resolve({ ledger: { ...LEDGER, to } })).toEqual({
    model: [{ kind: "peer", name: "ledger", to: peer, port, because }],
    problems: [],
  });
});

const at = "downstream.ledger";
test.each<[string, object, string]>([
  ["an unknown field", { ports: 1 }, `${at}.ports is not a field here; did you mean port? [unknown-field]`],
  ["no port", { port: 0 }, `${at}.port is 0, expected 1 to 65535; raise it [out-of-range]`],
  [
    "no reason",
    { because: "db" },
    `${at}.because has 2 characters, expected at least 8; say why, for the reader of the rule [wrong-form]`,
  ],
  [
    "no other end",
    { to: undefined },
    `${at}.to is missing; name the other end: { securityGroup } or { cidr } or { prefixList } or { privateLink } or { domains } [required]`,
  ],
  [
    "an end that is a text",
    { to: "10.0.0.0/8" },
    `${at}.to names no end or several; give one of securityGroup, cidr, prefixList, privateLink, domains [conflict]`,
  ],
  [
    "two ends",
    { to: { cidr: "10.0.0.0/8", prefixList: "pl-01234567" } },
    `${at}.to names no end or several; give one of securityGroup, cidr, prefixList, privateLink, domains [conflict]`,
  ],
  [
    "an unknown end",
    { to: { cidrs: "10.0.0.0/8" } },
    `${at}.to.cidrs is not a field here; did you mean cidr? [unknown-field]`,
  ],
  [
    "a group by its name",
    { to: { securityGroup: "ledger" } },
    `${at}.to.securityGroup is "ledger", expected an id such as sg-0123456789abcdef0; correct it [wrong-form]`,
  ],
  [
    "a prefix list by its name",
    { to: { prefixList: "s3" } },
    `${at}.to.prefixList is "s3", expected an id such as pl-0123456789abcdef0; correct it [wrong-form]`,
  ],
  [
    "everywhere",
    { to: { cidr: "0.0.0.0/0" } },
    `${at}.to.cidr is "0.0.0.0/0", most of the internet; name the block of the one thing that is meant [unsafe]`,
  ],
  [
    "a block wider than any network",
    { to: { cidr: "10.0.0.0/7" } },
    `${at}.to.cidr is "10.0.0.0/7", most of the internet; name the block of the one thing that is meant [unsafe]`,
  ],
])("%s", (_class, change, message) => {
  expect(resolve({ ledger: { ...LEDGER, ...change } }).problems).toEqual([message]);
});

test("no block: what cannot be opened is left out of the model", () => {
  const { model, problems } = resolve({ ledger: { ...LEDGER, to: { cidr: "ten" } } });
  expect(problems).toEqual([expect.stringMatching(/^downstream\.ledger\.to\.cidr is "ten", /)]);
  expect(model).toEqual([]);
});

test("a name that cannot be a construct's", () => {
  expect(resolve({ Ledger: LEDGER }).problems).toEqual([
    "downstream.Ledger is a name, expected lower-case letters, digits and dashes, beginning with a letter; rename it [wrong-form]",
  ]);
});

test("two names for one way out are refused: AWS takes a rule once", () => {
  const other = { ...LEDGER, port: 8443 };
  expect(resolve({ one: LEDGER, other, two: LEDGER }).problems).toEqual([
    "downstream.two opens what one opens, and AWS refuses a second rule; keep one of them [duplicate]",
  ]);
});

describe("an endpoint", () => {
  const allow = {
    actions: ["sqs:SendMessage"],
    resources: ["arn:aws:sqs:eu-west-1:123456789012:orders"],
  };
  const QUEUE = { service: "com.amazonaws.eu-west-1.sqs", allow };
  const SEARCH = { service: "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0" };
  const link = (privateLink: object) => resolve({ queue: { to: { privateLink }, port: 443, because } });
  const rest = { kind: "privateLink", name: "queue", port: 443, because };

  test("of AWS has a policy and the service's own name; of others neither", () => {
    expect(link(QUEUE)).toEqual({
      model: [{ ...rest, ...QUEUE, privateDns: true, env: undefined }],
      problems: [],
    });
    expect(link({ ...SEARCH, env: "SEARCH_HOST" })).toEqual({
      model: [{ ...rest, ...SEARCH, allow: undefined, privateDns: false, env: "SEARCH_HOST" }],
      problems: [],
    });
  });

  const it = "downstream.queue.to.privateLink";
  test.each<[string, object, string]>([
    ["no service", {}, `${it}.service is missing`],
    ["a service known only later", { ...QUEUE, service: "${TOKEN}" }, `${it}.service is known only`],
    ["a name that is none", { ...QUEUE, service: "sqs" }, `${it}.service is "sqs", expected`],
    ["one of the platform's", { ...QUEUE, service: "com.amazonaws.eu-west-1.kms" }, `${it}.service is`],
    ["S3, which has a gateway", { ...QUEUE, service: "com.amazonaws.eu-west-1.s3" }, `${it}.service is`],
    ["an unknown field", { ...QUEUE, policy: {} }, `${it}.policy is not a field`],
    ["AWS's without a policy", { service: QUEUE.service }, `${it}.allow is missing; say what may pass`],
    ["a policy for others'", { ...SEARCH, allow }, `${it}.allow is set, and AWS takes no policy`],
    ["no actions", { ...QUEUE, allow: { ...allow, actions: [] } }, `${it}.allow.actions has 0 entries`],
    ["every action", { ...QUEUE, allow: { ...allow, actions: ["sqs:*"] } }, `${it}.allow.actions[0] is`],
    [
      "every resource",
      { ...QUEUE, allow: { ...allow, resources: ["*"] } },
      `${it}.allow.resources[0] is "*"`,
    ],
    ["a switch that is none", { ...QUEUE, privateDns: "yes" }, `${it}.privateDns is a string`],
    ["a switch known only later", { ...QUEUE, privateDns: "${TOKEN}" }, `${it}.privateDns is known only`],
    ["a variable that is none", { ...QUEUE, env: "search-host" }, `${it}.env is "search-host"`],
  ])("%s is refused", (_class, privateLink, begins) => {
    const { problems } = link(privateLink);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.startsWith(begins)).toBe(true);
  });

  test("DynamoDB's endpoint answers to no common name, unless that is asked for", () => {
    const dynamodb = { ...QUEUE, service: "com.amazonaws.eu-west-1.dynamodb" };
    expect(link(dynamodb).model).toMatchObject([{ privateDns: false }]);
    expect(link({ ...dynamodb, privateDns: true }).model).toMatchObject([{ privateDns: true }]);
  });

  test("two for one service are refused: its endpoint would serve both", () => {
    const entry = { to: { privateLink: QUEUE }, port: 443, because };
    expect(resolve({ one: entry, two: entry }).problems).toEqual([
      "downstream.two is the service of one, whose endpoint serves both; keep one of them [duplicate]",
    ]);
  });

  test.each(["MODE", "LEDGER", "PORT", "HTTPS_PROXY", "AWS_REGION", "HMCP_POLICY"])(
    "a variable that something else sets is refused: %s",
    (env) => {
      const { model } = link({ ...SEARCH, env });
      const check = Check.start(isTestToken).at("downstream");
      checkVariables(model, new Set(["MODE", "LEDGER"]), check);
      expect(check.problems.map(({ path, code }) => `${path} ${code}`)).toEqual([`${it}.env duplicate`]);
    },
  );
});
