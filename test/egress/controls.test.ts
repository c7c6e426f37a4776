import { egressControls } from "../../lib/egress/controls";
import { CONTROLS } from "../../lib/checklist/controls";
import { renderedControls } from "../../lib/gateway/rendered-controls";
import { embedded, Plan, type TerraformJson } from "../../lib/terraform/plan";
import { changed, judge, named, without } from "../audit/judge";
import { egressPlan } from "./fixture";
import { MUTANTS, QUIET } from "./mutants";
import { holdAsBuilt } from "../support/control-tests";

type Body = Record<string, unknown>;
type Data = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

const plan = egressPlan();
const TASK = "aws_ecs_task_definition";
const SERVICE = "aws_ecs_service";
const ENTERS = "aws_vpc_security_group_ingress_rule";
const LEAVES = "aws_vpc_security_group_egress_rule";
const isProxy = (body: Body) => String(body.family).endsWith("orders-egress");
const reference = (block: { address: string } | undefined, field = "id") =>
  "${" + `${block?.address}.${field}` + "}";

/** The proxy's container, changed. */
function contained(change: (container: Data) => void): Plan {
  return changed(
    plan,
    TASK,
    (body) => {
      const containers = embedded(body.container_definitions) as Data[];
      change(containers[0] as Data);
      body.container_definitions = JSON.stringify(containers);
    },
    isProxy,
  );
}

/** Envoy's configuration of the proxy, changed. */
function configured(change: (bootstrap: Data) => void): Plan {
  return contained((container) => {
    const at = container["command"].indexOf("--config-yaml") + 1;
    const bootstrap = JSON.parse(container["command"][at]) as Data;
    change(bootstrap);
    container["command"][at] = JSON.stringify(bootstrap);
  });
}

/** The plan with another resource. */
function having(type: string, body: Body): Plan {
  const source = structuredClone(plan.source) as { resource: Record<string, Body> };
  source.resource[type] = { ...source.resource[type], added: body };
  return new Plan(source as unknown as TerraformJson);
}

const says = (id: string, from: Plan) =>
  judge(named(CONTROLS, id), from).flatMap((finding) => (finding.holds === true ? [] : [finding.says]));

holdAsBuilt(egressControls, plan);

test("every control that judges tasks can read those of servers with a proxy", () => {
  // This file lacks what constructs say of themselves, with which a gateway is compared: see the tests of examples.
  const compared = new Set(renderedControls.map(({ id }) => id));
  const unread = CONTROLS.filter(({ id, on }) => on.includes(TASK) && !compared.has(id));
  expect(unread.flatMap((control) => says(control.id, plan))).toEqual([]);
});

describe("a proxy that is not what its names render", () => {
  const mutants = [
    ...Object.entries(MUTANTS).map(([name, { change }]) => [name, change] as const),
    ...Object.entries(QUIET),
  ];
  test.each(mutants)("%s", (_class, change) => {
    expect(says("egress.proxy-as-rendered", configured(change))).toHaveLength(1);
  });
  test.each<[string, (container: Data) => void]>([
    ["another command line", (container) => container["command"].push("--config-yaml", "admin: {}")],
    ["a variable", (container) => container["environment"].push({ name: "X", value: "y" })],
    ["a second port", (container) => container["portMappings"].push({ containerPort: 9901 })],
    ["another program", (container) => (container["entryPoint"] = ["/bin/sh"])],
  ])("%s", (_class, change) => {
    expect(says("egress.proxy-as-rendered", contained(change))).toHaveLength(1);
  });
  test("a second container makes it a task like any other", () => {
    const two = changed(
      plan,
      TASK,
      (body) => {
        const containers = embedded(body.container_definitions) as Data[];
        body.container_definitions = JSON.stringify([...containers, { ...containers[0], name: "more" }]);
      },
      isProxy,
    );
    expect(says("task.only-gateway-reachable", two)).toHaveLength(1);
    expect(says("network.tasks-no-internet-route", two)).toHaveLength(1);
    expect(says("egress.nat-for-proxies-only", two).length).toBeGreaterThan(0);
  });
});

const service = plan.blocks(SERVICE).find(({ body }) => String(body.name).endsWith("orders-egress"));
const definition = plan.blocks(TASK).find(({ body }) => isProxy(body));
const group = plan.target((service?.body.network_configuration as Data)["security_groups"][0]);
const task = plan.blocks("aws_security_group").find(({ body }) => body.name === "acme-test-notes-task");
const list = plan.blocks("aws_ec2_managed_prefix_list")[0];
const egressSubnet = (service?.body.network_configuration as Data)["subnets"][0] as string;
const entersProxy = (body: Body) => body.security_group_id === reference(group);
const toPublic = (body: Body) => body.prefix_list_id === reference(list);

const broken: [string, string, string, () => Plan][] = [
  [
    "egress.proxy-without-rights",
    "a right",
    "its role has aws_iam_role_policy.added",
    () =>
      having("aws_iam_role_policy", {
        role: String(definition?.body.task_role_arn).replace(/arn}$/, "name}"),
      }),
  ],
  [
    "egress.own-server-only",
    "another server's tasks",
    "2 groups may enter",
    () =>
      having(ENTERS, {
        security_group_id: reference(group),
        referenced_security_group_id: reference(task),
        from_port: 3128,
        to_port: 3128,
      }),
  ],
  [
    "egress.own-server-only",
    "a block",
    "lets in others",
    () =>
      changed(
        plan,
        ENTERS,
        (body) => {
          delete body.referenced_security_group_id;
          body.cidr_ipv4 = "10.40.0.0/20";
        },
        entersProxy,
      ),
  ],
  [
    "egress.own-server-only",
    "another port",
    "on another port",
    () => changed(plan, ENTERS, (body) => (body.to_port = 9901), entersProxy),
  ],
  [
    "egress.own-server-only",
    "a second group",
    "it is in 2 groups",
    () =>
      changed(
        plan,
        SERVICE,
        (body) => (body.network_configuration as Data)["security_groups"].push(reference(task)),
        (body) => body.name === service?.body.name,
      ),
  ],
  [
    "egress.public-by-proxy-only",
    "a server's tasks",
    "not a proxy's alone",
    () =>
      having(LEAVES, {
        security_group_id: reference(task),
        prefix_list_id: reference(list),
        from_port: 443,
        to_port: 443,
      }),
  ],
  [
    "egress.public-by-proxy-only",
    "a group of nobody",
    "not a proxy's alone",
    () =>
      having(LEAVES, {
        security_group_id: "sg-1",
        prefix_list_id: reference(list),
        from_port: 443,
        to_port: 443,
      }),
  ],
  [
    "egress.public-by-proxy-only",
    "another port",
    "it opens port 25",
    () => changed(plan, LEAVES, (body) => (body.from_port = 25), toPublic),
  ],
  [
    "egress.public-list-clean",
    "the metadata service",
    "it holds 169.254.0.0/16",
    () =>
      changed(plan, "aws_ec2_managed_prefix_list", (body) =>
        (body.entry as Data[]).push({ cidr: "169.254.0.0/16" }),
      ),
  ],
  [
    "egress.public-list-clean",
    "everything",
    "it holds 0.0.0.0/0",
    () => changed(plan, "aws_ec2_managed_prefix_list", (body) => (body.entry = [{ cidr: "0.0.0.0/0" }])),
  ],
  [
    "egress.nat-for-proxies-only",
    "a server's service",
    "stands there too",
    () =>
      changed(
        plan,
        SERVICE,
        (body) => (body.network_configuration as Data)["subnets"].push(egressSubnet),
        (body) => body.name === "acme-test-notes",
      ),
  ],
  [
    "egress.nat-for-proxies-only",
    "a function",
    "aws_lambda_function.added stands there too",
    () => having("aws_lambda_function", { vpc_config: { subnet_ids: [egressSubnet] } }),
  ],
  [
    "egress.nat-for-proxies-only",
    "tasks whose table leads there",
    "stands there too",
    () => {
      const route = plan.blocks("aws_route").find(({ body }) => body.nat_gateway_id !== undefined);
      const table = plan.blocks("aws_route_table").find(({ address }) => address.includes("_private_"));
      return having("aws_route", { ...route?.body, route_table_id: reference(table) });
    },
  ],
  [
    "egress.watched",
    "no alarms",
    "it lacks egress-denied",
    () =>
      without(plan, "aws_cloudwatch_metric_alarm", (body) =>
        String(body.alarm_name).endsWith("orders-egress-denied"),
      ),
  ],
  [
    "audit.gateway-archived",
    "no archive",
    "the egress's log group is not subscribed",
    () =>
      without(plan, "aws_cloudwatch_log_subscription_filter", (body) =>
        String(body.log_group_name).includes("orders_egress"),
      ),
  ],
];

test.each(broken)("%s breaks: %s", (id, _class, begins, plan) => {
  const found = says(id, plan());
  expect(found.length).toBeGreaterThan(0);
  expect(found.join()).toContain(begins);
});

test("every control has a test that breaks it", () => {
  const covered = new Set([...broken.map(([id]) => id), "egress.proxy-as-rendered"]);
  expect(egressControls.map(({ id }) => id).filter((id) => !covered.has(id))).toEqual([]);
});
