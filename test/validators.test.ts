import type { HardenedMcpConfig, ServerConfig } from "../lib/config";
import { resolveHardenedMcp, resolveMcpServer, resolvePlatform } from "../lib/model";
import { goodConfig, goodServer, isTestToken, problemsOf, TOKEN } from "./support/config";
import { ATTRIBUTES } from "./support/attributes";

/** A fault and the beginnings of what it is told, in order. */
type Row = [string, HardenedMcpConfig, string[]];

const server = (change: object): HardenedMcpConfig =>
  goodConfig({ servers: { notes: goodServer(change as Partial<ServerConfig>) } });
const search = goodServer().tools["search"];
const args = (argument: object): HardenedMcpConfig =>
  server({ tools: { search: { ...search, arguments: { it: argument } } } });
const client = (identity: object, more: object = {}): HardenedMcpConfig =>
  server({ auth: { jwt: JWT }, clients: { app: { identity, tools: ["search"], ...more } } });
const JWT = {
  issuer: "https://login.example.com/",
  keys: {
    kind: "inline",
    jwks: { keys: [{ kty: "RSA", kid: "1", use: "sig", alg: "RS256", e: "AQAB", n: "w".repeat(342) }] },
  },
};
const EXISTING = {
  kind: "existing",
  vpcId: "vpc-0123456789abcdef0",
  vpcCidr: "10.0.0.0/16",
  loadBalancerSubnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
  taskSubnetIds: ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"],
};
const LOGIN = {
  env: "A",
  host: "db.example.com",
  database: "a",
  role: "a",
  users: "alternating",
  adminSecretArn: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:admin-AbCdEf",
  reach: { securityGroup: "sg-0123456789abcdef0" },
};
const it0 = "servers.notes.tools.search.arguments.it";

/** Each is the only fault of its configuration; the kinds of faults that no slice's own test has. */
describe("what decides what is built must be known at synth", () => {
  test.each<Row>([
    [
      "mail addresses",
      goodConfig({ alarms: { notify: { emails: TOKEN as never } } }),
      ["alarms.notify.emails is known only"],
    ],
    [
      "countries",
      goodConfig({ alarms: { ...goodConfig().alarms, expectedCountries: TOKEN as never } }),
      ["alarms.expectedCountries is known only"],
    ],
    [
      "an origin",
      goodConfig({ gateway: { ...goodConfig().gateway, allowedOrigins: [TOKEN] } }),
      ["gateway.allowedOrigins[0] is known only"],
    ],
    [
      "the firewall's capacity",
      goodConfig({ waf: { acceptExtraCapacity: TOKEN as never } }),
      ["waf.acceptExtraCapacity is known only"],
    ],
    [
      "a client's tool",
      server({ clients: { app: { identity: { kind: "apiKey" }, tools: [TOKEN] } } }),
      ["servers.notes.clients.app.tools[0] is known only"],
    ],
    [
      "a client's limit",
      client({ kind: "apiKey" }, { callsPerMinute: TOKEN }),
      ["servers.notes.clients.app.callsPerMinute is known only"],
    ],
    [
      "a value of a list",
      args({ type: "string", maxLength: 9, enum: [TOKEN] }),
      [`${it0}.enum[0] is known only`],
    ],
    ["a pattern", args({ type: "string", maxLength: 9, pattern: TOKEN }), [`${it0}.pattern is known only`]],
    [
      "a window's end",
      server({ windows: { night: [{ from: "2999-01-01T00:00Z", to: TOKEN }] } }),
      ["servers.notes.windows.night[0].to is known only"],
    ],
    [
      "a secret's variable",
      server({ secrets: { a: { kind: "generated", env: TOKEN } } }),
      ["servers.notes.secrets.a.env is known only"],
    ],
    [
      "keys of an issuer",
      server({ auth: { jwt: { ...JWT, keys: { kind: "inline", jwks: TOKEN } } } }),
      ["servers.notes.auth.jwt.keys.jwks is known only"],
    ],
  ])("%s", (_name, config, begins) => expectBeginnings(config, begins));
});

describe("a field that is not there is refused in every corner", () => {
  const extra = { surprise: 1 };
  test.each<Row>([
    [
      "a grant's target",
      server({
        grants: {
          Read: {
            actions: ["s3:GetObject"],
            on: { resources: ["arn:aws:s3:::b/x"], ...extra },
            because: "reads what it must",
          },
        },
      }),
      ["servers.notes.grants.Read.on.surprise is not a field"],
    ],
    [
      "existing endpoints",
      goodConfig({
        network: {
          ...EXISTING,
          endpoints: {
            kind: "existing",
            securityGroupId: "sg-0123456789abcdef0",
            s3PrefixListId: "pl-0123456789abcdef0",
            ...extra,
          },
        } as never,
      }),
      ["network.endpoints.surprise is not a field"],
    ],
    ["authentication", server({ auth: { ...extra } }), ["servers.notes.auth.surprise is not a field"]],
    [
      "tokens",
      server({ auth: { jwt: { ...JWT, ...extra } } }),
      ["servers.notes.auth.jwt.surprise is not a field"],
    ],
    [
      "keys",
      server({ auth: { jwt: { ...JWT, keys: { ...JWT.keys, ...extra } } } }),
      ["servers.notes.auth.jwt.keys.surprise is not a field"],
    ],
    [
      "a key set",
      server({ auth: { jwt: { ...JWT, keys: { kind: "inline", jwks: { ...JWT.keys.jwks, ...extra } } } } }),
      ["servers.notes.auth.jwt.keys.jwks.surprise is not a field"],
    ],
    [
      "mirrored keys",
      server({
        auth: { jwt: { ...JWT, keys: { kind: "mirrored", uri: "https://i.example.com/", ...extra } } },
      }),
      ["servers.notes.auth.jwt.keys.surprise is not a field"],
    ],
    [
      "a token's identity",
      client({ kind: "jwt", claim: "client_id", equals: "a", ...extra }),
      ["servers.notes.clients.app.identity.surprise is not a field"],
    ],
    [
      "a certificate's identity",
      client({ kind: "mtls", subject: "CN=a", ...extra }),
      [
        "servers.notes.clients.app.identity.kind is a certificate",
        "servers.notes.clients.app.identity.surprise is not a field",
      ],
    ],
    [
      "an interval",
      server({ windows: { night: [{ from: "2999-01-01T00:00Z", to: "2999-01-02T00:00Z", ...extra }] } }),
      ["servers.notes.windows.night[0].surprise is not a field"],
    ],
    [
      "a database's secret",
      server({
        secrets: { a: { ...LOGIN, kind: "mysql", ...extra } },
        downstream: { a: { to: LOGIN.reach, port: 3306, because: "search reads from it" } },
      }),
      ["servers.notes.secrets.a.surprise is not a field"],
    ],
  ])("%s", (_name, config, begins) => expectBeginnings(config, begins));
  test("a platform alone", () => {
    const { servers: _servers, ...platform } = goodConfig();
    expect(problemsOf(() => resolvePlatform({ ...platform, servers: {} } as never, isTestToken))).toEqual([
      expect.stringMatching(/^servers is not a field here/),
    ]);
  });
});

describe("a value of another type or out of its range", () => {
  test.each<Row>([
    ["an argument that is none", args(null as never), [`${it0} is null, expected an object`]],
    [
      "an empty pattern",
      args({ type: "string", maxLength: 9, pattern: "" }),
      [`${it0}.pattern has 0 characters`],
    ],
    [
      "a negative length",
      args({ type: "string", maxLength: 9, minLength: -1 }),
      [`${it0}.minLength is -1, expected 0 to`],
    ],
    [
      "a negative number of items",
      args({ type: "array", maxItems: 2, minItems: -1, items: { type: "boolean" } }),
      [`${it0}.minItems is -1, expected 0 to`],
    ],
    [
      "a claim with blanks",
      client({ kind: "jwt", claim: "client id", equals: "a" }),
      ["servers.notes.clients.app.identity.claim is"],
    ],
    [
      "a block that is a number",
      goodConfig({
        network: {
          ...EXISTING,
          vpcCidr: 5,
          endpoints: { kind: "new", taskRouteTableIds: ["rtb-0123456789abcdef0"] },
        } as never,
      }),
      ["network.vpcCidr is a number, expected text"],
    ],
    [
      "another way of sessions",
      server({ sessions: "many" }),
      ['servers.notes.sessions is "many", expected one of none, single-task'],
    ],
    [
      "another kind of keys",
      server({ auth: { jwt: { ...JWT, keys: { kind: "remote" } } } }),
      ['servers.notes.auth.jwt.keys.kind is "remote"'],
    ],
  ])("%s", (_name, config, begins) => expectBeginnings(config, begins));
});

describe("a kind that is none is refused by name", () => {
  test.each<Row>([
    ["another kind", goodConfig({ cluster: { kind: "old" } as never }), ['cluster.kind is "old"']],
    ["no kind at all", goodConfig({ cluster: "new" as never }), ["cluster is a string, expected an object"]],
    [
      "new ones, which are the default",
      goodConfig({ cluster: { kind: "new" }, keys: { kind: "new" }, waf: { webAcl: { kind: "new" } } }),
      [],
    ],
  ])("%s", (_name, config, begins) => expectBeginnings(config, begins));
});

test("a policy that does not even fit into a store is refused, with its size", () => {
  const list = Array.from({ length: 200 }, (_, i) => `a-rather-long-value-of-a-list-${i}`);
  const tools = Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => [
      `tool-${i}`,
      { ...search, arguments: { it: { type: "string", maxLength: 64, enum: list } } },
    ]),
  );
  const clients = { app: { identity: { kind: "apiKey" }, tools: Object.keys(tools) } };
  expectBeginnings(server({ tools, clients }), ["servers.notes has a policy of "]);
});

describe("a server on a platform that is described by hand", () => {
  const alone = (change: object): string[] =>
    problemsOf(() =>
      resolveMcpServer(
        { ...goodServer(), name: "notes", platform: ATTRIBUTES, ...change } as never,
        isTestToken,
      ),
    );
  test("is accepted", () => expect(alone({})).toEqual([]));
  test("is named by the error, because a program may have many", () =>
    expect(() =>
      resolveMcpServer(
        { ...goodServer(), name: "notes", platform: ATTRIBUTES, path: "notes" } as never,
        isTestToken,
      ),
    ).toThrow('hardened-mcp: 1 problem in the configuration of server "notes"\n  path is "notes"'));
  test.each<[string, object, RegExp]>([
    ["a name known later", { name: TOKEN }, /^name is known only/],
    ["a name's form", { name: "Notes" }, /^name is "Notes", expected lower-case/],
    ["another posture", { platform: { ...ATTRIBUTES, posture: "prod" } }, /^platform\.posture is "prod"/],
    [
      "an alarm that does not exist",
      { platform: { ...ATTRIBUTES, alarms: { ...ATTRIBUTES.alarms, thresholds: { nothing: 1 } } } },
      /^platform\.alarms\.thresholds/,
    ],
  ])("%s", (_name, change, message) => expect(alone(change)).toEqual([expect.stringMatching(message)]));
});

function expectBeginnings(config: HardenedMcpConfig, begins: string[]): void {
  const found = problemsOf(() => resolveHardenedMcp(config, isTestToken));
  expect(found.map((message, i) => message.slice(0, begins[i]?.length ?? 60))).toEqual(begins);
}
