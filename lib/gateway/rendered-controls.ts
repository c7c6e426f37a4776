import { fails, HOLDS, unknown, type Control, type Finding } from "../checklist/control";
import { isBelow, serverOf } from "../checklist/engine";
import type { Declared } from "../checklist/manifest";
import { LIMITS } from "../limits/contract";
import type { PolicyDocument } from "../policy/document";
import { describeDifferences, differencesBetween } from "../terraform/differences";
import { opened, type Block, type Plan } from "../terraform/plan";
import { GATEWAY, keyHashesVariable, pieceVariable } from "./contract";
import { bootstrapOf } from "./envoy-process";
import { KEYS_CLUSTER } from "./envoy/keys";
import { data, list } from "./read";
import { gatewayParts, partHeldBy } from "./part-of";
import { judgeRecord } from "./record-rules";
import { expectedContainer, policyOfGateway, type GatewayRecord } from "./recorded";

type Fields = Readonly<Record<string, unknown>>;

const TASK = "aws_ecs_task_definition";

/** A written gateway, and what it should have been made from. */
interface Declaration {
  readonly container: Fields;
  readonly others: readonly Fields[];
  readonly entry: Declared;
  readonly policy: PolicyDocument;
  readonly record: GatewayRecord;
}

/** Finds the declaration of a task definition's gateway; a finding where there is none to compare with. */
function declarationOf(block: Block, plan: Plan): Declaration | Finding {
  const containers = list(opened(block.body.container_definitions)).map(data);
  const container = containers.find(({ name }) => name === GATEWAY.containers.gateway);
  if (container === undefined) return HOLDS;
  const entry = serverOf(block, plan) ?? partHeldBy(block, plan);
  if (entry === undefined)
    return gatewayParts(plan).length > 0
      ? fails("it reads and writes nothing of a gateway that this file declares")
      : unknown("the file does not say what its gateway is made from; judge the synthesised one");
  const { policy } = entry;
  const half = isBelow(block.path, `${entry.path}/write`)
    ? "write"
    : policy.split === undefined
      ? undefined
      : "read";
  const record = entry.gateways?.find((one) => one.half === half);
  if (record === undefined) return fails("what its gateway was rendered from is not recorded");
  const others = containers.filter((other) => other !== container);
  return { container, others, entry, policy, record };
}

/** A control of gateways that are declared in the same file. */
function declared(
  control: Omit<Control, "on" | "judge">,
  judge: (declaration: Declaration, block: Block, plan: Plan) => Finding,
): Control {
  return {
    ...control,
    on: [TASK],
    judge: (block, plan) => {
      const found = declarationOf(block, plan);
      return "holds" in found ? found : judge(found, block, plan);
    },
  };
}

const asRendered = declared(
  {
    id: "gateway.as-rendered",
    item: 2,
    says: "The gateway's container, Envoy's configuration and the policy are what the server's policy is rendered to",
    why: "One setting of Envoy that an override has changed can let a request, or its record, pass by everything else.",
    maps: { owasp: ["MCP04", "MCP07"] },
  },
  ({ container, policy, record }) => {
    const { dependsOn, ...written } = container;
    const expected = expectedContainer(policy, record, {
      image: String(container.image),
      secrets: list(container.secrets).map(data) as { name: string; valueFrom: string }[],
      keysHost: keysHostOf(data(bootstrapOf(container))),
      logGroupName: optionOf(container, "awslogs-group"),
      region: optionOf(container, "awslogs-region"),
      variables: list(container.environment).map((one) => String(data(one).name)),
    });
    const waits =
      policy.limits.scope === "exact" ? [{ containerName: LIMITS.name, condition: "START" }] : undefined;
    const found = [
      ...differencesBetween(openedOf(expected), openedOf(written)),
      ...differencesBetween(waits, dependsOn, "dependsOn"),
    ];
    if (found.length === 0) return HOLDS;
    const known = found.filter((one) => !one.unknown);
    return known.length > 0
      ? fails(`it ${describeDifferences(known)}`)
      : unknown(`it ${describeDifferences(found)}`);
  },
);

/** The container with everything opened that is JSON inside a text. */
function openedOf(container: Fields): Fields {
  const { command, environment, ...rest } = container;
  return {
    ...rest,
    command: list(command).map((text) => opened(text) ?? text),
    environment: Object.fromEntries(
      list(environment).map((one) => [String(data(one).name), opened(data(one).value) ?? data(one).value]),
    ),
    // One of a name: a second one would hide the first.
    variables: list(environment).length,
  };
}

/** Host of the bucket with the keys, as it stands in the address that is called. */
function keysHostOf(bootstrap: Fields): string | undefined {
  const keys = list(data(bootstrap.static_resources).clusters)
    .map(data)
    .find(({ name }) => name === KEYS_CLUSTER);
  const [endpoints] = list(data(keys?.load_assignment).endpoints).map(data);
  const [endpoint] = list(endpoints?.lb_endpoints).map(data);
  const address = data(data(data(endpoint?.endpoint).address).socket_address).address;
  return typeof address === "string" ? address : undefined;
}

function optionOf(container: Fields, name: string): string {
  return String(data(data(container.logConfiguration).options)[name]);
}

const recordHolds = declared(
  {
    id: "gateway.record-true",
    item: 2,
    says: "What the gateway is rendered from agrees with the server's port, name, tasks and address in the same file",
    why: "Who changes both the record and the gateway would otherwise have changed what is compared with.",
    maps: { owasp: ["MCP04"] },
  },
  ({ entry, policy, record, others }, block, plan) => {
    const wrong = judgeRecord({ entry, policy, record, others, block, plan });
    return wrong === undefined ? HOLDS : fails(wrong);
  },
);

const SECRET = "aws_secretsmanager_secret";
const FIELD = /^(\$\{[^}]+\}):([a-z]+)::$/;

const ownSecrets = declared(
  {
    id: "gateway.own-secrets",
    item: 3,
    says: "The gateway gets its own certificate and the hashes of its own clients' keys, and its lines go to its audit log",
    why: "The keys of another server's clients would open this one; lines in another log are read and kept by other rules.",
    maps: { owasp: ["MCP01", "MCP02"] },
  },
  ({ container, entry, policy, record }, _block, plan) => {
    const { tlsCertificate, tlsKey } = GATEWAY.env;
    const keyed = Object.entries(policyOfGateway(policy, record).clients).filter(
      ([, { identity }]) => identity.kind === "apiKey",
    );
    const wanted = new Map<string, readonly [secret: string, field: string]>([
      [tlsCertificate, ["tls", "certificate"]],
      [tlsKey, ["tls", "key"]],
      ...keyed.map(([client]) => [keyHashesVariable(client), [`client-${client}`, "hashes"]] as const),
    ]);
    const given = list(container.secrets).map(data);
    for (const [name, [secret, field]] of wanted) {
      const [, reference, read] = FIELD.exec(String(given.find((one) => one.name === name)?.valueFrom)) ?? [];
      const from = plan.target(reference);
      if (from?.type !== SECRET || from.path !== `${entry.path}/secrets/${secret}/resource` || read !== field)
        return fails(`${name} is not the field ${field} of its own secret ${secret}`);
    }
    const stored = (name: unknown) =>
      [GATEWAY.env.policy, GATEWAY.env.program].some(
        (variable) => name === variable || String(name).startsWith(pieceVariable(variable, 2).slice(0, -1)),
      );
    const more = given.find(({ name }) => !wanted.has(String(name)) && !stored(name));
    if (more !== undefined) return fails(`${String(more.name)} is no secret of a gateway`);
    const group = plan.target(optionOf(container, "awslogs-group"));
    const logs = `${entry.path}${record.half === "write" ? "/write" : ""}/logs/audit`;
    if (group?.type !== "aws_cloudwatch_log_group" || !isBelow(group.path, logs))
      return fails("its lines do not go to the audit log of its server");
    const region = optionOf(container, "awslogs-region");
    return plan.target(region)?.type === "aws_region" || /^[a-z]{2}(-[a-z]+)+-\d$/.test(region)
      ? HOLDS
      : fails("its lines go to no region that there is");
  },
);

/** Controls that compare a written gateway with what its server's policy is rendered to. */
export const renderedControls: readonly Control[] = [asRendered, recordHolds, ownSecrets];
