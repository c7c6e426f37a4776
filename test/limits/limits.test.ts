import { readFileSync } from "node:fs";
import { join } from "node:path";
import { embedded, type Block } from "../../lib/terraform/plan";
import { HardenedMcp } from "../../lib/hardened-mcp";
import { splitServer } from "../split/fixture";
import { synthPlan } from "../support/plan";
import { exactLimits, limitsConfig, limitsPlan } from "./fixture";

type Data = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

const plan = limitsPlan();
const definition = (server: string): Block => {
  const found = plan
    .blocks("aws_ecs_task_definition")
    .find(({ body }) => body["family"] === `acme-test-${server}`);
  if (!found) throw new Error(`there is no task of ${server}`);
  return found;
};
const containers = (server: string) => embedded(definition(server).body["container_definitions"]) as Data[];

describe("alarms about limits", () => {
  const ids = (server: string) =>
    plan
      .blocks("aws_cloudwatch_metric_alarm")
      .map(({ body }) => String(body["alarm_name"]))
      .filter((name) => name.includes(`-${server}-limits-`));
  it("are there where limits are set", () => {
    expect(ids("orders").sort()).toEqual([
      "acme-test-orders-limits-divided",
      "acme-test-orders-limits-not-counted",
    ]);
    expect(ids("notes")).toEqual([]);
  });

  it("hear what the gateway writes", () => {
    const patterns = plan
      .blocks("aws_cloudwatch_log_metric_filter")
      .filter(({ body }) => String(body["name"]).startsWith("limits-"))
      .map(({ body }) => String(body["pattern"]));
    const [divided, uncounted] = patterns.sort();
    const lua = readFileSync(join(__dirname, "..", "..", "lib", "runtime", "limits", "peers.lua"), "utf8");
    expect(lua).toContain(String(divided).slice(1, -1));
    expect(uncounted).toBe('{ ($.reason = "limits-unavailable") || ($.detail = "limits not counted") }');
  });
});

describe("exact limits", () => {
  it("come from a service beside the gateway, which the other server does not have", () => {
    expect(containers("orders").map(({ name }) => name)).toEqual(["gateway", "server", "ratelimit"]);
    expect(containers("notes").map(({ name }) => name)).toEqual(["gateway", "server"]);
  });

  it("give it the password from its secret, and nothing that is one as a plain variable", () => {
    const service = containers("orders")[2];
    expect(service?.["secrets"]).toEqual([
      {
        name: "REDIS_AUTH",
        valueFrom: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:limits-AbCdEf:login::",
      },
    ]);
    expect(service?.["environment"]).toContainEqual({ name: "REDIS_TLS", value: "true" });
    expect(service?.["portMappings"]).toEqual([]);
  });

  it("let ECS read that secret under its key, and pull the image", () => {
    const role = plan
      .blocks("aws_iam_role_policy")
      .find(({ body }) => JSON.stringify(body).includes("secret:limits-AbCdEf"));
    const text = JSON.stringify(role?.body);
    expect(text).toContain("repository/ratelimit");
    expect(text).toContain("key/11111111-2222-3333-4444-555555555555");
  });

  it("open one way from the tasks to the store", () => {
    const store = "sg-0123456789abcdef0";
    const leaves = plan
      .blocks("aws_vpc_security_group_egress_rule")
      .filter(({ body }) => body["referenced_security_group_id"] === store);
    const enters = plan
      .blocks("aws_vpc_security_group_ingress_rule")
      .filter(({ body }) => body["security_group_id"] === store);
    expect([leaves.length, enters.length]).toEqual([1, 1]);
    for (const { body } of [...leaves, ...enters])
      expect([body["from_port"], body["to_port"], body["ip_protocol"]]).toEqual([6379, 6379, "tcp"]);
  });
});

describe("exact limits of a split server", () => {
  const split = synthPlan(
    (stack) =>
      void new HardenedMcp(
        stack,
        "mcp",
        limitsConfig({ servers: { orders: splitServer({ limits: exactLimits() }) } }),
      ),
  );
  it("are counted together: each half has its service, and both tell the store the same server", () => {
    const tasks = split
      .blocks("aws_ecs_task_definition")
      .map(({ body }) => embedded(body["container_definitions"]) as Data[]);
    expect(tasks.map((all) => all.map(({ name }) => name))).toEqual([
      ["gateway", "server", "ratelimit"],
      ["gateway", "server", "ratelimit"],
    ]);
    const servers = tasks.flatMap((all) => JSON.stringify(all[0]).match(/descriptor_value[^,}]*/g) ?? []);
    expect(servers.length).toBeGreaterThan(2);
    expect(new Set(servers).size).toBe(1);
  });
});
