import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import { CloudwatchLogSubscriptionFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-subscription-filter";
import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { SecretsmanagerSecretPolicy } from "@cdktf/provider-aws/lib/secretsmanager-secret-policy";
import { childOf } from "../support/parts";
import { ownContainer, ownedPlan, type Owned } from "./gateway-fixture";

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
      "another role that starts it",
      ({ task }) => task.addOverride("execution_role_arn", "arn:aws:iam::123456789012:role/other"),
      /role\/other starts it, and its secrets are for .*orders-execution \[gateway\.starter-named\]/,
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
      "a group that lets addresses in past the load balancer",
      ({ rule }) => rule.addOverride("cidr_ipv4", "10.0.0.0/8"),
      /lets addresses in on port 8443, past the load balancer \[gateway\.server-closed\]/,
    ],
    [
      "no group at all",
      ({ service }) => service.addOverride("network_configuration.security_groups", undefined),
      /in the default group of their network.*\[gateway\.server-closed\]/,
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

  test("another digest of a policy that a store holds", () => {
    const attack = altered("gateway", { environment: [variable("HMCP_POLICY_SHA256", "0".repeat(64))] });
    expect(() => ownedPlan({ reservedBytes: 20_000 }, attack)).toThrow(/\[gateway\.stored-pinned\]/);
  });

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
