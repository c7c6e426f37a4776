import fc from "fast-check";
import { HardenedMcp } from "../../lib";
import type { HardenedMcpConfig, ServerConfig } from "../../lib/config";
import type { Plan } from "../../lib/terraform/plan";
import { goodConfig, goodServer } from "../support/config";
import { synthPlan } from "../support/plan";

/** What a deployment has, by name. What it is made of follows from the names alone. */
interface Shape {
  readonly zones: readonly string[];
  readonly servers: readonly {
    readonly name: string;
    readonly clients: readonly string[];
    readonly tools: readonly string[];
  }[];
}

const within = (names: readonly string[], min = 1) =>
  fc.shuffledSubarray([...names], { minLength: min, maxLength: names.length });
const shape: fc.Arbitrary<Shape> = fc.record({
  zones: within(["a", "b", "c", "d"], 2),
  servers: fc.uniqueArray(
    fc.record({
      name: fc.constantFrom("notes", "orders", "docs"),
      clients: within(["ci", "desk", "phone"]),
      tools: within(["find", "read", "write"]),
    }),
    { selector: ({ name }) => name, minLength: 1, maxLength: 3 },
  ),
});

function config({ zones, servers }: Shape): HardenedMcpConfig {
  const server = ({ name, clients, tools }: Shape["servers"][number]): ServerConfig =>
    goodServer({
      path: `/${name}/mcp`,
      clients: Object.fromEntries(
        clients.map((client) => [client, { identity: { kind: "apiKey" }, tools: [...tools] }]),
      ),
      tools: Object.fromEntries(
        tools.map((tool) => [tool, { access: "read", callsPerMinute: 60, timeoutSeconds: 10 }]),
      ),
      secrets: { cookie: { kind: "generated", env: "COOKIE" } },
    });
  return goodConfig({
    network: { kind: "new", cidr: "10.40.0.0/20", zones: zones.map((zone) => `eu-west-1${zone}`) },
    servers: Object.fromEntries(servers.map((each) => [each.name, server(each)])),
  });
}

const synth = (of: Shape): Plan => synthPlan((stack) => void new HardenedMcp(stack, "mcp", config(of)));
const bodies = (plan: Plan): Map<string, string> =>
  new Map(plan.all.map(({ address, body }) => [address, JSON.stringify(body)]));
const sorted = (of: Shape): Shape => ({
  zones: [...of.zones].sort(),
  servers: [...of.servers]
    .sort((one, other) => one.name.localeCompare(other.name))
    .map(({ name, clients, tools }) => ({ name, clients: [...clients].sort(), tools: [...tools].sort() })),
});

/** Two shapes are synthesised in a run, about half a second each. */
const RUNS = 8;
/** Of a test, on two busy cores. */
const BUDGET_MS = 60_000;
jest.setTimeout(BUDGET_MS);

/** What is different between two deployments: what only one has, and what both have in other words. */
function difference(before: Plan, after: Plan): { gone: string[]; come: string[]; changed: string[] } {
  const [old, fresh] = [bodies(before), bodies(after)];
  const addresses = (one: Map<string, string>, other: Map<string, string>) =>
    [...one.keys()].filter((address) => !other.has(address));
  return {
    gone: addresses(old, fresh),
    come: addresses(fresh, old),
    changed: [...old.keys()].filter(
      (address) => fresh.has(address) && fresh.get(address) !== old.get(address),
    ),
  };
}

const of = (server: string) => new RegExp(`\\.mcp_server-${server}_`);

test("the order in which things are written changes nothing", () => {
  fc.assert(
    fc.property(shape, (one) => {
      expect(difference(synth(sorted(one)), synth(one))).toEqual({ gone: [], come: [], changed: [] });
    }),
    { numRuns: RUNS },
  );
});

test("a server that comes or goes touches nothing of the others", () => {
  fc.assert(
    fc.property(shape, (all) => {
      const [first, ...others] = all.servers;
      fc.pre(first !== undefined && others.length > 0);
      const { gone, come, changed } = difference(synth({ ...all, servers: others }), synth(all));
      expect(gone).toEqual([]);
      expect(come.filter((address) => !of(first.name).test(address))).toEqual([]);
      // The firewall knows the paths of all servers.
      expect(changed.filter((address) => !address.startsWith("aws_wafv2_web_acl."))).toEqual([]);
    }),
    { numRuns: RUNS },
  );
});

test.each(["clients", "tools"] as const)(
  "one of its %s that comes or goes touches its own server alone",
  (what) => {
    fc.assert(
      fc.property(shape, (all) => {
        const [first, ...others] = all.servers;
        fc.pre(first !== undefined && first[what].length > 1);
        const fewer = { ...first, [what]: first[what].slice(1) };
        const { gone, come, changed } = difference(
          synth({ ...all, servers: [fewer, ...others] }),
          synth(all),
        );
        expect(gone).toEqual([]);
        const foreign = [...come, ...changed].filter((address) => !of(first.name).test(address));
        expect(foreign).toEqual([]);
        // Nothing that holds data: only what is made from the policy anew, and what reads it.
        const replaced = changed.filter((address) =>
          /^aws_(secretsmanager_secret|kms_key|s3_bucket)\./.test(address),
        );
        expect(replaced).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  },
);

test("a zone that comes or goes moves no other zone", () => {
  fc.assert(
    fc.property(shape, (all) => {
      fc.pre(all.zones.length > 2);
      const { gone, come, changed } = difference(synth({ ...all, zones: all.zones.slice(1) }), synth(all));
      expect(gone).toEqual([]);
      expect(come.filter((address) => !/^aws_(subnet|route)/.test(address))).toEqual([]);
      expect(changed.filter((address) => /^aws_(subnet|route)/.test(address))).toEqual([]);
    }),
    { numRuns: RUNS },
  );
});
