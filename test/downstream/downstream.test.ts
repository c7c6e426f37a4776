import { Downstream } from "../../lib/downstream/downstream";
import type { DownstreamModel } from "../../lib/downstream/model";
import type { PrivateLinkModel } from "../../lib/downstream/private-link-model";
import { isToken } from "../../lib/terraform";
import { embedded } from "../../lib/terraform/plan";
import { synthPlan, testDeployment } from "../support/plan";

const build = (slice: readonly DownstreamModel[], seen?: (environment: Record<string, string>) => void) =>
  synthPlan((stack) => {
    const on = testDeployment(stack);
    const ways = new Downstream(stack, "downstream", {
      on,
      slice,
      server: "notes",
      vpcId: "vpc-1",
      taskSubnetIds: ["subnet-1", "subnet-2"],
    });
    ways.open("sg-task");
    seen?.({ ...ways.environment });
  });
const EGRESS = "aws_vpc_security_group_egress_rule";
const INGRESS = "aws_vpc_security_group_ingress_rule";

test("a group is opened at both ends, a block and a list at ours", () => {
  const because = "it is asked for";
  const plan = build([
    { kind: "peer", name: "ledger", to: { securityGroupId: "sg-ledger" }, port: 5432, because },
    { kind: "peer", name: "warehouse", to: { cidr: "10.60.0.0/24" }, port: 443, because },
    { kind: "peer", name: "s3", to: { prefixListId: "pl-1" }, port: 443, because },
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

const QUEUE: PrivateLinkModel = {
  kind: "privateLink",
  name: "queue",
  service: "com.amazonaws.eu-west-1.sqs",
  port: 443,
  because: "orders are sent to it",
  allow: { actions: ["sqs:SendMessage"], resources: ["arn:aws:sqs:eu-west-1:123456789012:orders"] },
  privateDns: true,
  env: undefined,
};
const SEARCH: PrivateLinkModel = {
  ...QUEUE,
  name: "search",
  service: "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0",
  port: 9200,
  allow: undefined,
  privateDns: false,
  env: "SEARCH_HOST",
};

test("an endpoint stands beside the tasks, in a group that only they enter, on its port", () => {
  const plan = build([SEARCH]);
  const [endpoint] = plan.blocks("aws_vpc_endpoint");
  expect(endpoint?.body).toMatchObject({
    service_name: SEARCH.service,
    vpc_endpoint_type: "Interface",
    private_dns_enabled: false,
    subnet_ids: ["subnet-1", "subnet-2"],
    vpc_id: "vpc-1",
  });
  expect(endpoint?.body).not.toHaveProperty("policy");
  const [group, ...more] = plan.blocks("aws_security_group");
  expect(more).toEqual([]);
  expect(endpoint?.body.security_group_ids).toEqual(["${" + `${group?.address}.id` + "}"]);
  const rules = plan
    .blocks(EGRESS, INGRESS)
    .map(({ type, body }) => [
      type,
      plan.target(body.security_group_id)?.address ?? body.security_group_id,
      plan.target(body.referenced_security_group_id)?.address ?? body.referenced_security_group_id,
      body.from_port,
      body.to_port,
    ]);
  expect(rules).toEqual([
    [EGRESS, "sg-task", group?.address, 9200, 9200],
    [INGRESS, group?.address, "sg-task", 9200, 9200],
  ]);
});

test("an endpoint of AWS lets the named actions on the named resources through, for this account alone", () => {
  const [endpoint] = build([QUEUE]).blocks("aws_vpc_endpoint");
  expect(endpoint?.body.private_dns_enabled).toBe(true);
  expect(embedded(endpoint?.body.policy)).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "NamedActionsByThisAccount",
        Effect: "Allow",
        Principal: "*",
        Action: QUEUE.allow?.actions,
        Resource: QUEUE.allow?.resources,
        Condition: {
          StringEquals: {
            "aws:PrincipalAccount": "${data.aws_caller_identity.account_identity_B7F107C0.account_id}",
          },
        },
      },
    ],
  });
});

test("the server is told the endpoint's own name where it asked for it", () => {
  let environment: Record<string, string> = {};
  build([QUEUE, SEARCH], (seen) => (environment = seen));
  expect(Object.keys(environment)).toEqual(["SEARCH_HOST"]);
  expect(isToken(environment["SEARCH_HOST"])).toBe(true);
});
