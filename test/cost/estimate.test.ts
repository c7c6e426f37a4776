import { estimate } from "../../lib/cost/estimate";
import { PRICES, USAGE } from "../../lib/cost/prices";
import { Plan } from "../../lib/terraform/plan";

const ROUND = { ...PRICES, loadBalancerHour: 1, lcuHour: 0, publicIpv4Hour: 0.1, endpointZoneHour: 0.01 };
const QUIET = { millionRequests: 0, logBytesPerRequest: 0 };

/** What one part costs a month in a file of these resources. */
const month = (resource: Record<string, Record<string, object>>, part: string, usage = QUIET) =>
  estimate(new Plan({ resource }), ROUND, usage).lines.find((line) => line.part === part)?.month ?? 0;

const store = (node_type: string, num_cache_clusters: number, engine = "valkey") => ({
  replication_group_id: "limits",
  engine,
  node_type,
  num_cache_clusters,
});

test.each<[string, Record<string, Record<string, object>>, string, number]>([
  ["a load balancer", { aws_lb: { a: {} } }, "load balancer", 730],
  [
    "addresses of a public load balancer",
    { aws_lb: { a: { subnets: ["a", "b"] } } },
    "public addresses",
    146,
  ],
  ["no address inside", { aws_lb: { a: { internal: true, subnets: ["a", "b"] } } }, "public addresses", 0],
  ["a web ACL and its rules", { aws_wafv2_web_acl: { a: { rule: [{}, {}, {}] } } }, "firewall", 8],
  [
    "an interface endpoint in two zones",
    { aws_vpc_endpoint: { a: { vpc_endpoint_type: "Interface", subnet_ids: ["a", "b"] } } },
    "interface endpoints",
    14.6,
  ],
  [
    "a gateway endpoint",
    { aws_vpc_endpoint: { a: { vpc_endpoint_type: "Gateway" } } },
    "interface endpoints",
    0,
  ],
  ["a NAT gateway", { aws_nat_gateway: { a: {} } }, "NAT gateways", 32.85],
  ["keys", { aws_kms_key: { a: {}, b: {} } }, "customer keys", 2],
  [
    "a store of two small nodes",
    { aws_elasticache_replication_group: { a: store("cache.t4g.micro", 2) } },
    "store limits",
    18.688,
  ],
  [
    "a store of three large ones",
    { aws_elasticache_replication_group: { a: store("cache.m7g.2xlarge", 3) } },
    "store limits",
    1107.264,
  ],
  ["secrets", { aws_secretsmanager_secret: { a: {}, b: {} } }, "secrets", 0.8],
  ["an alarm", { aws_cloudwatch_metric_alarm: { a: { metric_name: "x" } } }, "alarms", 0.1],
  [
    "an alarm over two metrics",
    {
      aws_cloudwatch_metric_alarm: {
        a: { metric_query: [{ metric: {} }, { metric: {} }, { expression: "a/b" }] },
      },
    },
    "alarms",
    0.2,
  ],
  [
    "two filters of one metric",
    {
      aws_cloudwatch_log_metric_filter: {
        a: { metric_transformation: { namespace: "n", name: "x" } },
        b: { metric_transformation: { namespace: "n", name: "x" } },
      },
    },
    "metrics of logs",
    0.3,
  ],
])("%s", (_what, resource, part, expected) => {
  expect(month(resource, part)).toBeCloseTo(expected);
});

test.each([
  ["ARM64", 2 * 730 * (0.5 * 0.03238 + 0.00356)],
  ["X86_64", 2 * 730 * (0.5 * 0.04048 + 0.004445)],
])("two tasks of half a vCPU and 1 GB on %s", (architecture, expected) => {
  const resource = {
    aws_ecs_service: {
      s: { name: "orders", desired_count: 2, task_definition: "${aws_ecs_task_definition.t.arn}" },
    },
    aws_ecs_task_definition: {
      t: { cpu: "512", memory: "1024", runtime_platform: { cpu_architecture: architecture } },
    },
  };
  expect(month(resource, "tasks of orders")).toBeCloseTo(expected);
});

test("traffic is counted as assumed, and grows with it", () => {
  const resource = {
    aws_lb: { a: {} },
    aws_wafv2_web_acl: { a: {} },
    aws_kinesis_firehose_delivery_stream: { a: {} },
  };
  expect(month(resource, "firewall requests", USAGE)).toBeCloseTo(0.6);
  expect(month(resource, "logs", USAGE)).toBeCloseTo(3 * 0.53);
  expect(month(resource, "archive", { ...USAGE, millionRequests: 10 })).toBeCloseTo(30 * 0.052);
});

test("the sum is the lines', and what was assumed stands beside it", () => {
  const { lines, total, assumptions } = estimate(
    new Plan({ resource: { aws_lb: { a: {} }, aws_kms_key: { k: {} } } }),
  );
  expect(total).toBeCloseTo(lines.reduce((sum, line) => sum + line.month, 0));
  expect(assumptions.join("\n")).toContain("November 2026");
});

test.each<[string, object]>([
  ["of a type that is in no list here", store("cache.x9.large", 2)],
  ["of another engine", store("cache.t4g.micro", 2, "redis")],
  ["known only at deployment", store("${var.type}", 2)],
])("a store %s is said not to be counted", (_what, own) => {
  const { lines, total, assumptions } = estimate(
    new Plan({ resource: { aws_elasticache_replication_group: { a: own } } } as never),
    ROUND,
    QUIET,
  );
  expect([lines, total]).toEqual([[], 0]);
  expect(assumptions).toContainEqual(
    expect.stringMatching(/^without the store limits: 2 nodes of .*not known here$/),
  );
});
