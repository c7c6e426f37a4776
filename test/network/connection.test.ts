import { Connection, type ConnectionProps } from "../../lib/network/connection";
import type { Plan } from "../../lib/terraform/plan";
import { synthPlan, testDeployment } from "../support/plan";

const INGRESS = "aws_vpc_security_group_ingress_rule";
const EGRESS = "aws_vpc_security_group_egress_rule";
const a = { securityGroupId: "sg-a" };
const b = { securityGroupId: "sg-b" };
const common = {
  description: "asks",
  ip_protocol: "tcp",
  from_port: 443,
  to_port: 443,
  tags: { team: "platform" },
};

function connect(props: Omit<ConnectionProps, "on" | "port" | "because"> & Partial<ConnectionProps>): Plan {
  return synthPlan((stack) => {
    new Connection(stack, "it", { on: testDeployment(stack), port: 443, because: "asks", ...props });
  });
}

const bodies = (plan: Plan, type: string) => plan.blocks(type).map(({ body: { "//": _, ...body } }) => body);

test("opens both ends, each towards the other", () => {
  const plan = connect({ from: a, to: b });
  expect(bodies(plan, EGRESS)).toEqual([
    { ...common, security_group_id: "sg-a", referenced_security_group_id: "sg-b" },
  ]);
  expect(bodies(plan, INGRESS)).toEqual([
    { ...common, security_group_id: "sg-b", referenced_security_group_id: "sg-a" },
  ]);
});

test.each([
  ["a block leaves nothing to open at its end", { from: { cidr: "10.0.0.0/8" }, to: b }, 0, 1],
  ["a prefix list has no door", { from: a, to: { prefixListId: "pl-1" } }, 1, 0],
  ["only our own end", { from: a, to: b, open: "from" as const }, 1, 0],
  ["only the other end", { from: a, to: b, open: "to" as const }, 0, 1],
])("%s", (_name, props, egress, ingress) => {
  const plan = connect(props);
  expect([plan.blocks(EGRESS).length, plan.blocks(INGRESS).length]).toEqual([egress, ingress]);
});

test("blocks and lists are named as what they are", () => {
  expect(bodies(connect({ from: { cidr: "10.0.0.0/8" }, to: b }), INGRESS)).toEqual([
    { ...common, security_group_id: "sg-b", cidr_ipv4: "10.0.0.0/8" },
  ]);
  expect(bodies(connect({ from: a, to: { prefixListId: "pl-1" } }), EGRESS)).toEqual([
    { ...common, security_group_id: "sg-a", prefix_list_id: "pl-1" },
  ]);
});

test("a connection that opens nothing is a mistake", () => {
  expect(() => connect({ from: { cidr: "10.0.0.0/8" }, to: { cidr: "10.0.0.0/8" } })).toThrow(
    "opens no security group",
  );
  expect(() => connect({ from: { cidr: "10.0.0.0/8" }, to: b, open: "from" })).toThrow(
    "opens no security group",
  );
});

test("the reason is cut to what EC2 takes, and stays text", () => {
  const because = `the ledger's port "5432" – ${"${x}"} ${"y".repeat(300)}`;
  const [rule] = bodies(connect({ from: a, to: b, because }), INGRESS);
  const written = String(rule?.description);
  expect(written.startsWith("the ledgers port 5432  $${x} yyy")).toBe(true);
  expect(written.replace("$${", "${")).toMatch(/^[A-Za-z0-9 ._\-:/()#,@[\]+=&;{}!$*]{255}$/);
});
