import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import { CloudwatchLogSubscriptionFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-subscription-filter";
import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { SecretsmanagerSecretPolicy } from "@cdktf/provider-aws/lib/secretsmanager-secret-policy";
import { Fn } from "cdktf";
import type { Gateway } from "../../lib";
import { CONTROLS } from "../../lib/checklist/controls";
import { judgePlan } from "../../lib/checklist/engine";
import { table } from "../../lib/checklist/formats/table";
import { report } from "../../lib/checklist/report";
import { data, list } from "../../lib/gateway/read";
import { opened, type Plan } from "../../lib/terraform/plan";
import { childOf, failing, partPlan, withoutType } from "../support/parts";
import { keyed, ownContainer, ownedPlan, type Owned } from "./gateway-fixture";

const asOf = "2026-11-26";
const example = partPlan("gateway");
const TASK = "aws_ecs_task_definition";

const containersOf = (plan: Plan) => list(opened(plan.blocks(TASK)[0]?.body.container_definitions)).map(data);
const resultOf = (plan: Plan, control: string) =>
  judgePlan(plan, CONTROLS, { asOf })
    .filter((verdict) => verdict.control === control)
    .map(({ result }) => result);

describe("a gateway for somebody else's task", () => {
  test("makes what is its own, and neither task nor service, nor any role but those of its functions", () => {
    const made = example.all.filter(
      ({ mode, path }) => mode === "resource" && path.startsWith("gateway/gateway/"),
    );
    const types = [...new Set(made.map(({ type }) => type))];
    for (const type of [TASK, "aws_ecs_service", "aws_lb_target_group", "aws_ecs_cluster", "aws_vpc"])
      expect(types).not.toContain(type);
    const roles = made.filter(({ type }) => type === "aws_iam_role").map(({ path }) => path.split("/")[2]);
    expect([...new Set(roles)].sort()).toEqual(["redelivery", "secrets"]);
  });

  test("hands out its container with the policy or its digest, and the others wait for it", () => {
    const inline = containersOf(ownedPlan({ reservedBytes: 2048 }));
    const names = (all: typeof inline) => list(all[0]?.environment).map((one) => data(one).name);
    expect(names(inline)).toEqual(["HMCP_POLICY", "HMCP_LUA", "HMCP_LOADER"]);
    const stored = containersOf(ownedPlan({ reservedBytes: 20_000 }));
    expect(names(stored)).toEqual(["HMCP_POLICY_SHA256", "HMCP_LUA_SHA256", "HMCP_LOADER"]);
    for (const [gateway, own] of [inline, stored]) {
      expect(gateway?.name).toBe("gateway");
      expect(own?.dependsOn).toEqual([{ containerName: "gateway", condition: "START" }]);
    }
  });

  test("another policy is another text of the task definition, wherever it lies", () => {
    const text = (reservedBytes: number, callsPerMinute: number) => {
      const search = { access: "read", callsPerMinute, timeoutSeconds: 10 } as const;
      return ownedPlan({ reservedBytes, tools: { search } }).blocks(TASK)[0]?.body.container_definitions;
    };
    for (const bytes of [2048, 20_000]) expect(text(bytes, 60)).not.toBe(text(bytes, 61));
    expect(text(20_000, 60)).toBe(text(20_000, 60));
  });

  test("leaves what its containers already wait for, and adds the gateway", () => {
    const first = { containerName: "proxy", condition: "HEALTHY" };
    const [, own] = containersOf(
      ownedPlan({}, undefined, (gateway) =>
        gateway.containerDefinitions([
          { ...ownContainer, dependsOn: [first] },
          { ...ownContainer, name: "proxy" },
        ]),
      ),
    );
    expect(own?.dependsOn).toEqual([first, { containerName: "gateway", condition: "START" }]);
  });

  test("keeps ${ and quotes of its owner's containers as they are written", () => {
    const command = ['say "${HOME}" %{x}'];
    const text = ownedPlan({}, undefined, (gateway) =>
      gateway.containerDefinitions([{ ...ownContainer, command }]),
    );
    expect(containersOf(text)[1]?.command).toEqual(command);
    expect(text.blocks(TASK)[0]?.body.container_definitions).toContain("$${HOME}");
  });

  test("divides limits by the most tasks, unless a name tells how many run", () => {
    const written = (change: Parameters<typeof ownedPlan>[0]) =>
      String(list(containersOf(ownedPlan(change))[0]?.command)[1]);
    const divided = written({});
    // 60 calls a minute of a tool, over four tasks: 15 at once, and 60 in four minutes.
    const share = '"token_bucket":{"max_tokens":15,"tokens_per_fill":60,"fill_interval":"240s"}';
    expect(divided.includes(share)).toBe(true);
    expect(divided.includes("local_cluster_rate_limit")).toBe(false);
    const shared = written({ tasks: { max: 4, hostname: "orders.acme.internal" } });
    for (const part of ["local_cluster_rate_limit", "orders.acme.internal", share])
      expect(shared.includes(part)).toBe(true);
  });

  test("lets the role that starts the task, the client's readers and the rotation read a secret, and nobody else", () => {
    const plan = ownedPlan(keyed);
    const readers = plan.blocks("aws_secretsmanager_secret_policy").map(({ body, path }) => {
      const [denial] = list(data(opened(body.policy)).Statement).map(data);
      const spared = list(data(data(data(denial?.Condition).ArnNotLike))["aws:PrincipalArn"]).map(String);
      return [path.split("/").at(-2), spared.map((arn) => arn.split("/").at(-1))] as const;
    });
    const named = Object.fromEntries(readers.filter(([name]) => name !== "store"));
    expect(named["tls"]).toEqual([expect.stringContaining("rotation"), "orders-execution"]);
    expect(named["client-ci-bot"]).toEqual([expect.stringContaining("rotation"), "orders-execution", "ci"]);
  });

  test("refuses a second container of its name, and more than ECS takes", () => {
    const of = (containers: (gateway: Gateway) => string) => () => ownedPlan({}, undefined, containers);
    expect(of((gateway) => gateway.containerDefinitions([gateway.container]))).toThrow(/is called gateway/);
    const large = { ...ownContainer, command: ["x".repeat(60_000)] };
    expect(of((gateway) => gateway.containerDefinitions([large]))).toThrow(
      /bytes of a task definition's 65536/,
    );
  });
});

describe("the checklist", () => {
  test("passes the example, whose one unknown is the role of the archive", () => {
    expect(failing(example)).toEqual([]);
    const unknown = judgePlan(example, CONTROLS, { asOf }).filter(({ result }) => result === "unknown");
    expect(unknown.map(({ control }) => control)).toEqual(["access.roles-fit"]);
    const whole = report([{ stack: "gateway", file: "f", plan: example }], CONTROLS, asOf);
    expect(table(whole)).toContain("gateway holds gateway alone");
  });
  test.each([
    ["aws_ecs_task_definition", "gateway.placed"],
    ["aws_ecs_task_definition", "gateway.default-deny"],
    ["aws_secretsmanager_secret_rotation", "secrets.rotated"],
    ["aws_secretsmanager_secret_policy", "secrets.readers-named"],
    ["aws_cloudwatch_log_subscription_filter", "audit.gateway-archived"],
  ])("asks for %s: %s", (type, control) => expect(failing(withoutType(example, type))).toContain(control));
  test("an owner's service is judged for what it does to the gateway, and not for its alarms", () => {
    const plan = ownedPlan(keyed);
    expect(failing(plan)).toEqual([]);
    expect(resultOf(plan, "gateway.only-target")).toEqual(["pass"]);
    expect(resultOf(plan, "gateway.server-closed")).toEqual(["pass"]);
    for (const control of ["alarms.server-complete", "task.rolled-back-rings"])
      expect(resultOf(plan, control)).toEqual(["unknown"]);
  });
  test("containers that only Terraform can read are unknown, never a pass", () => {
    const plan = ownedPlan({ reservedBytes: 2048 }, undefined, (gateway) =>
      Fn.jsonencode([gateway.container, { ...ownContainer, dependsOn: gateway.dependsOn }]),
    );
    for (const control of ["gateway.default-deny", "task.gateway-first", "task.only-gateway-reachable"])
      expect(resultOf(plan, control)).toEqual(["unknown"]);
    expect(resultOf(plan, "gateway.placed")).toContain("unknown");
  });
});

/** The owner's text, with one container changed. */
const altered =
  (name: string, change: object, more: object[] = []) =>
  ({ task, gateway }: Owned) => {
    const all = (JSON.parse(gateway.containerDefinitions([ownContainer])) as Record<string, unknown>[]).map(
      (one) => (one.name === name ? { ...one, ...change } : one),
    );
    task.addOverride("container_definitions", JSON.stringify([...all, ...more]));
  };
const port = (containerPort: number) => ({ portMappings: [{ containerPort, protocol: "tcp" }] });
const variable = (name: string, value: string) => ({ name, value });

describe("a mistake of the owner's stops the synth", () => {
  test.each<[string, (owned: Owned) => void, RegExp]>([
    [
      "a task without the gateway",
      ({ task }) =>
        task.addOverride("container_definitions", JSON.stringify([{ ...ownContainer, dependsOn: [] }])),
      /\[gateway\.placed\]/,
    ],
    [
      "a gateway whose end does not end the task",
      altered("gateway", { essential: false }),
      /goes on without its gateway \[gateway\.confined\]/,
    ],
    [
      "a server with a port",
      altered("orders", port(3000)),
      /orders can be reached past the gateway \[gateway\.only-open-port\]/,
    ],
    ["a second port of the gateway's", altered("gateway", port(9901)), /\[gateway\.only-open-port\]/],
    [
      "a server that does not wait",
      altered("orders", { dependsOn: [] }),
      /orders does not wait for the gateway \[task\.gateway-first\]/,
    ],
    [
      "a server that waits for something else",
      altered("orders", { dependsOn: [{ containerName: "proxy", condition: "START" }] }),
      /\[task\.gateway-first\]/,
    ],
    [
      "a sidecar that does not wait",
      altered("", {}, [{ ...ownContainer, name: "agent" }]),
      /agent does not wait for the gateway \[task\.gateway-first\]/,
    ],
    ["a server that runs as root", altered("orders", { user: "0" }), /\[task\.non-root\]/],
    [
      "another image by a tag",
      altered("gateway", { image: "envoyproxy/envoy:latest" }),
      /\[task\.images-by-digest\]/,
    ],
    [
      "another policy",
      altered("gateway", { environment: [variable("HMCP_POLICY", "{}")] }),
      /\[gateway\.as-rendered\]/,
    ],
    [
      "another digest of the policy",
      altered("gateway", { environment: [variable("HMCP_POLICY_SHA256", "0".repeat(64))] }),
      /\[gateway\.stored-pinned\]/,
    ],
    ["another command", altered("gateway", { command: ["--config-yaml", "{}"] }), /\[gateway\.as-rendered\]/],
    ["secrets of somebody else's", altered("gateway", { secrets: [] }), /\[gateway\.own-secrets\]/],
    [
      "lines to another log",
      altered("gateway", {
        logConfiguration: {
          logDriver: "awslogs",
          options: { "awslogs-group": "/ecs/orders", mode: "blocking" },
        },
      }),
      /\[gateway\.own-secrets\]/,
    ],
    [
      "a network that the machine's other tasks share",
      ({ task }) => task.addOverride("network_mode", "host"),
      /\[task\.apart\]/,
    ],
    [
      "one role for both",
      ({ task }) => task.addOverride("task_role_arn", "arn:aws:iam::123456789012:role/orders-execution"),
      /\[task\.roles-apart\]/,
    ],
    [
      "a load balancer before the server",
      ({ service }) =>
        service.addOverride("load_balancer", [
          { target_group_arn: "arn:x", container_name: "orders", container_port: 3000 },
        ]),
      /reaches orders on port 3000 \[gateway\.only-target\]/,
    ],
    [
      "a second way in",
      ({ service }) =>
        service.addOverride("load_balancer.1", {
          target_group_arn: "arn:x",
          container_name: "gateway",
          container_port: 3000,
        }),
      /\[gateway\.only-target\]/,
    ],
    [
      "a group that is open on the server's port",
      ({ rule }) => rule.addOverride("from_port", 3000),
      /callers in on port 3000, past the gateway \[gateway\.server-closed\]/,
    ],
    [
      "a group that is open on every port",
      ({ rule }) => rule.addOverride("ip_protocol", "-1"),
      /\[gateway\.server-closed\]/,
    ],
    [
      "a group with rules of its own",
      ({ group }) =>
        group.addOverride("ingress", [
          { from_port: 0, to_port: 65_535, protocol: "tcp", cidr_blocks: ["10.0.0.0/8"] },
        ]),
      /\[gateway\.server-closed\]/,
    ],
    [
      "more tasks than limits are shared among",
      ({ service }) => service.addOverride("desired_count", 5),
      /shared among 4 tasks, and up to 5 may run \[gateway\.record-true\]/,
    ],
    [
      "a shell into the task",
      ({ service }) => service.addOverride("enable_execute_command", true),
      /\[task\.no-exec\]/,
    ],
    [
      "a public address",
      ({ service }) => service.addOverride("network_configuration.assign_public_ip", true),
      /\[task\.no-public-ip\]/,
    ],
    [
      "lines that are left out of the archive",
      ({ gateway }) =>
        childOf(gateway, CloudwatchLogSubscriptionFilter).addOverride("filter_pattern", "ERROR"),
      /\[audit\.gateway-archived\]/,
    ],
    [
      "a secret for everybody",
      ({ gateway }) =>
        childOf(gateway, SecretsmanagerSecretPolicy).addOverride(
          "policy",
          '{"Version":"2012-10-17","Statement":[]}',
        ),
      /\[secrets\.readers-named\]/,
    ],
  ])("%s", (_what, attack, says) => expect(() => ownedPlan({}, attack)).toThrow(says));

  test.each([
    ["by the service's name", "service/shared/orders"],
    ["by reference", undefined],
  ])("autoscaling past what limits are shared among, %s", (_how, id) => {
    const scale = (owned: Owned) =>
      new AppautoscalingTarget(owned, "scaling", {
        minCapacity: 1,
        maxCapacity: 6,
        resourceId: id ?? `service/shared/${owned.service.name}`,
        scalableDimension: "ecs:service:DesiredCount",
        serviceNamespace: "ecs",
      });
    expect(() => ownedPlan({}, scale)).toThrow(/shared among 4 tasks, and up to 6 may run/);
    expect(() => ownedPlan({ tasks: { max: 6 } }, scale)).not.toThrow();
  });

  test("another task of the owner's, in which no gateway stands, does not", () =>
    expect(() =>
      ownedPlan({}, (owned) => {
        new EcsTaskDefinition(owned, "other", {
          family: "batch",
          containerDefinitions: '[{"name":"batch","image":"batch:1"}]',
        });
      }),
    ).not.toThrow());
});
