import { Plan } from "../../lib/terraform/plan";
import { fromShownPlan, isShownPlan, type ShownPlan } from "../../lib/terraform/plan-shown";

const resource = (address: string, values: object, index?: number | string) => {
  const [, type = "", name = ""] = /([a-z_]+)\.([a-z]+)(?:\[.*\])?$/.exec(address) ?? [];
  return {
    address,
    mode: "managed" as const,
    type,
    name,
    values: values as Record<string, unknown>,
    ...(index === undefined ? {} : { index }),
  };
};
const refers = (...references: string[]) => ({ references });

/** A VPC in a module, its subnets by `count`, and what uses both from outside. */
const shown = {
  format_version: "1.2",
  planned_values: {
    root_module: {
      resources: [
        resource("aws_lb.edge", { internal: true }),
        resource("aws_security_group.lb", {
          name: "lb",
          ingress: [
            {
              from_port: 443,
              to_port: 443,
              protocol: "tcp",
              cidr_blocks: ["10.0.0.0/8"],
              security_groups: [],
            },
          ],
        }),
        resource("aws_eip.two[0]", {}, 0),
      ],
      child_modules: [
        {
          resources: [
            resource("module.net.aws_vpc.this", { cidr_block: "10.0.0.0/16" }),
            resource("module.net.aws_subnet.private[0]", { cidr_block: "10.0.0.0/24" }, 0),
            resource("module.net.aws_subnet.private[1]", { cidr_block: "10.0.1.0/24" }, 1),
            resource("module.net.aws_route_table_association.private[1]", {}, 1),
            resource("module.net.aws_security_group.inner", {}),
          ],
        },
      ],
    },
  },
  configuration: {
    root_module: {
      resources: [
        {
          address: "aws_lb.edge",
          expressions: {
            subnets: refers("module.net.subnet_ids", "module.net"),
            security_groups: refers("aws_security_group.lb.id", "aws_security_group.lb"),
          },
        },
        {
          address: "aws_security_group.lb",
          expressions: { vpc_id: refers("module.net.vpc_id", "module.net") },
        },
      ],
      module_calls: {
        net: {
          expressions: { group: refers("aws_security_group.lb.id", "aws_security_group.lb") },
          module: {
            outputs: {
              vpc_id: { expression: refers("aws_vpc.this.id", "aws_vpc.this") },
              subnet_ids: { expression: refers("aws_subnet.private") },
            },
            resources: [
              {
                address: "aws_subnet.private",
                expressions: { vpc_id: refers("aws_vpc.this.id", "aws_vpc.this") },
              },
              {
                address: "aws_route_table_association.private",
                expressions: { subnet_id: refers("aws_subnet.private", "count.index") },
              },
              { address: "aws_security_group.inner", expressions: { name: refers("var.group") } },
            ],
          },
        },
      },
    },
  },
} as unknown as ShownPlan;

describe("what terraform show -json prints", () => {
  const plan = new Plan(fromShownPlan(shown));
  const body = (address: string) => plan.all.find((block) => block.address === address)?.body ?? {};
  const target = (value: unknown) => plan.target(value)?.address;
  test("is told apart from the written file", () => {
    expect([isShownPlan(shown), isShownPlan({ resource: {} })]).toEqual([true, false]);
  });
  test("keeps the real addresses", () => {
    expect(plan.all.map(({ address }) => address)).toContain("module.net.aws_subnet.private[1]");
  });
  test.each([
    ["within a module", "module.net.aws_subnet.private[0]", "vpc_id", "module.net.aws_vpc.this"],
    ["by an output of a module", "aws_security_group.lb", "vpc_id", "module.net.aws_vpc.this"],
    ["by a variable of a module", "module.net.aws_security_group.inner", "name", "aws_security_group.lb"],
    [
      "one of many, by its index",
      "module.net.aws_route_table_association.private[1]",
      "subnet_id",
      "module.net.aws_subnet.private[1]",
    ],
  ])("finds what is known only at deployment: %s", (_what, address, attribute, expected) => {
    expect(target(body(address)[attribute])).toBe(expected);
  });
  test("a list of many is all of them", () => {
    const subnets = body("aws_lb.edge").subnets as string[];
    expect(subnets.map(target)).toEqual([
      "module.net.aws_subnet.private[0]",
      "module.net.aws_subnet.private[1]",
    ]);
    expect((body("aws_lb.edge").security_groups as string[]).map(target)).toEqual(["aws_security_group.lb"]);
  });
  test("an empty plan is empty", () =>
    expect(new Plan(fromShownPlan({ planned_values: {} })).all).toEqual([]));
});
