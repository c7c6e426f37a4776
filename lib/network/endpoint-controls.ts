import { blockAt, blocksOf, texts, type Fields } from "../audit/read";
import { fails, HOLDS, unknown, type Control, type Finding } from "../checklist/control";
import { isOurs, ofOurs } from "../checklist/engine";
import { opened, type Block, type Plan } from "../terraform/plan";
import { INTERFACE_SERVICES, interfacePolicy, s3Policy, type InterfaceService } from "./endpoint-policies";

const ENDPOINT = "aws_vpc_endpoint";

/** AWS's service behind an endpoint that tasks start through; nothing where it leads elsewhere. */
export function coreServiceOf({ body }: Block): InterfaceService | "s3" | undefined {
  const name = /^com\.amazonaws\.(?:\$\{[^}]*\}|[a-z0-9-]+)\.(.+)$/.exec(String(body.service_name))?.[1];
  return name === "s3" ? name : INTERFACE_SERVICES.find((service) => service === name);
}

/** Actions that take nothing out: they are given for whatever account a configuration names. */
const READS = /^[a-z0-9-]+:(Get|BatchGet|BatchCheck|Describe)[A-Za-z]*$/;

/** An ARN with its account, or of a bucket that is named. */
const OF_AN_ACCOUNT = /^arn:[^:]+:(?:s3:::[^*?]|[^:]+:[^:]*:[^:*?]+:)/;

/** Whether what a statement lets through stays in an account that it names. */
function stays(statement: Fields): boolean {
  if (blockAt(statement, "Condition", "StringEquals")["aws:ResourceAccount"] !== undefined) return true;
  const resources = texts(statement.Resource);
  if (resources.length > 0 && resources.every((one) => OF_AN_ACCOUNT.test(one))) return true;
  const actions = texts(statement.Action);
  return actions.length > 0 && actions.every((action) => READS.test(action));
}

/** An account that stands for any: only actions are asked for. */
const ANY = { id: "", region: "", partition: "", arn: () => "" };

function neededActions(service: InterfaceService | "s3"): readonly string[] {
  const statements = service === "s3" ? s3Policy(ANY) : interfacePolicy(service, ANY);
  return statements.flatMap(({ Action }) => Action);
}

const policies = ofOurs({
  id: "network.endpoint-writes-stay",
  item: 5,
  says: "Endpoints let through what tasks need, and writing into a named account alone",
  why: "With its own rights a task could otherwise write what it reads into a secret, a log or a bucket of somebody else.",
  on: [ENDPOINT],
  judge: (endpoint) => {
    const service = coreServiceOf(endpoint);
    if (service === undefined || endpoint.body.policy === undefined) return HOLDS;
    const policy = opened(endpoint.body.policy);
    if (policy === undefined) return unknown("its policy is known only at deployment");
    const allowed = blocksOf(blockAt(policy).Statement).filter(({ Effect }) => Effect === "Allow");
    const loose = allowed.find((each) => !stays(each));
    if (loose) return fails(`statement ${String(loose.Sid)} lets writing through to any account`);
    const actions = allowed.flatMap(({ Action }) => texts(Action));
    const missing = neededActions(service).find((action) => !actions.includes(action));
    return missing === undefined ? HOLDS : fails(`${missing} does not pass, and tasks need it`);
  },
  maps: { owasp: ["MCP02"] },
});

const complete = ofOurs({
  id: "network.endpoints-complete",
  item: 11,
  says: "Every service that tasks start with has its endpoint in a VPC of ours, under its own name, and S3 is in the routes of every task",
  why: "A call that finds no endpoint goes to the service's public address, to which there is no way: no task starts.",
  on: ["aws_vpc"],
  judge: (vpc, plan) => {
    const endpoints = plan.referring(vpc, ENDPOINT, "vpc_id");
    const missing = [...INTERFACE_SERVICES, "s3" as const].find(
      (service) => !endpoints.some((endpoint) => coreServiceOf(endpoint) === service),
    );
    if (missing !== undefined) return fails(`there is no endpoint for ${missing}`);
    for (const endpoint of endpoints) {
      const service = coreServiceOf(endpoint);
      if (service === undefined) continue;
      if (service !== "s3" && endpoint.body.private_dns_enabled !== true)
        return fails(`the endpoint for ${service} does not answer to the service's name`);
      if (service === "s3") {
        const off = tablesOfTasks(vpc, plan).find(
          (table) => !texts(endpoint.body.route_table_ids).some((one) => plan.target(one) === table),
        );
        if (off) return fails(`the endpoint for S3 is not in ${off.address}`);
      }
    }
    return HOLDS;
  },
});

/** Route tables of the subnets in a VPC that services stand in, as far as the file makes them. */
function tablesOfTasks(vpc: Block, plan: Plan): readonly Block[] {
  const subnets = plan
    .blocks("aws_ecs_service")
    .flatMap(({ body }) => texts(blockAt(body, "network_configuration").subnets))
    .flatMap((one) => plan.target(one) ?? [])
    .filter(({ body }) => plan.target(body.vpc_id) === vpc);
  return [...new Set(subnets)].flatMap((subnet) =>
    plan
      .referring(subnet, "aws_route_table_association", "subnet_id")
      .flatMap(({ body }) => plan.target(body.route_table_id) ?? []),
  );
}

/** The two rules of the list in front of endpoints: calls from inside, and their answers. */
const RULES = [
  { egress: false, from: 443, to: 443, what: "calls on 443" },
  { egress: true, from: 1024, to: 65_535, what: "answers to ports that callers choose" },
];

const guarded = ofOurs({
  id: "network.endpoints-behind-acl",
  item: 11,
  says: "Endpoints in subnets of ours stand behind a network ACL that lets in calls on 443 from the VPC and out their answers, and nothing else",
  why: "It holds when somebody opens a security group: what stands beside the endpoints can call nobody.",
  on: [ENDPOINT],
  judge: (endpoint, plan) => {
    // Others stand among the tasks, where a list without memory would have to open all high ports anyway.
    if (coreServiceOf(endpoint) === undefined) return HOLDS;
    for (const reference of texts(endpoint.body.subnet_ids)) {
      const subnet = plan.target(reference);
      if (!subnet || !isOurs(subnet, plan)) continue;
      const acl = plan
        .blocks("aws_network_acl")
        .find(({ body }) => texts(body.subnet_ids).some((one) => plan.target(one) === subnet));
      if (!acl) return fails(`${subnet.address} stands behind the VPC's default list, which is open`);
      const finding = judgeAcl(acl, plan);
      if (finding.holds !== true) return finding;
    }
    return HOLDS;
  },
  maps: { fsbp: ["EC2.21"], checkov: ["CKV2_AWS_1"] },
});

function judgeAcl(acl: Block, plan: Plan): Finding {
  if ([acl.body.ingress, acl.body.egress].some((field) => blocksOf(field).length > 0))
    return fails("its list has rules of its own beside the two");
  const rules = plan.referring(acl, "aws_network_acl_rule", "network_acl_id").map(({ body }) => body);
  if (rules.length !== RULES.length) return fails(`its list has ${rules.length} rules, expected two`);
  const block = plan.target(acl.body.vpc_id)?.body.cidr_block;
  for (const { egress, from, to, what } of RULES) {
    const rule = rules.find((each) => (each.egress ?? false) === egress);
    if (
      rule?.rule_action !== "allow" ||
      rule.protocol !== "tcp" ||
      rule.from_port !== from ||
      rule.to_port !== to ||
      rule.cidr_block === undefined ||
      rule.cidr_block !== block
    )
      return fails(`its list does not let through ${what}, and these alone`);
  }
  return HOLDS;
}

/** What must hold of the endpoints that tasks start through. */
export const endpointControls: readonly Control[] = [policies, complete, guarded];
