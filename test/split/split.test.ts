import { CONTROLS } from "../../lib/checklist/controls";
import { judgePlan } from "../../lib/checklist/engine";
import { blockAt, blocksOf, texts } from "../../lib/audit/read";
import { embedded, type Block, type Plan } from "../../lib/terraform/plan";
import { deployment, splitPlan, wholeServer } from "./fixture";

const plan = splitPlan();
const whole = deployment({ orders: wholeServer() });

/** Everything of the second half stands below this construct. */
const isSecond = ({ name }: Block) => name.startsWith("mcp_server-orders_write_");
/** What AWS is told; Terraform's own order is not part of it. */
const body = ({ body: { "//": _comment, depends_on: _order, ...rest } }: Block) => rest;

function one(type: string, name: string): Block {
  const found = plan.blocks(type).filter((block) => [block.body.name, block.body.family].includes(name));
  expect(found).toHaveLength(1);
  return found[0] as Block;
}

interface Container {
  readonly name: string;
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  readonly secrets: readonly { readonly name: string; readonly valueFrom: string }[];
}
function containers(family: string): Record<"gateway" | "server", Container> {
  const list = embedded(one("aws_ecs_task_definition", family).body.container_definitions) as Container[];
  return Object.fromEntries(list.map((each) => [each.name, each])) as Record<"gateway" | "server", Container>;
}
const variable = (container: Container, name: string) =>
  container.environment.find((each) => each.name === name)?.value;
const policyOf = (family: string) =>
  JSON.parse(variable(containers(family).gateway, "HMCP_POLICY") ?? "{}") as {
    half: string;
    methods: string[];
    tools: Record<string, unknown>;
    clients: Record<string, { tools: string[] }>;
  };
const READ = "acme-test-orders";
const WRITE = "acme-test-orders_write";

describe("splitting a server", () => {
  const addresses = (of: Plan) => of.all.map(({ address }) => address);
  it("takes nothing away but the ways out that only writing needs", () => {
    const gone = whole.all.filter(({ address }) => !addresses(plan).includes(address));
    expect(gone.map(({ type, name }) => [type, name.includes("_downstream_ledger_")]).sort()).toEqual([
      ["aws_vpc_security_group_egress_rule", true],
      ["aws_vpc_security_group_ingress_rule", true],
    ]);
  });
  it("replaces nothing: what was there keeps its name, and changes only where it must", () => {
    const changed = whole.all.flatMap((before) => {
      const after = plan.all.find(({ address }) => address === before.address);
      return after && JSON.stringify(body(after)) !== JSON.stringify(body(before)) ? [before.type] : [];
    });
    expect([...new Set(changed)].sort()).toEqual([
      "aws_cloudwatch_log_metric_filter",
      "aws_ecs_task_definition",
      "aws_iam_role_policy",
      "aws_lb_listener_rule",
      "aws_secretsmanager_secret_policy",
    ]);
  });
  it("adds a second half of everything that is a service's own, and what leads to it", () => {
    const added = plan.all.filter(({ address }) => !addresses(whole).includes(address));
    const elsewhere = added.filter((block) => !isSecond(block)).map(({ type, name }) => [type, name]);
    expect(elsewhere.sort()).toEqual([
      ["aws_lb_listener_rule", expect.stringContaining("_route_write-rule_")],
      ["aws_lb_target_group", expect.stringContaining("_route_write-targets_")],
    ]);
    // What a service has of its own, it has twice.
    const count = (blocks: readonly Block[]) =>
      blocks.reduce<Record<string, number>>(
        (sum, { type }) => ({ ...sum, [type]: (sum[type] ?? 0) + 1 }),
        {},
      );
    const own = plan.all.filter(({ name }) =>
      /server-orders_(logs|service|from-ingress|to-endpoints|to-s3|redelivery|failed-deployments|alarms)_/.test(
        name,
      ),
    );
    const second = plan.all.filter((block) => isSecond(block) && !block.name.includes("_downstream_"));
    expect(count(second)).toEqual(count(own));
  });
  it("leaves every control as content as before", () => {
    const results = (of: Plan) => {
      const judged = judgePlan(of, CONTROLS, { asOf: "2026-11-25" }).filter(
        ({ result }) => result !== "pass",
      );
      return [
        ...new Set(judged.map(({ control, result, detail }) => `${control} ${result} ${detail ?? ""}`)),
      ];
    };
    expect(results(plan)).toEqual(results(whole));
  });
});

describe("each gateway", () => {
  it("lets its own tools through and no other", () => {
    expect([policyOf(READ).half, Object.keys(policyOf(READ).tools)]).toEqual(["read", ["search", "secret"]]);
    expect([policyOf(WRITE).half, Object.keys(policyOf(WRITE).tools)]).toEqual(["write", ["refund"]]);
  });
  it("knows the clients that it serves: all of them list, some write", () => {
    const may = (family: string) =>
      Object.fromEntries(Object.entries(policyOf(family).clients).map(([name, { tools }]) => [name, tools]));
    expect(may(READ)).toEqual({ agent: ["search", "secret"], reader: ["search"], writer: [] });
    expect(may(WRITE)).toEqual({ agent: ["refund"], writer: ["refund"] });
  });
  it("answers calls; everything else is the reading half's", () => {
    expect(policyOf(READ).methods).toEqual(["server/discover", "tools/call", "tools/list"]);
    expect(policyOf(WRITE).methods).toEqual(["tools/call"]);
  });
  it("shares limits among the tasks of its own half", () => {
    const text = (family: string) => JSON.stringify(containers(family).gateway);
    expect(text(READ)).toContain("orders.acme-test.internal");
    expect(text(READ)).not.toContain("orders_write");
    expect(text(WRITE)).toContain("orders_write.acme-test.internal");
    expect(plan.blocks("aws_service_discovery_service").map(({ body }) => body.name)).toEqual(
      expect.arrayContaining(["orders", "orders_write"]),
    );
  });
});

describe("each task", () => {
  const secrets = (family: string, name: "gateway" | "server") =>
    containers(family)[name].secrets.map((each) => each.name);
  it("gets the secrets of its half", () => {
    expect(secrets(READ, "server")).toEqual(["INDEX_KEY", "SHARED_KEY"]);
    expect(secrets(WRITE, "server")).toEqual(["LEDGER_KEY", "SHARED_KEY"]);
    const keys = (...clients: string[]) => [
      "HMCP_TLS_CERTIFICATE",
      "HMCP_TLS_KEY",
      ...clients.map((client) => `HMCP_KEYS_${client}`),
    ];
    expect(secrets(READ, "gateway")).toEqual(keys("AGENT", "READER", "WRITER"));
    expect(secrets(WRITE, "gateway")).toEqual(keys("AGENT", "WRITER"));
  });
  it("is told which half it is", () => {
    expect([READ, WRITE].map((family) => variable(containers(family).server, "HMCP_HALF"))).toEqual([
      "read",
      "write",
    ]);
    expect(JSON.stringify(whole.blocks("aws_ecs_task_definition").map(({ body }) => body))).not.toContain(
      "HMCP_HALF",
    );
  });
  it("may be reached by the ways of its half, and reach no other", () => {
    const ways = (second: boolean) =>
      plan
        .blocks("aws_vpc_security_group_egress_rule")
        .filter((block) => block.name.includes("server-orders") && isSecond(block) === second)
        .flatMap(({ name }) => /_downstream_([^_]+)_/.exec(name)?.[1] ?? []);
    expect([ways(false), ways(true)]).toEqual([["database"], ["database", "ledger"]]);
  });
  it("is one of as many as its half may have", () => {
    const bounds = plan
      .blocks("aws_appautoscaling_target")
      .map(({ body }) => [body.resource_id, body.min_capacity, body.max_capacity]);
    expect(bounds).toEqual([
      [expect.stringMatching(/\/acme-test-orders$/), 2, 6],
      [expect.stringMatching(/\/acme-test-orders_write$/), 2, 3],
    ]);
  });
  it("takes new secrets: both services are started anew on schedule", () => {
    const inputs = plan
      .blocks("aws_scheduler_schedule")
      .map((block) => String(blockAt(block.body, "target").input));
    for (const service of [READ, WRITE])
      expect(inputs.filter((input) => input.includes(`"${service}"`)).length).toBe(1);
  });
});

describe("secrets are denied to everybody but the roles of their half", () => {
  const readers = (secret: string) => {
    const policies = plan.blocks("aws_secretsmanager_secret_policy").filter(({ body }) => {
      const target = plan.target(body.secret_arn);
      return target?.body.name === `acme-test/orders/${secret}`;
    });
    expect(policies).toHaveLength(1);
    const document = embedded(policies[0]?.body.policy) as {
      Statement: { Sid: string; Condition: { ArnNotLike: { "aws:PrincipalArn": string[] } } }[];
    };
    const alone = document.Statement.find(({ Sid }) => Sid === "ReadersAlone");
    return alone?.Condition.ArnNotLike["aws:PrincipalArn"].flatMap(
      (arn) => /acme-test-(orders(?:_write)?-execution)$/.exec(arn)?.[1] ?? [],
    );
  };
  test.each([
    ["tls", ["orders-execution", "orders_write-execution"]],
    ["client-agent", ["orders-execution", "orders_write-execution"]],
    ["client-reader", ["orders-execution"]],
    ["client-writer", ["orders-execution", "orders_write-execution"]],
    ["own-shared", ["orders-execution", "orders_write-execution"]],
    ["own-index", ["orders-execution"]],
    ["own-ledger", ["orders_write-execution"]],
  ])("%s", (secret, expected) => expect(readers(secret)).toEqual(expected));
});

describe("alarms", () => {
  it("watch both halves, each by its own log, target group and service", () => {
    const alarms = plan.blocks("aws_cloudwatch_metric_alarm");
    const of = (server: string) =>
      alarms.filter(({ body }) => blockAt(body, "tags")["hardened-mcp:server"] === server);
    expect(of("orders_write").length).toBe(of("orders").length);
    const groups = plan
      .blocks("aws_cloudwatch_log_metric_filter")
      .filter(isSecond)
      .map(({ body }) => plan.target(body.log_group_name)?.body.name ?? body.log_group_name);
    expect(new Set(groups)).toEqual(new Set(["/hardened-mcp/acme-test-orders_write-audit"]));
  });
});

describe("the load balancer", () => {
  const rule = (id: string): Block => {
    const [found] = plan.blocks("aws_lb_listener_rule").filter(({ name }) => name.includes(`_route_${id}_`));
    if (!found) throw new Error(`there is no rule ${id}`);
    return found;
  };
  it("asks the rule for tools that write first", () => {
    const [read, write] = [rule("rule").body, rule("write-rule").body];
    expect(Number(write.priority)).toBeLessThan(Number(read.priority));
    expect(blocksOf(write.condition)).toEqual([
      { host_header: { values: ["mcp.example.com"] } },
      { path_pattern: { values: ["/orders/mcp"] } },
      { http_header: { http_header_name: "Mcp-Name", values: ["refund"] } },
    ]);
    expect(texts(blockAt(write, "action").target_group_arn)).not.toEqual(
      texts(blockAt(read, "action").target_group_arn),
    );
  });
  it("moves no calls before the second service is there", () => {
    const second = plan.blocks("aws_ecs_service").find(isSecond);
    expect(rule("rule").body.depends_on).toContain(second?.address);
  });
});
