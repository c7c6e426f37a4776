import { blockAt, blocksOf, texts, type Fields } from "../audit/read";
import { opened, type Block, type Plan } from "../terraform/plan";
import { EGRESS } from "./contract";

const SERVICE = "aws_ecs_service";

/**
 * The proxy's container, where a task definition is a proxy's: it has that container and no other, so that nothing can
 * be called a proxy to be spared what is asked of servers.
 */
export function proxyOf(definition: Block | undefined): Fields | undefined {
  const containers = blocksOf(opened(definition?.body.container_definitions));
  const [only, ...others] = containers;
  return only?.name === EGRESS.container && others.length === 0 ? only : undefined;
}

/** Whether a service runs a proxy. */
export function isProxyService(service: Block, plan: Plan): boolean {
  return proxyOf(plan.target(service.body.task_definition)) !== undefined;
}

/** Every service in the file that runs a proxy. */
export function proxyServices(plan: Plan): Block[] {
  return plan.blocks(SERVICE).filter((service) => isProxyService(service, plan));
}

/** Addresses of the groups that a service's tasks are in. */
export function groupsOf(service: Block, plan: Plan): string[] {
  return texts(blockAt(service.body, "network_configuration").security_groups).flatMap(
    (group) => plan.target(group)?.address ?? group,
  );
}
