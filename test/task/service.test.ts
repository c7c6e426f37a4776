import type { Image } from "../../lib/task/image";
import { GATEWAY_DEFAULTS } from "../../lib/gateway/model";
import { POSTURES } from "../../lib/posture";
import type { RunConfig } from "../../lib/task/config";
import { resolveRun } from "../../lib/task/model";
import { Service } from "../../lib/task/service";
import { isToken } from "../../lib/terraform";
import { embedded, type Plan } from "../../lib/terraform/plan";
import { Check } from "../../lib/validation";
import { statementsOf } from "../support/deployed-policies";
import { synthPlan, testDeployment } from "../support/plan";

const registry = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
const byDigest = (name: string) => `${registry}/${name}@sha256:${"b".repeat(64)}` as Image;
const arn = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:123456789012:${rest}`;
const KEY = arn("kms", "key/1");
const TLS = arn("secretsmanager", "secret:tls-AbCdEf");
const OTHER = arn("secretsmanager", "secret:other-AbCdEf");

function servicePlan(
  run: Partial<RunConfig> = {},
  props: Partial<ConstructorParameters<typeof Service>[2]> = {},
  single = false,
): Plan {
  return synthPlan((stack) => {
    const on = testDeployment(stack);
    const slice = resolveRun({ image: byDigest("orders"), port: 3000, ...run }, Check.start(isToken), {
      gateway: { ...GATEWAY_DEFAULTS, image: byDigest("envoy") },
      posture: "production",
      defaults: POSTURES.production,
      single,
    });
    new Service(stack, "service", {
      on,
      name: "orders",
      slice,
      cluster: { arn: arn("ecs", "cluster/mcp"), name: "mcp", namespaceId: "ns-1" },
      vpcId: "vpc-1",
      taskSubnetIds: ["subnet-1", "subnet-2"],
      gatewayContainer: { name: "gateway" },
      gatewayImage: byDigest("envoy"),
      serverSecrets: [{ name: "COOKIE_KEY", valueFrom: `${OTHER}:current::` }],
      readableSecrets: [
        { arn: TLS, keyArn: KEY },
        { arn: OTHER, keyArn: undefined },
      ],
      logs: {
        audit: { name: "/audit", arn: arn("logs", "log-group:/audit") },
        server: { name: "/server", arn: arn("logs", "log-group:/server") },
      },
      grants: [
        {
          access: "read" as const,
          sid: "Read",
          actions: ["s3:GetObject"],
          on: { resources: ["arn:aws:s3:::a/*"] },
          because: "it reads",
        },
      ],
      targetGroupArn: arn("elasticloadbalancing", "targetgroup/orders/1"),
      stopSeconds: 40,
      waitFor: [],
      ...props,
    });
  });
}

/** The containers of every task definition, of which there is one. */
function containers(plan: Plan): Record<string, unknown>[] {
  const definitions = plan.blocks("aws_ecs_task_definition");
  expect(definitions).toHaveLength(1);
  return embedded(definitions[0]?.body.container_definitions) as Record<string, unknown>[];
}

test("the server's container", () => {
  const plan = servicePlan({
    env: { LOG_LEVEL: 'info "x" ${y}' },
    command: ["node", "server.js"],
  });
  const [gateway, server, ...more] = containers(plan);
  expect(more).toEqual([]);
  expect(gateway).toEqual({ name: "gateway" });
  expect(server).not.toHaveProperty("portMappings");
  expect(server).toMatchObject({
    name: "server",
    image: byDigest("orders"),
    essential: true,
    user: "65532:65532",
    readonlyRootFilesystem: true,
    privileged: false,
    linuxParameters: { initProcessEnabled: true, capabilities: { drop: ["ALL"] } },
    dependsOn: [{ containerName: "gateway", condition: "START" }],
    command: ["node", "server.js"],
    environment: [
      { name: "PORT", value: "3000" },
      { name: "LOG_LEVEL", value: 'info "x" ${y}' },
    ],
    secrets: [{ name: "COOKIE_KEY", valueFrom: `${OTHER}:current::` }],
    ulimits: [{ name: "nofile", softLimit: 65536, hardLimit: 65536 }],
    stopTimeout: 40,
    logConfiguration: {
      logDriver: "awslogs",
      options: {
        "awslogs-group": "/server",
        "awslogs-region": expect.stringContaining("data.aws_region."),
        "awslogs-stream-prefix": "server",
        mode: "non-blocking",
        "max-buffer-size": "4m",
      },
    },
  });
});

test("Fargate allows two minutes to stop, however long a tool takes", () => {
  expect(containers(servicePlan({}, { stopSeconds: 310 }))[1]).toMatchObject({ stopTimeout: 120 });
});

test("the image's own command where none is given", () => {
  expect(containers(servicePlan())[1]).not.toHaveProperty("command");
});

test("one task of a server with sessions: never two, also not during a deployment, and nothing scales it", () => {
  const plan = servicePlan({}, {}, true);
  const [service] = plan.blocks("aws_ecs_service").map(({ body }) => body);
  expect(service).toMatchObject({
    desired_count: 1,
    deployment_minimum_healthy_percent: 0,
    deployment_maximum_percent: 100,
    // With it ECS refuses a maximum of 100.
    availability_zone_rebalancing: "DISABLED",
    deployment_circuit_breaker: { enable: true, rollback: true },
  });
  // What somebody changes by hand is changed back.
  expect(service?.lifecycle).toBeUndefined();
  expect([...plan.blocks("aws_appautoscaling_target"), ...plan.blocks("aws_appautoscaling_policy")]).toEqual(
    [],
  );
});

test("task, service and scaling", () => {
  const plan = servicePlan({ tasks: { min: 3, max: 7 }, architecture: "x86_64" });
  const definition = plan.blocks("aws_ecs_task_definition");
  expect(definition.map(({ body }) => body)).toEqual([
    expect.objectContaining({
      family: "acme-test-orders",
      requires_compatibilities: ["FARGATE"],
      network_mode: "awsvpc",
      cpu: "512",
      memory: "1024",
      runtime_platform: { operating_system_family: "LINUX", cpu_architecture: "X86_64" },
    }),
  ]);
  const [group] = plan.blocks("aws_security_group");
  const services = plan.blocks("aws_ecs_service");
  expect(services.map(({ body }) => body)).toEqual([
    expect.objectContaining({
      name: "acme-test-orders",
      desired_count: 3,
      enable_execute_command: false,
      deployment_minimum_healthy_percent: 100,
      deployment_circuit_breaker: { enable: true, rollback: true },
      network_configuration: {
        assign_public_ip: false,
        subnets: ["subnet-1", "subnet-2"],
        security_groups: ["${" + `${group?.address}.id` + "}"],
      },
      load_balancer: [
        {
          container_name: "gateway",
          container_port: 8443,
          target_group_arn: arn("elasticloadbalancing", "targetgroup/orders/1"),
        },
      ],
      lifecycle: { ignore_changes: ["desired_count"] },
    }),
  ]);
  // A task that starts before its rights are there fails to pull.
  const waited = services[0]?.body.depends_on as string[];
  expect(waited).toEqual(
    expect.arrayContaining(plan.blocks("aws_iam_role_policy").map(({ address }) => address)),
  );
  expect(plan.blocks("aws_appautoscaling_target").map(({ body }) => body)).toEqual([
    expect.objectContaining({
      min_capacity: 3,
      max_capacity: 7,
      resource_id: "service/mcp/acme-test-orders",
    }),
  ]);
  expect(plan.blocks("aws_appautoscaling_policy")).toHaveLength(1);
});

/** The rights of the role that a task definition names. */
function rightsOf(plan: Plan, attribute: "execution_role_arn" | "task_role_arn") {
  const role = plan.target(plan.blocks("aws_ecs_task_definition")[0]?.body[attribute]);
  expect(role?.type).toBe("aws_iam_role");
  return plan
    .blocks("aws_iam_role_policy")
    .filter(({ body }) => plan.target(body.role)?.address === role?.address)
    .flatMap(({ body }) => statementsOf(plan, body.policy));
}

describe("roles", () => {
  test("the code may do what was granted", () => {
    expect(rightsOf(servicePlan(), "task_role_arn")).toEqual([
      { Sid: "Read", Effect: "Allow", Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::a/*"] },
    ]);
    expect(rightsOf(servicePlan({}, { grants: [] }), "task_role_arn")).toEqual([]);
  });
  const pull = (...names: string[]) => ({
    Sid: "PullImages",
    Effect: "Allow",
    Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
    Resource: names.map((name) => arn("ecr", `repository/${name}`)),
  });
  test("ECS pulls two images, writes two logs, injects the listed secrets", () => {
    expect(rightsOf(servicePlan(), "execution_role_arn")).toEqual([
      { Sid: "LogInToRegistry", Effect: "Allow", Action: ["ecr:GetAuthorizationToken"], Resource: "*" },
      pull("envoy", "orders"),
      {
        Sid: "WriteLogs",
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: [arn("logs", "log-group:/audit:*"), arn("logs", "log-group:/server:*")],
      },
      {
        Sid: "InjectSecrets",
        Effect: "Allow",
        Action: ["secretsmanager:GetSecretValue"],
        Resource: [TLS, OTHER],
      },
      {
        Sid: "DecryptSecrets",
        Effect: "Allow",
        Action: ["kms:Decrypt"],
        Resource: [KEY],
        Condition: {
          StringEquals: {
            "kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com",
            "kms:EncryptionContext:SecretARN": [TLS],
          },
        },
      },
    ]);
  });
  test("no secrets, no right to any", () => {
    const sids = rightsOf(servicePlan({}, { readableSecrets: [] }), "execution_role_arn").map(
      ({ Sid }) => Sid,
    );
    expect(sids).toEqual(["LogInToRegistry", "PullImages", "WriteLogs"]);
  });
  test("an image of another account and region is pulled from there", () => {
    const image =
      `999999999999.dkr.ecr.us-east-1.amazonaws.com/team/orders@sha256:${"b".repeat(64)}` as Image;
    const statement = rightsOf(servicePlan({ image }), "execution_role_arn")[1];
    expect(statement?.Resource).toEqual([
      arn("ecr", "repository/envoy"),
      "arn:aws:ecr:us-east-1:999999999999:repository/team/orders",
    ]);
  });
  test("an image known only at deployment is of this account", () => {
    const statement = rightsOf(
      servicePlan({ image: "public.example.com/orders@sha256:x" as Image }),
      "execution_role_arn",
    )[1];
    expect(statement?.Resource).toEqual([arn("ecr", "repository/envoy"), arn("ecr", "repository/*")]);
  });
});
