import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group";
import { FlowLog } from "@cdktf/provider-aws/lib/flow-log";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { Network, type NetworkPartConfig } from "../../lib";
import { resolveNetworkPart } from "../../lib/parts/network-model";
import { isTestToken, problemsOf } from "../support/config";
import { childOf, failing, partPlan, withoutType } from "../support/parts";
import { writtenPlan } from "../support/plan";

const KEY = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555";
const good: NetworkPartConfig = {
  name: "acme",
  environment: "test",
  posture: "production",
  cidr: "10.60.0.0/20",
  zones: ["eu-west-1a", "eu-west-1b"],
  reach: "internet",
};
const planOf = (
  change: Partial<NetworkPartConfig> = {},
  attack: (network: Network) => void = () => undefined,
) => writtenPlan((stack) => attack(new Network(stack, "vpc", { ...good, ...change })));
const example = partPlan("network");

describe("a network on its own", () => {
  test("has no way to the internet where nobody outside may call", () => {
    expect(example.blocks("aws_internet_gateway")).toHaveLength(1);
    const inside = planOf({ reach: "internal" });
    expect(inside.blocks("aws_internet_gateway", "aws_nat_gateway", "aws_route")).toEqual([]);
    expect(failing(inside)).toEqual([]);
  });
  test("tells what somebody needs who puts services into it", () => {
    let made: Network | undefined;
    planOf({ egress: {} }, (network) => (made = network));
    expect(made?.vpcCidr).toBe("10.60.0.0/20");
    expect(made?.taskSubnetIds).toHaveLength(2);
    expect(made?.loadBalancerSubnetIds).toHaveLength(2);
    expect(made?.egress?.subnetIds).toHaveLength(2);
    for (const id of [made?.vpcId, made?.endpoints.securityGroupId, made?.endpoints.s3PrefixListId])
      expect(id).toMatch(/^\$\{TfToken/);
  });
  test("records every connection under a key of its own, or one that was given, as long as it was told", () => {
    const groups = (change: Partial<NetworkPartConfig>) =>
      planOf(change)
        .blocks("aws_cloudwatch_log_group")
        .map(({ body }) => [body["retention_in_days"], body["kms_key_id"]]);
    expect(groups({})).toEqual([[400, expect.stringMatching(/aws_kms_key/)]]);
    expect(groups({ key: { kind: "existing", arn: KEY }, flowLogs: { retainDays: 731 } })).toEqual([
      [731, KEY],
    ]);
  });
});

describe("the checklist", () => {
  test("passes what is there", () => expect(failing(example)).toEqual([]));
  test.each([
    ["aws_flow_log", "network.flow-logs"],
    ["aws_default_security_group", "network.default-group-closed"],
    ["aws_iam_role", "access.boundary"],
  ])("asks for %s", (type, control) => expect(failing(withoutType(example, type))).toContain(control));
});

describe("a protection that an override takes away stops the synth", () => {
  test.each<[string, (network: Network) => void, RegExp]>([
    [
      "an open default group",
      (all) => childOf(all, DefaultSecurityGroup).addOverride("ingress", [{ protocol: "-1", self: true }]),
      /\[network\.default-group-closed\]/,
    ],
    [
      "public addresses",
      (all) => childOf(all, Subnet).addOverride("map_public_ip_on_launch", true),
      /\[network\.no-public-ip-on-launch\]/,
    ],
    [
      "refused connections alone",
      (all) => childOf(all, FlowLog).addOverride("traffic_type", "REJECT"),
      /\[network\.flow-logs\]/,
    ],
    [
      "an endpoint to every account",
      (all) =>
        childOf(all, VpcEndpoint).addOverride(
          "policy",
          '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}',
        ),
      /\[network\.endpoint-policies\]/,
    ],
  ])("%s", (_what, attack, says) => expect(() => planOf({}, attack)).toThrow(says));
});

describe("what is wrong is said at once", () => {
  const problems = (change: object) =>
    problemsOf(() => resolveNetworkPart({ ...good, ...change } as NetworkPartConfig, isTestToken));
  test("nothing is, as it stands", () => expect(problems({})).toEqual([]));
  test("every field", () => {
    const found = problems({
      kind: "new",
      lifecycle: "kept",
      cidr: "8.8.0.0/16",
      zones: ["eu-west-1a"],
      reach: "ranges",
      flowLogs: { retainDays: 2 },
      iam: { path: "mcp" },
      key: { kind: "existing" },
    });
    const said = [
      "kind is not a field here",
      'lifecycle is "kept"',
      'reach is "ranges"',
      "cidr ",
      "zones has 1 entries",
      "flowLogs.retainDays is 2",
      'iam.path is "mcp"',
      "key.arn is missing",
    ];
    expect(found).toEqual(said.map((each) => expect.stringContaining(each)));
  });
});
