import { clusterControls } from "../../lib/task/cluster-controls";
import { definitionControls } from "../../lib/task/definition-controls";
import { placementControls } from "../../lib/task/placement-controls";
import type { Plan } from "../../lib/terraform/plan";
import { changed, judge, named, without } from "../audit/judge";
import { synthExample } from "../support/examples";
import { failWhenBroken } from "../support/control-tests";

type Body = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any
const CONTROLS = [...placementControls, ...definitionControls, ...clusterControls];
const plan = synthExample("complete");

const TASK = "aws_ecs_task_definition";
const SERVICE = "aws_ecs_service";
const CLUSTER = "aws_ecs_cluster";
const PROVIDERS = "aws_ecs_cluster_capacity_providers";
const TARGET = "aws_appautoscaling_target";
const POLICY = "aws_appautoscaling_policy";
const PEERS = "aws_service_discovery_service";

/** Every block of a type, changed. */
const each = (type: string, change: (body: Body) => void) => changed(plan, type, change);

/** The server's containers, changed. */
function server(change: (container: Body) => void): Plan {
  return each(TASK, (body) => {
    const list = JSON.parse(String(body.container_definitions)) as Body[];
    list.filter(({ name }) => name === "server").forEach(change);
    body.container_definitions = JSON.stringify(list);
  });
}
const option = (name: string, value?: string) =>
  server(({ logConfiguration }) => {
    const { options } = logConfiguration as { options: Body };
    if (value === undefined) delete options[name];
    else options[name] = value;
  });
const folder = (value: Body) => server((each) => (each.linuxParameters.tmpfs = [value]));
const service = (change: (body: Body) => void) => each(SERVICE, change);
const network = (fields: Body) =>
  service((body) => (body.network_configuration = { ...body.network_configuration, ...fields }));
const balanced = (fields: Body) =>
  service((body) => (body.load_balancer = [{ ...body.load_balancer[0], ...fields }]));
const bounds = (fields: Body) => each(TARGET, (body) => void Object.assign(body, fields));
const followed = (fields: Body) =>
  each(POLICY, (body) => Object.assign(body.target_tracking_scaling_policy_configuration, fields));

const broken: [string, string, () => Plan][] = [
  ["task.service-placed", "does not run on Fargate", () => service((body) => delete body.launch_type)],
  [
    "task.service-placed",
    "does not run on Fargate",
    () => service((body) => (body.capacity_provider_strategy = [{ capacity_provider: "machines" }])),
  ],
  ["task.service-placed", "cluster is not set", () => service((body) => delete body.cluster)],
  ["task.service-placed", "nothing to run", () => service((body) => delete body.task_definition)],
  ["task.service-placed", "default group", () => service((body) => delete body.network_configuration)],
  ["task.service-placed", "default group", () => network({ security_groups: [] })],
  ["task.service-placed", "default group", () => network({ security_groups: ["*"] })],
  ["task.service-placed", "loss of a zone", () => network({ subnets: ["${aws_subnet.a.id}"] })],
  ["task.service-placed", "loss of a zone", () => network({ subnets: ["${aws_subnet.a.id}", "*"] })],
  [
    "task.service-placed",
    "account's default network",
    () => each("aws_security_group", (body) => delete body.vpc_id),
  ],
  ["task.service-placed", "from the internet", () => network({ assign_public_ip: true })],
  [
    "task.service-reached",
    "not come through the gateway",
    () => service((body) => delete body.load_balancer),
  ],
  ["task.service-reached", "not come through the gateway", () => balanced({ container_name: "server" })],
  ["task.service-reached", "does not listen there", () => balanced({ container_port: 3000 })],
  ["task.service-reached", "not know its tasks", () => balanced({ target_group_arn: undefined })],
  [
    "task.service-reached",
    "second way in",
    () => service((body) => body.load_balancer.push({ container_name: "server", container_port: 3000 })),
  ],
  [
    "task.service-reached",
    "still starting",
    () => service((body) => delete body.health_check_grace_period_seconds),
  ],
  [
    "task.service-reached",
    "still starting",
    () => service((body) => (body.health_check_grace_period_seconds = 601)),
  ],
  ["task.service-reached", "would have no name", () => service((body) => delete body.service_registries)],
  [
    "task.service-kept-up",
    "stop the running tasks",
    () => service((body) => (body.deployment_minimum_healthy_percent = 1)),
  ],
  [
    "task.service-kept-up",
    "more tasks at once",
    () => service((body) => (body.deployment_maximum_percent = 2001)),
  ],
  [
    "task.service-kept-up",
    "would stay there",
    () => service((body) => delete body.availability_zone_rebalancing),
  ],
  ["task.service-kept-up", "with no task", () => service((body) => delete body.desired_count)],
  ["task.service-kept-up", "with no task", () => service((body) => (body.desired_count = 21))],
  ["task.service-kept-up", "take away the tasks", () => service((body) => delete body.lifecycle)],
  [
    "task.service-kept-up",
    "by hand would stay",
    () => service((body) => (body.lifecycle = { ignore_changes: ["desired_count", "*"] })),
  ],
  ["task.scales", "does not follow load", () => without(plan, TARGET)],
  ["task.scales", "fewer than 2", () => bounds({ min_capacity: 1 })],
  ["task.scales", "not shared among so many", () => bounds({ max_capacity: 9 })],
  ["task.scales", "that is not there", () => bounds({ depends_on: [] })],
  ["task.scales", "nothing moves", () => without(plan, POLICY)],
  ["task.scales", "takes it for steps", () => each(POLICY, (body) => delete body.policy_type)],
  ["task.scales", "follows nothing", () => followed({ predefined_metric_specification: undefined })],
  ["task.scales", "at their end", () => followed({ target_value: 601 })],
  ["task.scales", "rise for minutes", () => followed({ scale_out_cooldown: undefined })],
  ["task.scales", "rise for minutes", () => followed({ scale_out_cooldown: 601 })],
  ["task.scales", "stay for an hour", () => followed({ scale_in_cooldown: 3001 })],
  [
    "task.sized",
    "what Fargate cannot run",
    () => each(TASK, (body) => (body.requires_compatibilities = ["EC2"])),
  ],
  ["task.sized", "another processor", () => each(TASK, (body) => delete body.runtime_platform)],
  [
    "task.sized",
    "made for Linux",
    () => each(TASK, (body) => (body.runtime_platform = { cpu_architecture: "ARM64" })),
  ],
  ["task.sized", "sells no undefined", () => each(TASK, (body) => delete body.cpu)],
  ["task.sized", "with 1000 MiB", () => each(TASK, (body) => (body.memory = "1000"))],
  ["task.server-held", "no server behind it", () => server((each) => (each.name = "other"))],
  ["task.server-held", "goes on without its server", () => server((each) => (each.essential = false))],
  [
    "task.server-held",
    "nobody reaps",
    () => server((each) => (each.linuxParameters = { capabilities: { drop: ["ALL"] } })),
  ],
  ["task.server-held", "cut off", () => server((each) => delete each.stopTimeout)],
  ["task.server-held", "cut off", () => server((each) => (each.stopTimeout = 401))],
  ["task.server-held", "no limit of open files", () => server((each) => (each.ulimits = []))],
  [
    "task.server-held",
    "another one than was tested",
    () => server((each) => (each.ulimits[0].name = "core")),
  ],
  ["task.server-held", "connections would fail", () => server((each) => delete each.ulimits[0].softLimit)],
  ["task.server-held", "raise its own limit", () => server((each) => (each.ulimits[0].hardLimit = 655_361))],
  ["task.server-held", "/tmp is not mounted rw, nosuid", () => folder({ containerPath: "/tmp", size: 64 })],
  [
    "task.server-held",
    "/tmp is not mounted rw, nosuid",
    () => folder({ containerPath: "/tmp", size: 64, mountOptions: ["nosuid", "nodev"] }),
  ],
  [
    "task.server-held",
    "without a path",
    () => folder({ size: 64, mountOptions: ["rw", "nosuid", "nodev", "noexec"] }),
  ],
  [
    "task.server-held",
    "the memory of both",
    () => folder({ containerPath: "/tmp", size: 641, mountOptions: ["rw", "nosuid", "nodev", "noexec"] }),
  ],
  ["task.server-speaks", "without a region", () => option("awslogs-region")],
  ["task.server-speaks", "have no name", () => option("awslogs-stream-prefix")],
  ["task.server-speaks", "stops when CloudWatch does", () => option("mode")],
  ["task.server-speaks", "stops when CloudWatch does", () => option("mode", "blocking")],
  ["task.server-speaks", "without a bound", () => option("max-buffer-size")],
  ["task.server-speaks", "without a bound", () => option("max-buffer-size", "900m")],
  ["task.cluster-watched", "insights are off", () => each(CLUSTER, (body) => delete body.setting)],
  [
    "task.cluster-watched",
    "insights are off",
    () => each(CLUSTER, (body) => (body.setting[0].value = "disabled")),
  ],
  ["task.cluster-watched", "no log group", () => each(CLUSTER, (body) => (body.name = "another"))],
  ["task.cluster-watched", "does not wait", () => each(CLUSTER, (body) => delete body.depends_on)],
  [
    "task.cluster-watched",
    "gone after 1 days",
    () => each("aws_cloudwatch_log_group", (body) => (body.retention_in_days = 1)),
  ],
  [
    "task.cluster-fargate-only",
    "does not say",
    () => each(PROVIDERS, (body) => delete body.capacity_providers),
  ],
  [
    "task.cluster-fargate-only",
    "run on machines",
    () => each(PROVIDERS, (body) => body.capacity_providers.push("machines")),
  ],
  ["task.peers-found", "names no address", () => each(PEERS, (body) => delete body.dns_config)],
  [
    "task.peers-found",
    "for 101 seconds",
    () => each(PEERS, (body) => (body.dns_config.dns_records[0].ttl = 101)),
  ],
  [
    "task.peers-found",
    "no name that DNS knows",
    () => each(PEERS, (body) => delete body.dns_config.namespace_id),
  ],
  [
    "task.peers-found",
    "one task at a time",
    () => each(PEERS, (body) => (body.dns_config.routing_policy = "WEIGHTED")),
  ],
];

failWhenBroken(CONTROLS, broken);

describe("what may be otherwise is not refused", () => {
  test.each<[string, () => Plan]>([
    [
      "task.service-placed",
      () =>
        service((body) => {
          delete body.launch_type;
          body.capacity_provider_strategy = [{ capacity_provider: "FARGATE_SPOT", weight: 1 }];
        }),
    ],
    ["task.service-placed", () => network({ subnets: "${var.subnets}" })],
    ["task.service-placed", () => network({ security_groups: ["sg-0123456789abcdef0"] })],
    ["task.service-kept-up", () => service((body) => delete body.deployment_minimum_healthy_percent)],
    ["task.scales", () => bounds({ min_capacity: 3, max_capacity: 8 })],
    ["task.scales", () => followed({ scale_in_cooldown: undefined, target_value: 40 })],
    ["task.sized", () => each(TASK, (body) => Object.assign(body, { cpu: "2048", memory: "8192" }))],
    ["task.server-held", () => server((each) => delete each.linuxParameters.tmpfs)],
  ])("%s", (id, build) => {
    const findings = judge(named(CONTROLS, id), build());
    expect(findings).toEqual(findings.map(() => ({ holds: true })));
  });

  test("nor what somebody else has made", () => {
    const foreign = each(SERVICE, (body) => {
      body["//"] = { metadata: { path: "elsewhere/service" } };
      delete body.launch_type;
      delete body.lifecycle;
    });
    for (const control of placementControls)
      expect(judge(control, foreign).map(({ holds }) => holds)).not.toContain(false);
  });

  test.each<[string, () => Plan]>([
    ["task.service-kept-up", () => service((body) => (body.desired_count = "${var.tasks}"))],
    ["task.scales", () => bounds({ min_capacity: "${var.tasks}" })],
    ["task.sized", () => each(TASK, (body) => (body.cpu = "${var.cpu}"))],
    ["task.server-held", () => server((each) => (each.stopTimeout = "${var.seconds}"))],
  ])("%s: what is known only at deployment is unknown", (id, build) => {
    const findings = judge(named(CONTROLS, id), build()).map(({ holds }) => holds);
    expect(findings).toEqual(findings.map(() => "unknown"));
  });
});

test("where sessions live in one task, there is no second one", () => {
  const alone = (fields: Body) => {
    const changedPlan = service((body) => {
      Object.assign(body, { desired_count: 1, deployment_maximum_percent: 100, ...fields });
      delete body.lifecycle;
    });
    const entries = (changedPlan.source["//"] as Body)["hardened-mcp"] as Record<string, Body>;
    for (const { policy } of Object.values(entries)) if (policy) policy.sessions = "single-task";
    return changedPlan;
  };
  const kept = (fields: Body) =>
    new Set(judge(named(CONTROLS, "task.service-kept-up"), alone(fields)).map(({ holds }) => holds));
  expect(kept({})).toEqual(new Set([true]));
  expect(kept({ desired_count: 2 })).toEqual(new Set([false]));
  expect(kept({ deployment_maximum_percent: 200 })).toEqual(new Set([false]));
});
