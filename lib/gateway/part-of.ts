import { isBelow, serverOf } from "../checklist/engine";
import { readManifest, type Declared } from "../checklist/manifest";
import { opened, type Block, type Plan } from "../terraform/plan";
import { GATEWAY } from "./contract";
import { data, list } from "./read";

/** Name under which manifests and `PARTS` know a gateway that is used on its own. */
export const GATEWAY_PART = "gateway";

/** What a gateway that is used on its own says of itself. */
export type GatewayPart = Declared & Required<Pick<Declared, "policy" | "gateways">>;

/** Every gateway in a file that is used on its own. */
export function gatewayParts({ source }: Plan): readonly GatewayPart[] {
  return readManifest(source).filter(
    (entry): entry is GatewayPart =>
      entry.kind === "part" &&
      entry.part === GATEWAY_PART &&
      entry.policy !== undefined &&
      entry.gateways !== undefined,
  );
}

/**
 * The gateway on its own whose container stands in a task definition of somebody else: by what the container reads and
 * writes, its secrets and its log; where it is told nothing of any, the only one there is. What is cut off from its own has
 * to be compared with something.
 */
export function partHeldBy(block: Block, plan: Plan): GatewayPart | undefined {
  const parts = serverOf(block, plan) ? [] : gatewayParts(plan);
  const container = list(opened(block.body.container_definitions))
    .map(data)
    .find(({ name }) => name === GATEWAY.containers.gateway);
  if (container === undefined || parts.length === 0) return undefined;
  const paths = [
    ...list(container.secrets).map((one) => /^\$\{[^}]+\}/.exec(String(data(one).valueFrom))?.[0]),
    data(data(container.logConfiguration).options)["awslogs-group"],
  ].flatMap((reference) => plan.target(reference)?.path ?? []);
  return (
    parts.find((part) => paths.some((path) => isBelow(path, part.path))) ??
    (parts.length === 1 ? parts[0] : undefined)
  );
}

/** Task definitions that hold the container of the gateway at a path. */
export function tasksHolding(path: string, plan: Plan): readonly Block[] {
  return plan.blocks("aws_ecs_task_definition").filter((block) => partHeldBy(block, plan)?.path === path);
}

/** Services that run a task definition. */
export function servicesRunning(task: Block, plan: Plan): readonly Block[] {
  return plan.referring(task, "aws_ecs_service", "task_definition");
}

/** Whether a service runs a task of somebody else in which a gateway on its own stands. */
export function runsPart({ body }: Block, plan: Plan): boolean {
  const task = plan.target(body.task_definition);
  return task !== undefined && partHeldBy(task, plan) !== undefined;
}

/** Addresses of what somebody else has made around the gateway at a path: task definitions that hold it, and their services. */
export function holdersOf(path: string, plan: Plan): ReadonlySet<string> {
  const tasks = tasksHolding(path, plan);
  const services = tasks.flatMap((task) => servicesRunning(task, plan));
  return new Set([...tasks, ...services].map(({ address }) => address));
}
