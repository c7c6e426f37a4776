import { resolveDownstream } from "../../lib/downstream/model";
import { MAX_DOMAINS } from "../../lib/egress/domains";
import { proxyEnvironment, resolveEgress, type EgressFacts } from "../../lib/egress/model";
import { PROXIED_BLOCKS, PUBLIC_BLOCKS } from "../../lib/network/public-blocks";
import { contains, parseCidr, type Cidr } from "../../lib/network/cidr";
import { POSTURES } from "../../lib/posture";
import type { Image } from "../../lib/task/image";
import { Check, formatProblem } from "../../lib/validation";
import { goodConfig, goodServer, isTestToken, problemsOf, TOKEN } from "../support/config";
import { resolveHardenedMcp } from "../../lib/model";
import { callingServer } from "./fixture";

const because = "orders are sent to partners";
const entry = (domains: unknown, port = 443) => ({ to: { domains: domains as string[] }, port, because });

function problems(downstream: Record<string, unknown>): string[] {
  const check = Check.start(isTestToken).at("downstream");
  resolveDownstream(downstream as never, check);
  return check.problems.map(formatProblem);
}

test.each<[string]>([
  ["api.example.com"],
  ["*.example.com"],
  ["xn--bcher-kva.example"],
  ["a.b.c.d.example.co.uk"],
  ["1.example.com"],
  ["*.s3-like.example.co.uk"],
  ["a1b2c3.execute-api.us-east-1.amazonaws.com"],
])("%s can be named", (domain) => expect(problems({ it: entry([domain]) })).toEqual([]));

const at = "downstream.it.to.domains[0]";
test.each<[string, unknown, string]>([
  ["upper case", "API.example.com", "did you mean api.example.com? [wrong-form]"],
  ["a dot at the end", "api.example.com.", "did you mean api.example.com? [wrong-form]"],
  ["a URL", "https://api.example.com/v1", "did you mean api.example.com? [wrong-form]"],
  ["a port", "api.example.com:443", "did you mean api.example.com? [wrong-form]"],
  ["an address", "10.0.0.1", "an address is no name: use { cidr } for what lies inside [wrong-form]"],
  ["an address with a name's last label", "10.0.0.1.5", "an address is no name"],
  ["an IPv6 address", "::1", "[wrong-form]"],
  ["one label", "localhost", "[wrong-form]"],
  ["everything", "*", "[wrong-form]"],
  ["a wildcard inside", "api.*.example.com", "[wrong-form]"],
  ["part of a label", "*api.example.com", "[wrong-form]"],
  ["two wildcards", "*.*.example.com", "[wrong-form]"],
  ["a dash first", "-api.example.com", "[wrong-form]"],
  ["a label too long", `${"a".repeat(64)}.example.com`, "[wrong-form]"],
  ["a name too long", `${"a.".repeat(126)}example`, "[too-long]"],
  ["letters of other scripts", "аpi.example.com", "[wrong-form]"],
  ["a number", 7, "[wrong-type]"],
  ["a token", TOKEN, "[token-not-allowed]"],
  ["a private name", "ledger.corp.internal", "which is no public name; name what it leads to"],
  ["a name of the local network", "printer.local", "which is no public name"],
  ["all of a registry", "*.com", "[wrong-form]"],
  ["all of a country's registry", "*.co.uk", "[unsafe]"],
  ["everybody's buckets", "*.s3.amazonaws.com", "[unsafe]"],
  ["everybody's pages", "*.github.io", "[unsafe]"],
  [
    "a service of AWS",
    "sqs.us-east-1.amazonaws.com",
    "one host for all customers of AWS; use { privateLink }",
  ],
  ["one of the whole world", "sts.amazonaws.com", "one host for all customers of AWS"],
])("%s is refused", (_class, domain, ends) => {
  const found = problems({ it: entry([domain]) });
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(ends);
  expect(found[0]?.startsWith(at)).toBe(true);
});

test.each<[string, Record<string, unknown>, string]>([
  ["no names", { it: entry([]) }, "downstream.it.to.domains has 0 entries, expected at least 1"],
  ["a list known only later", { it: entry(TOKEN) }, "downstream.it.to.domains is known only at deployment"],
  [
    "a name twice",
    { it: entry(["a.example", "a.example"]) },
    'downstream.it.to.domains[1] is "a.example" again',
  ],
  [
    "a name in two entries",
    { it: entry(["a.example"]), two: entry(["a.example"]) },
    "downstream.two names a.example, as it does; keep one of them [duplicate]",
  ],
  ["another port", { it: entry(["a.example"], 5432) }, "downstream.it.port is 5432, expected 443"],
  [
    "more than fit",
    Object.fromEntries(
      ["it", "two"].map((key) => [key, entry([...Array(40).keys()].map((n) => `${key}${n}.example.com`))]),
    ),
    `downstream names 80 domains in all, expected at most ${MAX_DOMAINS}`,
  ],
])("%s is refused", (_class, downstream, begins) => {
  const found = problems(downstream);
  expect(found).toHaveLength(1);
  expect(found[0]?.startsWith(begins)).toBe(true);
});

test("a network without a way out, and another proxy, are refused across hops", () => {
  const servers = { orders: callingServer(["api.example.com"]) };
  expect(problemsOf(() => resolveHardenedMcp(goodConfig({ servers }), isTestToken))).toEqual([
    "servers.orders.downstream.partners.to.domains names what is on the internet, and the network has no way there; set network.egress of the platform, or remove the entry [conflict]",
  ]);
  const network = { ...goodConfig().network, egress: {} } as never;
  const run = { ...goodServer().run, env: { https_proxy: "http://elsewhere.example:8080" } };
  const other = { orders: callingServer(["api.example.com"], { run }) };
  expect(problemsOf(() => resolveHardenedMcp(goodConfig({ network, servers: other }), isTestToken))).toEqual([
    "servers.orders.run.env.https_proxy names another proxy than the server's own; remove it: HTTPS_PROXY is set by us [conflict]",
  ]);
});

describe("what a server is told", () => {
  const facts: EgressFacts = {
    gateway: { image: "e" as Image },
    defaults: POSTURES.production,
    hasEgress: true,
  };
  const told = (downstream: Record<string, unknown>, env: Record<string, string> = {}) => {
    const check = Check.start(isTestToken);
    const slice = resolveDownstream(downstream as never, check);
    const run = { architecture: "arm64" as const, env };
    const egress = resolveEgress(slice, { name: "orders", run }, check, facts, "acme-test.internal");
    expect(check.problems).toEqual([]);
    return proxyEnvironment({ egress, downstream: slice, run }, "eu-west-1");
  };

  test("nothing where it has no proxy", () => expect(told({})).toEqual({}));

  test("the proxy, in every spelling, and what is called past it", () => {
    const queue = {
      to: {
        privateLink: {
          service: "com.amazonaws.eu-west-1.sqs",
          allow: { actions: ["sqs:SendMessage"], resources: ["arn:aws:sqs:eu-west-1:123456789012:orders"] },
        },
      },
      port: 443,
      because,
    };
    const variables = told({ it: entry(["api.example.com"]), queue }, { NO_PROXY: "ledger.corp" });
    const proxy = "http://orders-egress.acme-test.internal:3128";
    expect(variables).toMatchObject({ HTTPS_PROXY: proxy, https_proxy: proxy, NODE_USE_ENV_PROXY: "1" });
    expect(variables["no_proxy"]).toBe(variables["NO_PROXY"]);
    const direct = (variables["NO_PROXY"] ?? "").split(",");
    expect(direct).toEqual(
      expect.arrayContaining([
        "127.0.0.1",
        "169.254.170.2",
        ".acme-test.internal",
        "secretsmanager.eu-west-1.amazonaws.com",
        "sqs.eu-west-1.amazonaws.com",
        "ledger.corp",
      ]),
    );
    // Names of the list may lie under AWS's: no suffix sends them past the proxy.
    expect(direct).not.toContain(".amazonaws.com");
  });
});

describe("the public internet, as blocks", () => {
  const blocks = PUBLIC_BLOCKS.map((text) => parseCidr(text) as Cidr);
  const isPublic = (address: string) =>
    blocks.some((block) => contains(block, parseCidr(`${address}/32`) as Cidr));
  test.each([
    "0.0.0.1",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "224.0.0.1",
    "255.255.255.255",
  ])("%s is not", (address) => expect(isPublic(address)).toBe(false));
  test.each([
    "1.1.1.1",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "169.253.255.255",
    "169.255.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.167.255.255",
    "192.169.0.0",
    "223.255.255.255",
  ])("%s is", (address) => expect(isPublic(address)).toBe(true));
  test("the proxy's own rules also leave out what VPCs use beside private space, and nothing more", () => {
    const proxied = PROXIED_BLOCKS.map((text) => parseCidr(text) as Cidr);
    const passes = (address: string) =>
      proxied.some((block) => contains(block, parseCidr(`${address}/32`) as Cidr));
    for (const address of ["198.18.0.0", "198.19.255.255", "10.0.0.1", "169.254.169.254"])
      expect([address, passes(address)]).toEqual([address, false]);
    for (const address of ["198.17.255.255", "198.20.0.0", "1.1.1.1"])
      expect([address, passes(address)]).toEqual([address, true]);
  });
  test("fit into a security group, whose quota is 60 rules, beside its other ways out", () =>
    expect(PUBLIC_BLOCKS.length).toBeLessThanOrEqual(55));
});
