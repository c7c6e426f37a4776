import type { HardenedMcpConfig, ServerConfig } from "../lib/config";
import { resolveHardenedMcp, resolvePlatform } from "../lib/model";
import { goodConfig, goodServer, isTestToken, problemsOf } from "./support/config";

const isToken = isTestToken;
const messages = (config: HardenedMcpConfig): string[] =>
  problemsOf(() => resolveHardenedMcp(config, isToken));
const withServer = (change: Partial<ServerConfig>): HardenedMcpConfig =>
  goodConfig({ servers: { notes: goodServer(change) } });
const search = goodServer().tools["search"];
const slow = (timeoutSeconds: number): HardenedMcpConfig =>
  withServer({ tools: { search: { ...search, timeoutSeconds } as NonNullable<typeof search> } });

test("a configuration without faults is accepted, without warnings", () => {
  const { model, warnings } = resolveHardenedMcp(goodConfig(), isToken);
  expect(warnings).toEqual([]);
  expect(model.servers.map(({ name }) => name)).toEqual(["notes"]);
});

describe("rules that cross hops", () => {
  test.each<[string, HardenedMcpConfig, string[]]>([
    [
      "a tool slower than the load balancer's patience",
      slow(300),
      [
        "servers.notes.tools.search.timeoutSeconds is 300, expected less than ingress.idleSeconds (300): the load balancer would cut the call first; raise ingress.idleSeconds above 300, or lower this [conflict]",
      ],
    ],
    [
      "two servers at one path",
      goodConfig({ servers: { one: goodServer(), two: goodServer() } }),
      ['servers.two.path is "/notes/mcp", the path of one; give each server a path of its own [duplicate]'],
    ],
    [
      "no server",
      goodConfig({ servers: {} }),
      ["servers has 0 servers, expected 1 to 50; use a second platform for more [out-of-range]"],
    ],
    [
      "one variable with two meanings",
      withServer({
        run: { ...goodServer().run, env: { MODE: "a" } },
        secrets: { mode: { kind: "generated", env: "MODE" } },
      }),
      [
        'servers.notes.secrets.mode.env is "MODE", which run.env sets too; remove it from run.env [duplicate]',
      ],
    ],
    [
      "a certificate of another region",
      goodConfig({
        edge: {
          ...goodConfig().edge,
          certificate: {
            kind: "existing",
            arn: "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012",
          },
        },
      }),
      [
        "edge.certificate.arn is in us-east-1, the network in eu-west-1; use one of the same region [conflict]",
      ],
    ],
    [
      "a client with a tool that is not there",
      withServer({ clients: { assistant: { identity: { kind: "apiKey" }, tools: ["serach"] } } }),
      [
        'servers.notes.clients.assistant.tools[0] is "serach", which tools does not declare; did you mean search? [unknown-reference]',
      ],
    ],
    [
      "a key that changes too rarely, said once",
      withServer({
        clients: { assistant: { identity: { kind: "apiKey", rotateDays: 91 }, tools: ["search"] } },
      }),
      [
        "servers.notes.clients.assistant.identity.rotateDays is 91, expected 1 to 90 days; lower it [out-of-range]",
      ],
    ],
    [
      "a gateway that leaves the server nothing",
      goodConfig({ gateway: { ...goodConfig().gateway, cpuUnits: 512 } }),
      [
        "servers.notes.run.cpuUnits is 512, of which the gateway takes 512; leave some for the server [conflict]",
      ],
    ],
    [
      "more tasks than DNS can name",
      withServer({ run: { ...goodServer().run, tasks: { min: 2, max: 9 } } }),
      [
        "servers.notes.run.tasks.max is 9, expected 1 to 8 tasks; limits are shared among eight tasks at most; give each task more CPU [out-of-range]",
      ],
    ],
  ])("%s", (_name, config, expected) => expect(messages(config)).toEqual(expected));
});

describe("names, paths and tags", () => {
  test.each<[string, HardenedMcpConfig, RegExp]>([
    [
      "a long name",
      goodConfig({ name: "a".repeat(21) }),
      /^name has 21 characters, expected at most 20; .*\[too-long\]$/,
    ],
    [
      "a name AWS refuses",
      goodConfig({ name: "internal-tools" }),
      /^name is "internal-tools", and AWS refuses .*\[conflict\]$/,
    ],
    [
      "a name known later",
      goodConfig({ name: "${TOKEN}" }),
      /^name is known only at deployment; .*\[token-not-allowed\]$/,
    ],
    [
      "another environment's form",
      goodConfig({ environment: "Prod" }),
      /^environment is "Prod", expected lower-case .*\[wrong-form\]$/,
    ],
    [
      "another posture",
      goodConfig({ posture: "prod" as never }),
      /^posture is "prod", expected one of production, sandbox.*\[unknown-kind\]$/,
    ],
    [
      "another lifecycle",
      goodConfig({ lifecycle: "kept" as never }),
      /^lifecycle is "kept".*\[unknown-kind\]$/,
    ],
    [
      "a server's name",
      goodConfig({ servers: { Notes: goodServer() } }),
      /^servers\.Notes is a name, expected lower-case.*\[wrong-form\]$/,
    ],
    [
      "a server's name known later",
      goodConfig({ servers: { "${TOKEN}": goodServer() } }),
      /^servers has a key that is known only.*\[token-not-allowed\]$/,
    ],
    [
      "a path with a slash at its end",
      withServer({ path: "/notes/" }),
      /^servers\.notes\.path is "\/notes\/", expected a path such as.*\[wrong-form\]$/,
    ],
    [
      "a path with a wildcard",
      withServer({ path: "/notes/*" }),
      /^servers\.notes\.path is .*\[wrong-form\]$/,
    ],
    [
      "a path known later",
      withServer({ path: "${TOKEN}" }),
      /^servers\.notes\.path is known only at deployment.*\[token-not-allowed\]$/,
    ],
    [
      "a tag of AWS's",
      goodConfig({ tags: { "aws:x": "y" } }),
      /^tags\["aws:x"\] is a name, expected letters.*\[wrong-form\]$/,
    ],
    [
      "a tag of ours",
      goodConfig({ tags: { "hardened-mcp:name": "y" } }),
      /^tags\["hardened-mcp:name"\].*\[wrong-form\]$/,
    ],
    ["a tag's value", goodConfig({ tags: { team: "a<b" } }), /^tags\.team is "a<b".*\[wrong-form\]$/],
    [
      "a slip of the pen",
      { ...goodConfig(), ingres: {} } as never,
      /^ingres is not a field here; did you mean ingress\? \[unknown-field\]$/,
    ],
    [
      "a server's slip of the pen",
      withServer({ toolz: {} } as never),
      /^servers\.notes\.toolz is not a field here; did you mean tools\? \[unknown-field\]$/,
    ],
  ])("%s", (_name, config, message) => {
    const found = messages(config);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(message);
  });
  test("too many tags", () => {
    const tags = Object.fromEntries(Array.from({ length: 41 }, (_, i) => [`t${i}`, "x"]));
    expect(messages(goodConfig({ tags }))).toEqual([
      "tags has 41 tags, expected at most 40; remove some [over-budget]",
    ]);
  });
});

test("a tool that a deployment may cut is allowed, with a warning", () => {
  expect(resolveHardenedMcp(slow(111), isToken).warnings).toEqual([
    "servers.notes.tools.search.timeoutSeconds is 111: a call over 110 seconds may be cut by a deployment",
  ]);
  expect(resolveHardenedMcp(slow(110), isToken).warnings).toEqual([]);
});

test("calls under way get the slowest tool's time when a task leaves", () => {
  expect(resolveHardenedMcp(slow(95), isToken).model.servers[0]?.deregistrationSeconds).toBe(105);
});

test("what is not built is refused by name, never ignored", () => {
  const found = messages({
    ...withServer({
      auth: {
        jwt: {
          issuer: "https://i.example.com/",
          keys: { kind: "fetched", uri: "https://i.example.com/jwks" },
        },
      },
    }),
  }).filter((message) => message.endsWith("[not-supported-yet]"));
  expect(found.map((message) => message.split(" asks for ")[0])).toEqual([
    "servers.notes.auth.jwt.keys.kind",
  ]);
});

test("a whole deployment of mistakes is reported at once, without a secret's value", () => {
  const found = messages({
    name: 5,
    environment: "test",
    posture: "none",
    network: { kind: "old" },
    edge: {},
    gateway: {},
    alarms: {},
    servers: { notes: { secrets: { a: { kind: "generated", env: "hunter2", length: 1 } } } },
  } as never);
  expect(found.length).toBeGreaterThan(10);
  expect(new Set(found).size).toBe(found.length);
});

test("a platform alone does not know its servers' paths: the firewall lets every path on", () => {
  const { servers: _servers, ...platform } = goodConfig();
  const { model } = resolvePlatform(platform, isToken);
  const withPaths = resolveHardenedMcp(goodConfig(), isToken).model.platform;
  const rules = [withPaths.waf, model.waf].map((waf) => (waf.kind === "new" ? waf.rules.length : 0));
  expect(rules[0]).toBe(1 + (rules[1] ?? 0));
  expect(rules[1]).toBeGreaterThan(0);
});
