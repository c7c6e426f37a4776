import { TerraformVariable } from "cdktf";
import { embedded, type Plan } from "../../lib/terraform/plan";
import { synthPlan } from "../support/plan";
import { KEY, makeNetwork, networkPlan, NEW } from "./fixture";

const plan = networkPlan();
const bodies = (from: Plan, type: string) => from.blocks(type).map(({ body }) => body);

describe("a new network", () => {
  test("is one VPC with names, whose default group is closed", () => {
    expect(bodies(plan, "aws_vpc")).toMatchObject([
      { cidr_block: "10.40.0.0/20", enable_dns_hostnames: true, enable_dns_support: true },
    ]);
    const [group] = bodies(plan, "aws_default_security_group");
    expect(plan.target(group?.vpc_id)?.type).toBe("aws_vpc");
    expect(group).not.toHaveProperty("ingress");
    expect(group).not.toHaveProperty("egress");
  });

  test("has every planned subnet, keyed by zone, with no public addresses and a table of its own", () => {
    const subnets = plan.blocks("aws_subnet");
    expect(
      subnets.map(({ body }) => [body.availability_zone, body.cidr_block, body.map_public_ip_on_launch]),
    ).toEqual([
      ["eu-west-1a", "10.40.4.0/25", false],
      ["eu-west-1c", "10.40.5.0/25", false],
      ["eu-west-1a", "10.40.8.0/24", false],
      ["eu-west-1c", "10.40.10.0/24", false],
      ["eu-west-1a", "10.40.0.0/25", false],
      ["eu-west-1c", "10.40.1.0/25", false],
    ]);
    const tables = subnets.map((subnet) => {
      const [association] = plan.referring(subnet, "aws_route_table_association", "subnet_id");
      return plan.target(association?.body.route_table_id)?.address;
    });
    expect(new Set(tables).size).toBe(subnets.length);
    expect(tables).not.toContain(undefined);
  });

  test("addresses of a zone do not depend on the zones beside it", () => {
    const more = networkPlan({ ...NEW, zones: ["eu-west-1b", "eu-west-1a", "eu-west-1c"] });
    const addresses = new Set(more.all.map(({ address }) => address));
    expect(plan.all.filter(({ address }) => !addresses.has(address))).toEqual([]);
  });

  test("only public subnets have a way to the internet, and wait for its gateway", () => {
    const routes = plan.blocks("aws_route");
    expect(routes).toHaveLength(2);
    for (const { body } of routes) {
      expect(body.destination_cidr_block).toBe("0.0.0.0/0");
      expect(plan.target(body.gateway_id)?.type).toBe("aws_internet_gateway");
      expect(plan.target(body.route_table_id)?.address).toContain("_public_");
    }
    const [gateway] = plan.blocks("aws_internet_gateway");
    const waiting = plan.blocks("aws_subnet").filter(({ body }) => body.depends_on !== undefined);
    expect(waiting.map(({ body }) => body.depends_on)).toEqual([[gateway?.address], [gateway?.address]]);
    expect(plan.blocks("aws_nat_gateway", "aws_eip")).toEqual([]);
  });

  test("for callers from inside has no gateway at all, and the load balancer stands among the tasks", () => {
    const inside = networkPlan(NEW, "internal");
    expect(inside.blocks("aws_internet_gateway", "aws_route")).toEqual([]);
    expect(inside.blocks("aws_subnet")).toHaveLength(4);
    const ends = synthPlan((stack) => {
      const { network } = makeNetwork(stack, NEW, "internal");
      expect(network.loadBalancerSubnetIds).toEqual(network.taskSubnetIds);
    });
    expect(ends.blocks("aws_subnet")).toHaveLength(4);
  });

  test("records all traffic under the customer's key, by a role that can do nothing else", () => {
    const [log] = bodies(plan, "aws_flow_log");
    expect(log).toMatchObject({ traffic_type: "ALL", log_destination_type: "cloud-watch-logs" });
    expect(plan.target(log?.vpc_id)?.type).toBe("aws_vpc");
    const group = plan.target(log?.log_destination);
    expect(group?.body).toMatchObject({
      name: "acme-test-network-flow",
      retention_in_days: 400,
      kms_key_id: KEY,
      deletion_protection_enabled: true,
    });
    const role = plan.target(log?.iam_role_arn);
    expect(role?.body.permissions_boundary).toBeDefined();
    const account = "${data.aws_caller_identity.account_identity_B7F107C0.account_id}";
    const region = "${data.aws_region.account_region_154F2A67.id}";
    const partition = "${data.aws_partition.account_partition_32ACE770.partition}";
    expect(embedded(role?.body.assume_role_policy)).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "TrustService",
          Effect: "Allow",
          Principal: { Service: "vpc-flow-logs.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: {
            StringEquals: { "aws:SourceAccount": account },
            ArnLike: { "aws:SourceArn": [`arn:${partition}:ec2:${region}:${account}:vpc-flow-log/*`] },
          },
        },
      ],
    });
    const [rights] = plan.blocks("aws_iam_role_policy");
    expect(log?.depends_on).toEqual([rights?.address]);
    expect(embedded(rights?.body.policy)).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "WriteFlows",
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
          Resource: ["${" + `${group?.address}.arn` + "}:*"],
        },
        {
          Sid: "FindGroup",
          Effect: "Allow",
          Action: ["logs:DescribeLogGroups"],
          Resource: [`arn:${partition}:logs:${region}:${account}:log-group:*`],
        },
      ],
    });
  });

  test("leaves nothing that resists where it is disposable", () => {
    const [group] = bodies(networkPlan(NEW, "internet", "sandbox"), "aws_cloudwatch_log_group");
    expect(group?.deletion_protection_enabled).toBe(false);
  });

  test("answers calls of the VPC at its endpoints and nothing else there", () => {
    const [acl] = plan.blocks("aws_network_acl");
    const subnets = (acl?.body.subnet_ids as string[]).map((id) => plan.target(id)?.address);
    expect(subnets).toEqual([expect.stringContaining("_isolated_"), expect.stringContaining("_isolated_")]);
    const rules = bodies(plan, "aws_network_acl_rule").map(
      ({ egress, from_port, to_port, cidr_block, rule_action }) => ({
        egress,
        from_port,
        to_port,
        cidr_block,
        rule_action,
      }),
    );
    const inside = { cidr_block: "10.40.0.0/20", rule_action: "allow" };
    expect(rules).toHaveLength(2);
    expect(rules).toContainEqual({ egress: false, from_port: 443, to_port: 443, ...inside });
    expect(rules).toContainEqual({ egress: true, from_port: 1024, to_port: 65535, ...inside });
  });
});

describe("endpoints", () => {
  const endpoints = bodies(plan, "aws_vpc_endpoint");
  const name = (service: string) =>
    `com.amazonaws.${"${data.aws_region.account_region_154F2A67.id}"}.${service}`;

  test("are those that tasks need, in the isolated subnets, behind one group without rules", () => {
    const interfaces = endpoints.filter((each) => each.vpc_endpoint_type === "Interface");
    expect(interfaces.map((each) => each.service_name).sort()).toEqual(
      ["ecr.api", "ecr.dkr", "kms", "logs", "secretsmanager"].map(name),
    );
    const [group] = plan.blocks("aws_security_group");
    expect(plan.blocks("aws_security_group")).toHaveLength(1);
    expect(group?.body).not.toHaveProperty("ingress");
    expect(group?.body).not.toHaveProperty("egress");
    for (const each of interfaces) {
      expect(each.private_dns_enabled).toBe(true);
      expect((each.security_group_ids as string[]).map((id) => plan.target(id)?.address)).toEqual([
        group?.address,
      ]);
      for (const subnet of each.subnet_ids as string[])
        expect(plan.target(subnet)?.address).toContain("_isolated_");
    }
  });

  test("of S3 is a gateway in the tasks' tables alone", () => {
    const gateways = endpoints.filter((each) => each.vpc_endpoint_type === "Gateway");
    expect(gateways.map((each) => each.service_name)).toEqual([name("s3")]);
    const tables = gateways[0]?.route_table_ids as string[];
    expect(tables).toHaveLength(2);
    for (const table of tables) expect(plan.target(table)?.address).toContain("_private_");
  });

  test("all have a policy", () => {
    expect(endpoints).toHaveLength(6);
    for (const each of endpoints) expect(embedded(each.policy)).toMatchObject({ Version: "2012-10-17" });
  });
});

describe("an existing network", () => {
  const lists = (stack: Parameters<Parameters<typeof synthPlan>[0]>[0]) => {
    const list = (id: string) => new TerraformVariable(stack, id, { type: "list(string)" }).listValue;
    const text = (id: string) => new TerraformVariable(stack, id, { type: "string" }).stringValue;
    return {
      kind: "existing",
      vpcId: text("vpc"),
      vpcCidr: text("block"),
      loadBalancerSubnetIds: list("public"),
      taskSubnetIds: list("tasks"),
    } as const;
  };

  test("with endpoints adds nothing, and hands on what it was given", () => {
    const endpoints = {
      kind: "existing",
      securityGroupId: "sg-0123456789abcdef0",
      s3PrefixListId: "pl-0123456789abcdef0",
    } as const;
    const existing = synthPlan((stack) => {
      const { network } = makeNetwork(stack, { ...lists(stack), endpoints });
      expect(network.endpoints).toEqual(endpoints);
    });
    expect(existing.all.filter(({ mode }) => mode === "resource")).toEqual([]);
  });

  test("without endpoints gets them in the tasks' subnets, whose lists are known later", () => {
    const existing = synthPlan((stack) => {
      const config = {
        ...lists(stack),
        endpoints: { kind: "new", taskRouteTableIds: ["rtb-0123456789abcdef0"] },
      } as const;
      makeNetwork(stack, config);
    });
    const endpoints = bodies(existing, "aws_vpc_endpoint");
    expect(endpoints).toHaveLength(6);
    for (const each of endpoints) {
      if (each.vpc_endpoint_type === "Gateway")
        expect(each.route_table_ids).toEqual(["rtb-0123456789abcdef0"]);
      else expect(each.subnet_ids).toBe("${var.tasks}");
    }
    expect(existing.blocks("aws_vpc", "aws_subnet", "aws_flow_log")).toEqual([]);
  });
});
