import { Token } from "cdktf";
import type { NetworkConfig } from "../../lib/network/config";
import { resolveNetwork, type NetworkFacts, type NewNetworkModel } from "../../lib/network/model";
import { isToken } from "../../lib/terraform";
import { Check, formatProblem } from "../../lib/validation";
import { NEW } from "./fixture";

const EXISTING = {
  kind: "existing",
  vpcId: "vpc-0123456789abcdef0",
  vpcCidr: "10.0.0.0/16",
  loadBalancerSubnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
  taskSubnetIds: ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"],
  endpoints: {
    kind: "existing",
    securityGroupId: "sg-0123456789abcdef0",
    s3PrefixListId: "pl-0123456789abcdef0",
  },
} as const;

function resolve(config: unknown, facts: NetworkFacts = { reach: "internet" }) {
  const check = Check.start(isToken);
  const model = resolveNetwork(config as NetworkConfig, check.at("network"), facts);
  return { model, problems: check.problems.map(formatProblem) };
}

const tiers = (config: unknown, facts?: NetworkFacts) => {
  const { model } = resolve(config, facts);
  return model.kind === "new" ? [...new Set(model.subnets.map(({ tier }) => tier))].sort() : [];
};

describe("what is resolved", () => {
  test("a new network keeps its logs as long as the posture says, else as it is told", () => {
    expect(resolve(NEW).model).toMatchObject({ kind: "new", region: "eu-west-1", flowLogRetainDays: 400 });
    expect(resolve(NEW, { reach: "internet", logRetainDays: 7 }).model).toMatchObject({
      flowLogRetainDays: 7,
    });
    expect(resolve({ ...NEW, flowLogs: { retainDays: 90 } }).model).toMatchObject({ flowLogRetainDays: 90 });
    expect(resolve({ ...NEW, flowLogs: {} }).model).toMatchObject({ flowLogRetainDays: 400 });
  });

  test.each(["internet", "ranges"] as const)("public subnets are there for reach %s", (reach) => {
    expect(tiers(NEW, { reach })).toEqual(["isolated", "private", "public"]);
  });

  test("nothing public is there for reach internal", () => {
    expect(tiers(NEW, { reach: "internal" })).toEqual(["isolated", "private"]);
  });

  test("an existing network is taken as it is, tokens too", () => {
    expect(resolve(EXISTING)).toEqual({
      model: { ...EXISTING, taskSecurityGroupIds: [], egress: undefined, mirroredKeysOf: [] },
      problems: [],
    });
    const list = Token.asList({ resolve: () => [] });
    const text = Token.asString({ resolve: () => "" });
    const tokens = {
      ...EXISTING,
      vpcId: text,
      vpcCidr: text,
      taskSubnetIds: list,
      loadBalancerSubnetIds: [text, text],
      endpoints: { kind: "new", taskRouteTableIds: list },
    };
    expect(resolve(tokens)).toEqual({
      model: { ...tokens, taskSecurityGroupIds: [], mirroredKeysOf: [] },
      problems: [],
    });
  });

  test.each(["us-gov-west-1a", "ap-southeast-4b", "us-east-1f"])("%s is a zone", (zone) => {
    const other = `${zone.slice(0, -1)}c`;
    expect(resolve({ ...NEW, zones: [zone, other] }).problems).toEqual([]);
  });

  test.each(["10.0.0.0/16", "172.31.252.0/22", "192.168.0.0/16", "100.64.0.0/20"])("%s is a VPC", (cidr) => {
    expect(resolve({ ...NEW, cidr }).problems).toEqual([]);
  });
});

const token = "${var.x}";
const subnet = "subnet-0123456789abcdef0";

test.each<[string, unknown, string[]]>([
  ["nothing", undefined, ["network is missing, expected an object", "[wrong-type]"]],
  ["an unknown kind", { kind: "nw" }, ["network.kind", "did you mean new?", "[unknown-kind]"]],
  ["a misspelt field", { ...NEW, zonse: [] }, ["network.zonse is not a field here"]],
  ["a VPC too large", { ...NEW, cidr: "10.0.0.0/15" }, ["network.cidr is a /15, expected /16 to /22"]],
  ["a VPC too small", { ...NEW, cidr: "10.0.0.0/23" }, ["is a /23"]],
  ["host bits", { ...NEW, cidr: "10.40.1.0/20" }, ["did you mean 10.40.0.0/20"]],
  ["somebody's addresses", { ...NEW, cidr: "8.8.0.0/16" }, ["belongs to somebody", "[unsafe]"]],
  ["a block half outside", { ...NEW, cidr: "172.32.0.0/16" }, ["[unsafe]"]],
  ["a block known later", { ...NEW, cidr: token }, ["network.cidr", "[token-not-allowed]"]],
  ["one zone", { ...NEW, zones: ["eu-west-1a"] }, ["has 1 entries, expected at least 2"]],
  ["seven zones", { ...NEW, zones: [..."abcdefg"].map((z) => `eu-west-1${z}`) }, ["expected at most 6"]],
  [
    "a zone twice",
    { ...NEW, zones: ["eu-west-1a", "eu-west-1a", "eu-west-1b"] },
    ["zones[1]", "[duplicate]"],
  ],
  [
    "two regions",
    { ...NEW, zones: ["eu-west-1a", "eu-west-2b"] },
    ["another region than eu-west-1a", "[conflict]"],
  ],
  ["a local zone", { ...NEW, zones: ["us-west-2a", "us-west-2-lax-1a"] }, ["zones[1]", "local zones"]],
  ["a letter without a slot", { ...NEW, zones: ["eu-west-1a", "eu-west-1z"] }, ["zones[1]", "[wrong-form]"]],
  [
    "a zone known later",
    { ...NEW, zones: ["eu-west-1a", token] },
    ["network.zones[1]", "[token-not-allowed]"],
  ],
  ["zones known later", { ...NEW, zones: token }, ["network.zones", "[token-not-allowed]"]],
  ["no zones", { kind: "new", cidr: "10.0.0.0/20" }, ["network.zones is missing"]],
  ["a step that is none", { ...NEW, flowLogs: { retainDays: 100 } }, ["flowLogs.retainDays is 100"]],
  ["a misspelt log field", { ...NEW, flowLogs: { days: 7 } }, ["network.flowLogs.days"]],
  ["flow logs off", { ...NEW, flowLogs: false }, ["network.flowLogs is a boolean, expected an object"]],
  ["no VPC id", { ...EXISTING, vpcId: "my-vpc" }, ["network.vpcId", "vpc-0123456789abcdef0"]],
  ["a VPC's block that is none", { ...EXISTING, vpcCidr: "10.0.0.0" }, ["network.vpcCidr"]],
  ["one subnet", { ...EXISTING, loadBalancerSubnetIds: [subnet] }, ["loadBalancerSubnetIds has 1 entries"]],
  ["one task subnet", { ...EXISTING, taskSubnetIds: [subnet] }, ["taskSubnetIds has 1 entries"]],
  ["a subnet twice", { ...EXISTING, taskSubnetIds: [subnet, subnet] }, ["taskSubnetIds[1]", "[duplicate]"]],
  [
    "a subnet that is none",
    { ...EXISTING, taskSubnetIds: [subnet, "x"] },
    ["taskSubnetIds[1]", "[wrong-form]"],
  ],
  ["a stray field", { ...EXISTING, cidr: "10.0.0.0/16" }, ["network.cidr is not a field"]],
  ["no endpoints", { ...EXISTING, endpoints: undefined }, ["network.endpoints is missing"]],
  [
    "endpoints of no kind",
    { ...EXISTING, endpoints: { kind: "none" } },
    ["endpoints.kind", "[unknown-kind]"],
  ],
  [
    "new endpoints without tables",
    { ...EXISTING, endpoints: { kind: "new" } },
    ["taskRouteTableIds is missing"],
  ],
  ["no table", { ...EXISTING, endpoints: { kind: "new", taskRouteTableIds: [] } }, ["has 0 entries"]],
  [
    "a stray field of endpoints",
    {
      ...EXISTING,
      endpoints: { kind: "new", taskRouteTableIds: ["rtb-0123456789abcdef0"], securityGroupId: "x" },
    },
    ["network.endpoints.securityGroupId is not a field"],
  ],
  [
    "no group",
    { ...EXISTING, endpoints: { ...EXISTING.endpoints, securityGroupId: "default" } },
    ["sg-0123456789abcdef0"],
  ],
  [
    "no list",
    { ...EXISTING, endpoints: { ...EXISTING.endpoints, s3PrefixListId: undefined } },
    ["s3PrefixListId is missing"],
  ],
])("%s is refused", (_name, config, expected) => {
  const { problems } = resolve(config);
  expect(problems.length).toBeGreaterThan(0);
  for (const text of expected) expect(problems.join("\n")).toContain(text);
});

test("every problem is told at once", () => {
  expect(
    resolve({ kind: "new", cidr: "8.8.8.8/16", zones: ["x"], flowLogs: { retainDays: 0 } }).problems,
  ).toHaveLength(4);
});

describe("egress", () => {
  const zoned = (zones: readonly string[], egress: unknown = {}) =>
    resolve({ ...NEW, zones, egress } as never);

  test("has a gateway for each zone unless one is asked for, and subnets beside the others, which stay", () => {
    const [without, each] = [resolve(NEW), resolve({ ...NEW, egress: {} })];
    expect(each.model).toMatchObject({ egress: { natGateways: "each-zone" } });
    const subnets = (it: typeof each) => (it.model as NewNetworkModel).subnets;
    expect(subnets(each).filter(({ tier }) => tier !== "egress")).toEqual(subnets(without));
    expect(subnets(each).length - subnets(without).length).toBe(NEW.zones.length);
    expect(resolve({ ...NEW, egress: { natGateways: "one" } }).model).toMatchObject({
      egress: { natGateways: "one" },
    });
  });

  test.each<[string, { problems: readonly string[] }, string]>([
    [
      "a zone whose addresses it takes",
      zoned(["eu-west-1a", "eu-west-1g"]),
      "takes the addresses of eu-west-1g",
    ],
    ["an unknown field", zoned(NEW.zones, { nat: 1 }), "network.egress.nat is not a field"],
    ["an unknown number", zoned(NEW.zones, { natGateways: "two" }), 'natGateways is "two"'],
    [
      "a subnet of tasks",
      resolve({
        ...EXISTING,
        egress: { subnetIds: [EXISTING.taskSubnetIds[0], "subnet-0123456789abcdefa"] },
      } as never),
      "where tasks or the load balancer stand too",
    ],
    [
      "one subnet",
      resolve({ ...EXISTING, egress: { subnetIds: ["subnet-0123456789abcdefa"] } } as never),
      "has 1 entries, expected at least 2",
    ],
  ])("%s is refused", (_class, { problems }, says) => {
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(says);
  });
});
