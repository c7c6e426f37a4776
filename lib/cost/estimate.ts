import type { Block, Plan } from "../terraform/plan";
import { embedded } from "../terraform/plan";
import { PRICES, USAGE, type Prices, type Usage } from "./prices";
import { storesOf } from "./stores";

const HOURS = 730;

/** One part of a month's bill. */
export interface CostLine {
  readonly part: string;
  /** How many of what, in words. */
  readonly of: string;
  /** US dollars a month. */
  readonly month: number;
}

/** A month's bill as far as a file tells, with all that was assumed. */
export interface Estimate {
  readonly lines: readonly CostLine[];
  readonly total: number;
  readonly assumptions: readonly string[];
}

/**
 * What a month costs: everything that is paid by being there, counted in the synthesised file, and traffic as assumed.
 * Pure. What the file does not hold (somebody else's network, transfer between zones and to the internet, rotation
 * functions, DNS, e-mail: cents at ordinary use) is not in it, and said so.
 */
export function estimate(plan: Plan, prices: Prices = PRICES, usage: Usage = USAGE): Estimate {
  const lines = [...fixed(plan, prices), ...traffic(plan, prices, usage)].filter(({ month }) => month > 0);
  return {
    lines,
    total: lines.reduce((sum, { month }) => sum + month, 0),
    assumptions: [
      prices.source,
      `${usage.millionRequests} million requests a month that leave ${usage.logBytesPerRequest} bytes of logs each`,
      "as many tasks as are asked for at first; one load balancer capacity unit; a month of 730 hours",
      "a list that is known only at deployment counts as one",
      ...storesOf(plan, prices).flatMap(({ called, of, hour }) =>
        hour === undefined ? [`without the store ${called}: ${of}, whose price is not known here`] : [],
      ),
      "without transfer to the internet and between zones, rotation functions, DNS, mail, container insights",
    ],
  };
}

function fixed(plan: Plan, prices: Prices): CostLine[] {
  const balancers = plan.blocks("aws_lb");
  const addresses = balancers
    .filter(({ body }) => body["internal"] !== true)
    .reduce((sum, { body }) => sum + length(body["subnets"]), 0);
  const rules = plan.blocks("aws_wafv2_web_acl").reduce((sum, { body }) => sum + length(body["rule"]), 0);
  const endpointZones = plan
    .blocks("aws_vpc_endpoint")
    .filter(({ body }) => body["vpc_endpoint_type"] === "Interface")
    .reduce((sum, { body }) => sum + length(body["subnet_ids"]), 0);
  const keys = plan.blocks("aws_kms_key").length;
  const secrets = plan.blocks("aws_secretsmanager_secret").length;
  const watched = plan
    .blocks("aws_cloudwatch_metric_alarm")
    .reduce((sum, { body }) => sum + metrics(body), 0);
  const nats = plan.blocks("aws_nat_gateway").length;
  const acls = plan.blocks("aws_wafv2_web_acl").length;
  return [
    line(
      "load balancer",
      count(balancers.length, "load balancer"),
      balancers.length * prices.loadBalancerHour * HOURS,
    ),
    line(
      "public addresses",
      count(addresses, "address", "addresses"),
      addresses * prices.publicIpv4Hour * HOURS,
    ),
    line(
      "firewall",
      `${count(acls, "web ACL")}, ${count(rules, "rule")}`,
      acls * prices.webAclMonth + rules * prices.webAclRuleMonth,
    ),
    line(
      "interface endpoints",
      `${endpointZones} in a zone each`,
      endpointZones * prices.endpointZoneHour * HOURS,
    ),
    line("NAT gateways", count(nats, "gateway"), nats * prices.natGatewayHour * HOURS),
    ...plan.blocks("aws_ecs_service").map((service) => tasks(service, plan, prices)),
    ...storesOf(plan, prices).map(({ called, of, hour = 0 }) => line(`store ${called}`, of, hour * HOURS)),
    line("customer keys", count(keys, "key"), keys * prices.keyMonth),
    line("secrets", count(secrets, "secret"), secrets * prices.secretMonth),
    line("alarms", `${count(watched, "metric")} watched`, watched * prices.alarmMonth),
    ...customMetrics(plan, prices),
  ];
}

function tasks(service: Block, plan: Plan, prices: Prices): CostLine {
  const definition = plan.target(service.body["task_definition"])?.body ?? {};
  const number = typeof service.body["desired_count"] === "number" ? service.body["desired_count"] : 1;
  const [vcpu, gb] = [Number(definition["cpu"] ?? 0) / 1024, Number(definition["memory"] ?? 0) / 1024];
  const platform = definition["runtime_platform"] as { cpu_architecture?: string } | undefined;
  const architecture = platform?.cpu_architecture === "ARM64" ? "ARM64" : "X86_64";
  const name = typeof service.body["name"] === "string" ? service.body["name"] : service.name;
  return line(
    `tasks of ${name}`,
    `${count(number, "task")} of ${vcpu} vCPU and ${gb} GB, ${architecture}`,
    number * HOURS * (vcpu * prices.vcpuHour[architecture] + gb * prices.memoryGbHour[architecture]),
  );
}

/** Metrics made of log lines. One with dimensions is paid for each of their values: one is counted. */
function customMetrics(plan: Plan, prices: Prices): CostLine[] {
  const names = new Set(
    plan.blocks("aws_cloudwatch_log_metric_filter").map(({ body }) => {
      const { namespace, name } = (body["metric_transformation"] ?? {}) as Record<string, unknown>;
      return `${String(namespace)} ${String(name)}`;
    }),
  );
  return [line("metrics of logs", count(names.size, "metric"), names.size * prices.customMetricMonth)];
}

function traffic(plan: Plan, prices: Prices, { millionRequests, logBytesPerRequest }: Usage): CostLine[] {
  const given = plan.all.some(({ mode, type }) => mode === "data" && type === "aws_lb");
  if (plan.blocks("aws_lb").length === 0 && !given) return [];
  const gb = (millionRequests * logBytesPerRequest) / 1_000;
  const archived = plan.blocks("aws_kinesis_firehose_delivery_stream").length > 0 ? gb : 0;
  return [
    // Traffic is paid by whoever owns the load balancer, through which it goes all the same.
    line("load balancer capacity", "1 capacity unit", given ? 0 : prices.lcuHour * HOURS),
    ...(plan.blocks("aws_wafv2_web_acl").length === 0
      ? []
      : [
          line(
            "firewall requests",
            `${millionRequests} million`,
            millionRequests * prices.webAclMillionRequests,
          ),
        ]),
    line("logs", `${round(gb)} GB`, gb * (prices.logGb + prices.logStoredGbMonth)),
    line("archive", `${round(archived)} GB`, archived * (prices.firehoseGb + prices.archiveGbMonth)),
  ];
}

function metrics(body: Readonly<Record<string, unknown>>): number {
  const queries = body["metric_query"];
  if (!Array.isArray(queries)) return 1;
  return queries.filter((query: { metric?: unknown }) => query.metric !== undefined).length;
}

function length(list: unknown): number {
  if (Array.isArray(list)) return list.length;
  const inText = embedded(list);
  return Array.isArray(inText) ? inText.length : list === undefined ? 0 : 1;
}

function line(part: string, of: string, month: number): CostLine {
  return { part, of, month };
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
