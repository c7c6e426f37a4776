import { Downstream } from "../../lib/downstream/downstream";
import type { DownstreamModel } from "../../lib/downstream/model";
import { synthPlan, testDeployment } from "../support/plan";

const build = (slice: readonly DownstreamModel[]) =>
  synthPlan((stack) => {
    new Downstream(stack, "downstream", { on: testDeployment(stack), slice, from: "sg-task" });
  });
const EGRESS = "aws_vpc_security_group_egress_rule";
const INGRESS = "aws_vpc_security_group_ingress_rule";

test("a group is opened at both ends, a block and a list at ours", () => {
  const because = "it is asked for";
  const plan = build([
    { name: "ledger", to: { securityGroupId: "sg-ledger" }, port: 5432, because },
    { name: "warehouse", to: { cidr: "10.60.0.0/24" }, port: 443, because },
    { name: "s3", to: { prefixListId: "pl-1" }, port: 443, because },
  ]);
  const common = { ip_protocol: "tcp", description: because, tags: { team: "platform" } };
  const from = (port: number) => ({
    ...common,
    security_group_id: "sg-task",
    from_port: port,
    to_port: port,
  });
  expect(plan.blocks(EGRESS).map(({ body: { "//": _comment, ...body } }) => body)).toEqual([
    { ...from(5432), referenced_security_group_id: "sg-ledger" },
    { ...from(443), prefix_list_id: "pl-1" },
    { ...from(443), cidr_ipv4: "10.60.0.0/24" },
  ]);
  expect(plan.blocks(INGRESS).map(({ body: { "//": _comment, ...body } }) => body)).toEqual([
    {
      ...common,
      security_group_id: "sg-ledger",
      referenced_security_group_id: "sg-task",
      from_port: 5432,
      to_port: 5432,
    },
  ]);
});

test("nothing listed, nothing opened", () => {
  expect(build([]).blocks(EGRESS, INGRESS)).toEqual([]);
});
