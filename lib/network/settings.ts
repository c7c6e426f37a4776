import { texts } from "../audit/read";
import { names, namesAtLeast, type Setting, type SettingsOf } from "../checklist/settings";
import { isExpression, type Block, type Plan } from "../terraform/plan";
import { contains, parseCidr, PRIVATE_BLOCKS } from "./cidr";

const isPrivate = (value: unknown) => {
  const block = parseCidr(String(value));
  return block !== undefined && PRIVATE_BLOCKS.some((outer) => contains(outer, block));
};

/** Whether a subnet's block lies in its VPC's, where that is known. */
const isInVpc = (value: unknown, { body }: Block, plan: Plan) => {
  const [own, outer] = [value, plan.target(body.vpc_id)?.body.cidr_block].map((one) =>
    parseCidr(String(one)),
  );
  return own !== undefined && (outer === undefined || contains(outer, own));
};

/** Whether one and only one of these fields says something. */
const exactlyOne =
  (...fields: readonly string[]) =>
  (_value: unknown, { body }: Block) =>
    fields.filter((field) => texts(body[field]).some((one) => one !== "")).length === 1;

/** Gateway endpoints stand in route tables, interface endpoints in subnets. */
const isGateway = ({ body }: Block) =>
  /\.(s3|dynamodb)$/.test(String(body.service_name)) && !isInterface(body);
const isInterface = (body: Block["body"]) =>
  body.subnet_ids !== undefined || body.security_group_ids !== undefined;
const ofInterface = (is: (value: unknown) => boolean) => (value: unknown, block: Block) =>
  isGateway(block) || is(value);

const PEERS = ["cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"];
const HOPS = ["gateway_id", "nat_gateway_id"];

const PEER: Setting = {
  field: "referenced_security_group_id",
  is: exactlyOne(...PEERS),
  refers: true,
  or: "a rule is for one group, one block or one prefix list; without any AWS refuses it, and calls end there",
};

/** How many entries a list has. */
const listed = (entries: unknown) => (Array.isArray(entries) ? entries.length : 0);

const inVpc = (what: string): Setting => ({
  field: "vpc_id",
  is: names,
  refers: true,
  or: `${what} in the account's default VPC instead of this one`,
});

/** What every part of a network says, and what AWS would do by itself. */
export const NETWORK_SETTINGS: SettingsOf = {
  aws_vpc: [
    { field: "cidr_block", is: isPrivate, or: "addresses of somebody on the internet would lead to tasks" },
    {
      field: "enable_dns_support",
      // On by default.
      is: (value) => value === undefined || value === true,
      or: "no name is resolved, and no task finds an endpoint",
    },
    {
      field: "enable_dns_hostnames",
      is: true,
      or: "endpoints have no private names, and calls to AWS look for a way over the internet",
    },
  ],
  aws_subnet: [
    {
      field: "availability_zone",
      is: (value) => texts(value).some((zone) => zone !== ""),
      or: "AWS takes any zone, and two subnets of a tier may fail together",
    },
    { field: "cidr_block", is: isInVpc, or: "it does not lie in the block of its VPC" },
  ],
  aws_internet_gateway: [inVpc("it stands")],
  aws_security_group: [inVpc("it stands")],
  aws_route_table_association: [
    {
      field: "subnet_id",
      is: names,
      refers: true,
      or: "the subnet gets the main table, and the routes in it",
    },
  ],
  aws_route: [
    {
      field: "destination_cidr_block",
      is: (value, { body }) =>
        parseCidr(String(value)) !== undefined ||
        isExpression(value) ||
        texts(body.destination_ipv6_cidr_block).length > 0,
      refers: true,
      or: "it leads to nothing",
    },
    { field: "gateway_id", is: exactlyOne(...HOPS), refers: true, or: "it leads through nothing" },
  ],
  aws_vpc_endpoint: [
    {
      field: "vpc_endpoint_type",
      is: (value, block) =>
        isGateway(block) ? value === undefined || value === "Gateway" : value === "Interface",
      or: "an endpoint for routes is made, where tasks look for an address",
    },
    {
      field: "subnet_ids",
      is: (value, block) => ofInterface(namesAtLeast(2))(value, block),
      refers: true,
      or: "it stands in fewer than two zones, and fails with one",
    },
    {
      field: "security_group_ids",
      is: ofInterface(namesAtLeast(1)),
      refers: true,
      or: "it stands in the default group, which lets nobody in",
    },
  ],
  aws_nat_gateway: [
    {
      field: "subnet_id",
      is: names,
      refers: true,
      or: "it stands in no subnet, and nothing that is sent to it comes out",
    },
    {
      field: "allocation_id",
      is: (value, { body }) => names(value) || body.connectivity_type === "private",
      refers: true,
      or: "its address changes with it, and whoever lets it in by address lets in somebody else",
    },
  ],
  aws_eip: [
    {
      field: "domain",
      // AWS's default.
      is: (value) => value === undefined || value === "vpc",
      or: "it is of a network that AWS has given up",
    },
  ],
  aws_ec2_managed_prefix_list: [
    {
      field: "max_entries",
      is: (value, { body }) => body.entry === undefined || Number(value) === listed(body.entry),
      or: "each rule with it counts as that many, and AWS lets a group have 60",
    },
    {
      field: "entry",
      is: (value, { body }) => Number(body.max_entries) === listed(value),
      or: "a rule with it leads to other addresses than were listed",
    },
  ],
  aws_vpc_security_group_egress_rule: [PEER],
  aws_vpc_security_group_ingress_rule: [PEER],
  aws_flow_log: [
    { field: "log_destination", is: names, refers: true, or: "nothing is written" },
    {
      field: "log_destination_type",
      // CloudWatch by default.
      is: (value) => value === undefined || value === "cloud-watch-logs",
      or: "what is written does not end up in the group that is kept",
    },
    { field: "iam_role_arn", is: names, refers: true, or: "AWS may not write" },
    {
      field: "max_aggregation_interval",
      is: 60,
      or: "connections of ten minutes become one line, and nobody can tell what came first",
    },
  ],
};
