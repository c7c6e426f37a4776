import {
  HardenedMcp,
  McpPlatform,
  McpServer,
  PlatformParameter,
  platformFromParameter,
  type HardenedMcpConfig,
} from "../../lib";
import { CONTROLS } from "../../lib/checklist/controls";
import { judgePlan } from "../../lib/checklist/engine";
import { resolveHardenedMcp } from "../../lib/model";
import { mandatedControls } from "../../lib/network/mandated-controls";
import { embedded, Plan, type TerraformJson } from "../../lib/terraform/plan";
import { changedData, judge, named } from "../audit/judge";
import { goodConfig, goodServer, isTestToken, problemsOf, TOKEN } from "../support/config";
import { synthPlan, writtenPlan } from "../support/plan";

const GROUP = "sg-0123456789abcdef7";
const OTHER = "sg-0123456789abcdef8";
const NETWORK = {
  kind: "existing",
  vpcId: "vpc-0123456789abcdef0",
  vpcCidr: "10.80.0.0/16",
  loadBalancerSubnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
  taskSubnetIds: ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"],
  endpoints: { kind: "new", taskRouteTableIds: ["rtb-0123456789abcdef0"] },
} as const;

const config = (taskSecurityGroupIds: readonly string[] = [GROUP, OTHER]): HardenedMcpConfig =>
  goodConfig({ network: { ...NETWORK, taskSecurityGroupIds } });
const plan = writtenPlan((stack) => void new HardenedMcp(stack, "mcp", config()));
const data = (of: Plan, type: string) =>
  of.all.filter((block) => block.mode === "data" && block.type === type);
const groupsOf = (of: Plan) =>
  of.blocks("aws_ecs_service").map(({ body }) => {
    const [network] = [body["network_configuration"]].flat() as { security_groups: string[] }[];
    return network?.security_groups;
  });
const verdicts = (of: Plan, id: string) =>
  judgePlan(of, CONTROLS, { asOf: "2026-11-26" }).filter(({ control }) => control === id);

describe("groups that an organisation wants on every task", () => {
  test("stand beside the task's own, which stays the first", () => {
    const [groups] = groupsOf(plan);
    expect(plan.target(groups?.[0])?.type).toBe("aws_security_group");
    expect(groups?.slice(1)).toEqual([GROUP, OTHER]);
  });
  test("are written to by nobody here", () => {
    const rules = plan.blocks("aws_vpc_security_group_egress_rule", "aws_vpc_security_group_ingress_rule");
    expect(rules.length).toBeGreaterThan(5);
    for (const { body } of rules) expect([GROUP, OTHER]).not.toContain(body["security_group_id"]);
  });
  test("have every rule read at every plan, which stops where one lets anybody in", () => {
    const [rules] = data(plan, "aws_vpc_security_group_rules");
    expect(rules?.body["filter"]).toEqual([{ name: "group-id", values: [GROUP, OTHER] }]);
    expect(data(plan, "aws_vpc_security_group_rule").map(({ body }) => body)).toEqual([
      expect.objectContaining({
        for_each: `\${toset(${rules?.address}.ids)}`,
        security_group_rule_id: "${each.value}",
        lifecycle: { postcondition: [expect.objectContaining({ condition: "${self.is_egress}" })] },
      }),
    ]);
  });
  test("are none where nobody asks for them", () => {
    const without = synthPlan(
      (stack) => void new HardenedMcp(stack, "mcp", goodConfig({ network: NETWORK })),
    );
    expect(data(without, "aws_vpc_security_group_rules")).toEqual([]);
    expect(groupsOf(without).map((groups) => groups?.length)).toEqual([1]);
  });
});

describe("servers of other repositories", () => {
  const { servers: _servers, ...platform } = config();
  const written = synthPlan((stack) => {
    new PlatformParameter(stack, "where", new McpPlatform(stack, "mcp", platform));
  });
  const known = {
    name: "acme",
    environment: "test",
    posture: "production",
    hostname: "mcp.example.com",
    gateway: platform.gateway,
    auditRetainDays: 400,
    ownsEndpoints: true,
  } as const;
  const server = (taskSecurityGroupIds?: readonly string[]) =>
    writtenPlan((stack) => {
      const found = platformFromParameter(stack, "platform", {
        ...known,
        ...(taskSecurityGroupIds && { taskSecurityGroupIds }),
      });
      new McpServer(stack, "notes", { ...goodServer(), name: "notes", platform: found });
    });
  test("are in them too, and a plan stops where the platform has others", () => {
    const other = server([OTHER, GROUP]);
    expect(groupsOf(other)[0]?.slice(1)).toEqual([OTHER, GROUP]);
    const { agreed } = embedded(written.blocks("aws_ssm_parameter")[0]?.body["insecure_value"]) as {
      agreed: Record<string, string>;
    };
    expect(agreed["taskSecurityGroupIds"]).toBe(`${GROUP} ${OTHER}`);
    expect(JSON.stringify(data(other, "aws_ssm_parameter")[0]?.body["lifecycle"])).toContain(
      `[\\"taskSecurityGroupIds\\"]) == \\"${GROUP} ${OTHER}\\"}`,
    );
  });
  test("without them, do not stop at a parameter that is older", () =>
    expect(JSON.stringify(data(server(), "aws_ssm_parameter")[0]?.body["lifecycle"])).toMatch(
      /\{try\(tostring\([^}]*\[\\"taskSecurityGroupIds\\"\]\) == \\"\\", true\)\}/,
    ));
  test("have them read where the platform is made, which is another file", () =>
    expect(verdicts(server([GROUP]), "network.mandated-groups-judged-at-plan")).toEqual([
      expect.objectContaining({
        result: "unknown",
        detail: `${GROUP} is read where the platform is made, which is not in this file`,
      }),
    ]));
});

describe("the checklist", () => {
  test("does not say that there is no other way in, past groups that it does not see", () =>
    expect(verdicts(plan, "network.one-path-in").map(({ result }) => result)).toEqual(["unknown"]));
  test("passes what is read at every plan", () =>
    expect(verdicts(plan, "network.mandated-groups-judged-at-plan").map(({ result }) => result)).toEqual([
      "pass",
    ]));

  const says = (of: Plan) => judge(named(mandatedControls, "network.mandated-groups-judged-at-plan"), of)[0];
  const rule = (change: (body: Record<string, unknown>) => void) =>
    changedData(plan, "aws_vpc_security_group_rule", change);
  test.each<[string, string, () => Plan]>([
    ["no rule is held against anything", GROUP, () => rule((body) => delete body["lifecycle"])],
    [
      "the condition is always true",
      GROUP,
      () => rule((body) => (body["lifecycle"] = { postcondition: [{ condition: "${true}" }] })),
    ],
    ["some rules are left out", GROUP, () => rule((body) => (body["for_each"] = '${toset(["sgr-1"])}'))],
    ["one rule is read for all", GROUP, () => rule((body) => (body["security_group_rule_id"] = "sgr-1"))],
    [
      "a group is left out",
      OTHER,
      () =>
        changedData(
          plan,
          "aws_vpc_security_group_rules",
          (body) => (body["filter"] = [{ name: "group-id", values: [GROUP] }]),
        ),
    ],
    [
      "nobody reads them",
      GROUP,
      () => {
        const { aws_vpc_security_group_rules: _rules, ...rest } = plan.source.data ?? {};
        return new Plan({ ...plan.source, data: rest } as TerraformJson);
      },
    ],
  ])("fails where %s", (_what, group, build) =>
    expect(says(build())).toEqual({ holds: false, says: expect.stringContaining(group) }),
  );
});

describe("what cannot be is refused by name", () => {
  const asks = (ids: unknown) =>
    problemsOf(() => resolveHardenedMcp(config(ids as readonly string[]), isTestToken));
  test.each<[string, unknown, string[]]>([
    ["two", [GROUP, OTHER], []],
    ["one that is known only at deployment", [TOKEN], []],
    ["a list that is", TOKEN, ["network.taskSecurityGroupIds is known only at deployment"]],
    ["none", [], ["network.taskSecurityGroupIds has 0 entries, expected at least 1; name 1 to 4"]],
    [
      "more than an interface takes",
      ["1", "2", "3", "4", "5"].map((end) => `sg-0123456789abcdef${end}`),
      ["has 5 entries, expected at most 4"],
    ],
    ["the same twice", [GROUP, GROUP], ['is "sg-0123456789abcdef7" again']],
    ["a name", ["mandated"], ['network.taskSecurityGroupIds[0] is "mandated"']],
    ["no list", GROUP, ["network.taskSecurityGroupIds is a string, expected a list"]],
  ])("%s", (_name, ids, begins) =>
    expect(asks(ids)).toEqual(begins.map((begin) => expect.stringContaining(begin))),
  );
  test("in a network that is made here there is no such group yet", () =>
    expect(
      problemsOf(() =>
        resolveHardenedMcp(
          goodConfig({ network: { ...goodConfig().network, taskSecurityGroupIds: [GROUP] } as never }),
          isTestToken,
        ),
      ),
    ).toEqual([expect.stringContaining("network.taskSecurityGroupIds is not a field here")]));
});
