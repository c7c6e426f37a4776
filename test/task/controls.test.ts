import { taskControls } from "../../lib/task/controls";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";
import { changed, judge, named, without } from "../audit/judge";
import { synthExample } from "../support/examples";

const TASK = "aws_ecs_task_definition";
const SERVICE = "aws_ecs_service";
const REPOSITORY = "aws_ecr_repository";
type Body = Record<string, unknown>;

/** Servers, and the repositories that their images come from, in one file. */
const plan = new Plan({
  ...synthExample("complete").source,
  resource: {
    ...synthExample("complete").source.resource,
    [REPOSITORY]: synthExample("repositories").source.resource?.[REPOSITORY] ?? {},
  },
} as TerraformJson);

test.each(taskControls.map((control) => [control.id, control] as const))(
  "%s holds as built",
  (id, control) => {
    const findings = judge(control, plan);
    // A deployment has one cluster and several of everything else.
    expect(findings.length).toBeGreaterThan(id.startsWith("task.cluster-") ? 0 : 1);
    expect(findings).toEqual(findings.map(() => ({ holds: true })));
  },
);

/** The containers of this name, changed. */
function containers(name: "gateway" | "server", change: (container: Body) => void): Plan {
  return changed(plan, TASK, (body) => {
    const list = JSON.parse(String(body.container_definitions)) as Body[];
    list.filter((each) => each.name === name).forEach(change);
    body.container_definitions = JSON.stringify(list);
  });
}
const capabilities = (value: unknown) => (container: Body) => {
  container.linuxParameters = { capabilities: value };
};
const environment = (name: string, value: string) => (container: Body) => {
  container.environment = [{ name, value }];
};

/** Everything between ECS giving a deployment up and somebody's phone. */
const RINGS = "task.rolled-back-rings";
const isFailed = (body: Body) => String(body.name ?? body.alarm_name).includes("failed-deployments");
const heard = (change: (pattern: Body) => void) => () =>
  changed(plan, "aws_cloudwatch_event_rule", (body) => {
    if (!isFailed(body)) return;
    const pattern = JSON.parse(String(body.event_pattern)) as Body;
    change(pattern);
    body.event_pattern = JSON.stringify(pattern);
  });
const failedDeployments: [string, string, () => Plan][] = [
  [RINGS, "no rule hears", () => without(plan, "aws_cloudwatch_event_rule", isFailed)],
  [
    RINGS,
    "no rule hears",
    () => changed(plan, "aws_cloudwatch_event_rule", (body) => (body.state = "DISABLED")),
  ],
  [RINGS, "no rule hears", heard((pattern) => (pattern.source = ["aws.ec2"]))],
  [RINGS, "no rule hears", heard((pattern) => (pattern.detail = { eventName: ["SERVICE_STEADY_STATE"] }))],
  [RINGS, "no rule hears", heard((pattern) => (pattern.resources = ["arn:aws:ecs:x:1:service/c/another"]))],
  [RINGS, "leads nowhere", () => without(plan, "aws_cloudwatch_event_target", () => true)],
  [RINGS, "no queue takes", () => without(plan, "aws_sqs_queue_policy", () => true)],
  [
    RINGS,
    "no queue takes",
    () =>
      changed(plan, "aws_sqs_queue_policy", (body) => {
        body.policy = String(body.policy).replace("sqs:SendMessage", "sqs:GetQueueUrl");
      }),
  ],
  [
    RINGS,
    "no alarm rings",
    () => without(plan, "aws_cloudwatch_metric_alarm", (body) => isFailed({ name: body.alarm_name })),
  ],
  [
    RINGS,
    "no alarm rings",
    () => changed(plan, "aws_cloudwatch_metric_alarm", (body) => (body.alarm_actions = [])),
  ],
];

describe("each control fails when its protection goes", () => {
  const task = (change: (body: Body) => void) => changed(plan, TASK, change);
  const service = (change: (body: Body) => void) => changed(plan, SERVICE, change);
  const repository = (change: (body: Body) => void) => changed(plan, REPOSITORY, change);
  test.each<[string, string, () => Plan]>([
    [
      "task.non-root",
      "server runs as the image's user",
      () => containers("server", (each) => delete each.user),
    ],
    ["task.non-root", "gateway runs as 0:101", () => containers("gateway", (each) => (each.user = "0:101"))],
    ["task.non-root", "server runs as node", () => containers("server", (each) => (each.user = "node"))],
    ["task.non-root", "no containers", () => task((body) => (body.container_definitions = "[]"))],
    [
      "task.read-only-root",
      "server may write",
      () => containers("server", (each) => delete each.readonlyRootFilesystem),
    ],
    [
      "task.read-only-root",
      "gateway may write",
      () => containers("gateway", (each) => (each.readonlyRootFilesystem = false)),
    ],
    [
      "task.no-capabilities",
      "server keeps capabilities",
      () => containers("server", (each) => delete each.linuxParameters),
    ],
    [
      "task.no-capabilities",
      "gateway keeps capabilities",
      () => containers("gateway", capabilities({ drop: ["NET_RAW"] })),
    ],
    [
      "task.no-capabilities",
      "server adds SYS_PTRACE",
      () => containers("server", capabilities({ drop: ["ALL"], add: ["SYS_PTRACE"] })),
    ],
    [
      "task.never-privileged",
      "server is privileged",
      () => containers("server", (each) => (each.privileged = true)),
    ],
    [
      "task.images-by-digest",
      "server runs acme/orders:latest",
      () => containers("server", (each) => (each.image = "acme/orders:latest")),
    ],
    ["task.logged", "server has no log", () => containers("server", (each) => delete each.logConfiguration)],
    [
      "task.logged",
      "gateway has no log group",
      () => containers("gateway", (each) => (each.logConfiguration = { logDriver: "awslogs", options: {} })),
    ],
    [
      "task.no-plain-secrets",
      "server has DB_PASSWORD as a plain setting",
      () => containers("server", environment("DB_PASSWORD", "x")),
    ],
    [
      "task.no-plain-secrets",
      "server has DATABASE as a plain setting",
      () => containers("server", environment("DATABASE", "postgres://app:hunter2@db/x")),
    ],
    [
      "task.only-gateway-reachable",
      "server opens port 3000",
      () => containers("server", (each) => (each.portMappings = [{ containerPort: 3000 }])),
    ],
    [
      "task.only-gateway-reachable",
      "gateway opens port 9901",
      () =>
        containers(
          "gateway",
          (each) => (each.portMappings = [{ containerPort: 8443 }, { containerPort: 9901 }]),
        ),
    ],
    [
      "task.only-gateway-reachable",
      "no gateway with a port",
      () => containers("gateway", (each) => delete each.portMappings),
    ],
    [
      "task.gateway-first",
      "server does not wait",
      () => containers("server", (each) => delete each.dependsOn),
    ],
    [
      "task.gateway-first",
      "server does not wait",
      () =>
        containers(
          "server",
          (each) => (each.dependsOn = [{ containerName: "gateway", condition: "SUCCESS" }]),
        ),
    ],
    ["task.apart", "network mode is bridge", () => task((body) => (body.network_mode = "bridge"))],
    ["task.apart", "shares processes", () => task((body) => (body.pid_mode = "task"))],
    ["task.apart", "shares processes", () => task((body) => (body.ipc_mode = "host"))],
    ["task.roles-apart", "does not have both", () => task((body) => delete body.task_role_arn)],
    [
      "task.roles-apart",
      "both roles are the same",
      () => task((body) => (body.task_role_arn = body.execution_role_arn)),
    ],
    ["task.no-exec", "can be executed", () => service((body) => (body.enable_execute_command = true))],
    ["task.no-public-ip", "which network", () => service((body) => delete body.network_configuration)],
    [
      "task.no-public-ip",
      "public addresses",
      () => service((body) => (body.network_configuration = { assign_public_ip: true })),
    ],
    [
      "task.rolls-back",
      "no circuit breaker",
      () => service((body) => (body.deployment_circuit_breaker = { enable: true, rollback: false })),
    ],
    [
      "task.rolls-back",
      "no circuit breaker",
      () => service((body) => delete body.deployment_circuit_breaker),
    ],
    ...failedDeployments,
    [
      "task.repository-immutable",
      "can be moved",
      () => repository((body) => delete body.image_tag_mutability),
    ],
    [
      "task.repository-scanned",
      "not scanned",
      () => repository((body) => (body.image_scanning_configuration = { scan_on_push: false })),
    ],
    [
      "task.repository-encrypted",
      "no key of the customer's",
      () => repository((body) => (body.encryption_configuration = [{ encryption_type: "AES256" }])),
    ],
    [
      "task.repository-encrypted",
      "no key of the customer's",
      () => repository((body) => (body.encryption_configuration = [{ encryption_type: "KMS" }])),
    ],
  ])("%s: %s", (id, says, broken) => {
    expect(judge(named(taskControls, id), broken())).toContainEqual({
      holds: false,
      says: expect.stringContaining(says),
    });
  });
});

test("a finding never repeats a secret", () => {
  const broken = containers("server", environment("DATABASE", "postgres://app:hunter2@db/x"));
  expect(JSON.stringify(judge(named(taskControls, "task.no-plain-secrets"), broken))).not.toContain(
    "hunter2",
  );
});

describe("what is known only at deployment is unknown, never held", () => {
  const definitions = () => changed(plan, TASK, (body) => (body.container_definitions = "${var.containers}"));
  const ofContainers = taskControls.filter(
    ({ on, id }) => on.includes(TASK) && !["task.apart", "task.roles-apart", "task.sized"].includes(id),
  );
  test.each<[string, () => Plan]>([
    ...ofContainers.map(({ id }): [string, () => Plan] => [id, definitions]),
    ["task.non-root", () => containers("server", (each) => (each.user = "${var.user}"))],
    ["task.images-by-digest", () => containers("server", (each) => (each.image = "${var.image}"))],
    ["task.no-exec", () => changed(plan, SERVICE, (body) => (body.enable_execute_command = "${var.x}"))],
    [
      "task.no-public-ip",
      () => changed(plan, SERVICE, (body) => (body.network_configuration = { assign_public_ip: "${var.x}" })),
    ],
  ])("%s", (id, later) => {
    const holds = judge(named(taskControls, id), later()).map((finding) => finding.holds);
    expect(holds).toContain("unknown");
    expect(holds).not.toContain(false);
  });
});
