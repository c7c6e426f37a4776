import { blockAt, blocksOf, texts, type Fields } from "../audit/read";
import { fails, HOLDS, unknown, type Control, type Finding } from "../checklist/control";
import { proxyOf } from "../egress/read";
import { GATEWAY } from "../gateway/contract";
import { LIMITS } from "../limits/contract";
import { opened, isExpression, type Block } from "../terraform/plan";
import { clusterControls } from "./cluster-controls";
import { definitionControls } from "./definition-controls";
import { placementControls } from "./placement-controls";
import { addedControls } from "./added-controls";
import { recordedControls } from "./recorded-controls";
import { repositoryControls } from "./repository-controls";
import { isSecretName, isSecretValue } from "./secret-looking";
import { serviceControls } from "./service-controls";
import { startControls } from "./start-controls";
import { splitControls } from "./split-controls";
import { waitControls } from "./wait-controls";

const TASK = "aws_ecs_task_definition";

function judgeContainers(block: Block, judge: (containers: readonly Fields[]) => Finding): Finding {
  const containers = opened(block.body.container_definitions);
  if (containers === undefined) return unknown("its containers cannot be read before deployment");
  const list = blocksOf(containers);
  return list.length === 0 ? fails("it has no containers") : judge(list);
}

/** What is wrong at one container, as the end of a sentence; nothing, or `later` where only Terraform knows. */
type Complaint = (container: Fields) => string | undefined;
const LATER = "later";

function ofEveryContainer(
  control: Pick<Control, "id" | "item" | "says" | "why" | "maps">,
  complain: Complaint,
): Control {
  return {
    ...control,
    on: [TASK],
    needed: true,
    judge: (block) =>
      judgeContainers(block, (containers) => {
        const found = containers.map((each) => [String(each.name), complain(each)] as const);
        const wrong = found.find(([, says]) => says !== undefined && says !== LATER);
        if (wrong) return fails(`${wrong[0]} ${wrong[1]}`);
        const later = found.find(([, says]) => says === LATER);
        return later ? unknown(`it is known only at deployment of ${later[0]}`) : HOLDS;
      }),
  };
}

const nonRoot = ofEveryContainer(
  {
    id: "task.non-root",
    item: 5,
    says: "Every container runs as a numeric user that is not root",
    why: "Root in a container is one kernel fault away from the host; a name means what the image says.",
    maps: { fsbp: ["ECS.20"] },
  },
  ({ user }) => {
    if (isExpression(user)) return LATER;
    return /^[1-9]\d*(:[1-9]\d*)?$/.test(String(user))
      ? undefined
      : `runs as ${String(user ?? "the image's user")}`;
  },
);

const readOnlyRoot = ofEveryContainer(
  {
    id: "task.read-only-root",
    item: 5,
    says: "Every container's root file system is read-only",
    why: "What breaks in could otherwise leave itself behind, or replace the program.",
    maps: { checkov: ["CKV_AWS_336"], fsbp: ["ECS.5"] },
  },
  ({ readonlyRootFilesystem }) =>
    readonlyRootFilesystem === true ? undefined : "may write to its root file system",
);

const noCapabilities = ofEveryContainer(
  {
    id: "task.no-capabilities",
    item: 5,
    says: "No container has a Linux capability",
    why: "Each is a part of root's power, and an MCP server needs none.",
  },
  (container) => {
    const { drop, add } = blockAt(container, "linuxParameters", "capabilities");
    if (!texts(drop).includes("ALL")) return "keeps capabilities";
    return texts(add).length === 0 ? undefined : `adds ${texts(add).join(", ")}`;
  },
);

const neverPrivileged = ofEveryContainer(
  {
    id: "task.never-privileged",
    item: 5,
    says: "No container is privileged",
    why: "A privileged container owns its host.",
    maps: { checkov: ["CKV_AWS_334"], fsbp: ["ECS.4"] },
  },
  ({ privileged }) => (privileged === undefined || privileged === false ? undefined : "is privileged"),
);

const byDigest = ofEveryContainer(
  {
    id: "task.images-by-digest",
    item: 5,
    says: "Images are named by digest",
    why: "A tag can be moved to other code after its review.",
    maps: { owasp: ["MCP04"] },
  },
  ({ image }) => {
    if (/@sha256:[0-9a-f]{64}$/.test(String(image))) return undefined;
    return isExpression(image) ? LATER : `runs ${String(image)}`;
  },
);

const logged = ofEveryContainer(
  {
    id: "task.logged",
    item: 10,
    says: "Every container writes a log",
    why: "What is not written cannot be looked up after an incident.",
    maps: { fsbp: ["ECS.9"], owasp: ["MCP08"] },
  },
  (container) => {
    const { logDriver, options } = blockAt(container, "logConfiguration");
    if (logDriver === undefined) return "has no log";
    return logDriver !== "awslogs" || texts(blockAt(options)["awslogs-group"]).length > 0
      ? undefined
      : "has no log group";
  },
);

const noPlainSecrets = ofEveryContainer(
  {
    id: "task.no-plain-secrets",
    item: 6,
    says: "No secret stands among the plain settings of a container",
    why: "A task definition is read by everybody who may list it, in every revision, for ever.",
    maps: { fsbp: ["ECS.8"], owasp: ["MCP01"] },
  },
  ({ environment }) => {
    // The name only: a value would be a leak of its own.
    const found = blocksOf(environment).find(
      ({ name, value }) => isSecretName(String(name)) || isSecretValue(String(value)),
    );
    return found ? `has ${String(found.name)} as a plain setting` : undefined;
  },
);

const onlyGatewayReachable: Control = {
  id: "task.only-gateway-reachable",
  item: 12,
  says: "The gateway's port is the only one of a task",
  why: "A second port is a way to the server past every check.",
  on: [TASK],
  needed: true,
  judge: (block) =>
    judgeContainers(block, (containers) => {
      // No server's task: judged by the egress controls.
      if (proxyOf(block)) return HOLDS;
      const open = containers.flatMap((container) =>
        blocksOf(container.portMappings).map(({ containerPort }) => ({
          name: container.name,
          containerPort,
        })),
      );
      const other = open.find(
        ({ name, containerPort }) =>
          name !== GATEWAY.containers.gateway || Number(containerPort) !== GATEWAY.port,
      );
      if (other) return fails(`${String(other.name)} opens port ${String(other.containerPort)}`);
      return open.length > 0 ? HOLDS : fails("it has no gateway with a port");
    }),
  maps: { owasp: ["MCP07"] },
};

const gatewayFirst: Control = {
  id: "task.gateway-first",
  item: 12,
  says: "The gateway starts before every other container and stops after it",
  why: "Calls under way would lose their way back, and their record, when a task leaves.",
  on: [TASK],
  needed: true,
  judge: (block) =>
    judgeContainers(block, (containers) => {
      if (proxyOf(block)) return HOLDS;
      const gateway = containers.find(({ name }) => name === GATEWAY.containers.gateway);
      const late = containers.find(
        (container) =>
          container !== gateway &&
          // What the gateway itself cannot do without starts before it, and stops after it.
          !(container.name === LIMITS.name && waitsFor(gateway, LIMITS.name)) &&
          !waitsFor(container, GATEWAY.containers.gateway),
      );
      return late ? fails(`${String(late.name)} does not wait for the gateway`) : HOLDS;
    }),
};

function waitsFor(container: Fields | undefined, other: string): boolean {
  return blocksOf(container?.dependsOn).some(
    ({ containerName, condition }) =>
      containerName === other && ["START", "HEALTHY"].includes(String(condition)),
  );
}

const apart: Control = {
  id: "task.apart",
  item: 5,
  says: "A task has a network interface of its own, and shares no processes with its neighbours",
  why: "On a shared network its security group does not hold, and the loopback is everybody's.",
  on: [TASK],
  needed: true,
  judge: ({ body }) => {
    if (body.network_mode !== "awsvpc") return fails(`its network mode is ${String(body.network_mode)}`);
    const shared = [body.pid_mode, body.ipc_mode].find((mode) => mode !== undefined && mode !== "none");
    return shared === undefined ? HOLDS : fails("it shares processes or memory");
  },
  maps: { fsbp: ["ECS.3", "ECS.17"], checkov: ["CKV_AWS_335"] },
};

const rolesApart: Control = {
  id: "task.roles-apart",
  item: 5,
  says: "What ECS may do for a task is not what the task's code may do",
  why: "The code could otherwise read every secret that ECS injects, its neighbour container's too.",
  on: [TASK],
  needed: true,
  judge: ({ body }) => {
    const [execution] = texts(body.execution_role_arn);
    const [task] = texts(body.task_role_arn);
    if (execution === undefined || task === undefined) return fails("it does not have both roles");
    return execution === task ? fails("both roles are the same") : HOLDS;
  },
  maps: { checkov: ["CKV_AWS_249"] },
};

/** Controls of tasks, services and repositories. */
export const taskControls: readonly Control[] = [
  nonRoot,
  readOnlyRoot,
  noCapabilities,
  neverPrivileged,
  byDigest,
  logged,
  noPlainSecrets,
  onlyGatewayReachable,
  gatewayFirst,
  apart,
  rolesApart,
  ...definitionControls,
  ...startControls,
  ...recordedControls,
  ...addedControls,
  ...placementControls,
  ...serviceControls,
  ...waitControls,
  ...clusterControls,
  ...splitControls,
  ...repositoryControls,
];
