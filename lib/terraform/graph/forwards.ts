import { blockAt, blocksOf, isSet } from "../../audit/read";
import type { Block, Plan } from "../plan";
import type { Names } from "./names";

/** One way through a load balancer: what comes in at a listener's port goes to a port of a target. */
export interface Forward {
  /** Name of the load balancer. */
  readonly balancer: string;
  readonly listener: string;
  /** Port that clients connect to; nothing when it is not known. */
  readonly port: number | undefined;
  /** Address of the rule, or of the listener whose default it is. */
  readonly by: string;
  readonly targetGroup: string;
  /** Name of what stands behind, and where. */
  readonly to: string;
  readonly toPort: number | undefined;
  /** Container of a service that is registered there. */
  readonly container: string | undefined;
}

const LISTENERS = ["aws_lb_listener", "aws_alb_listener"];
const RULES = ["aws_lb_listener_rule", "aws_alb_listener_rule"];
const ATTACHMENTS = ["aws_lb_target_group_attachment", "aws_alb_target_group_attachment"];

/** Every way through every load balancer of a plan. */
export function forwardsOf(plan: Plan, names: Names): readonly Forward[] {
  const targets = targetsOf(plan, names);
  const groups = (block: Block, actions: unknown) =>
    blocksOf(actions)
      .flatMap((action) => [
        ...(isSet(action.target_group_arn) ? [names.of(action.target_group_arn)] : []),
        ...blocksOf(blockAt(action, "forward").target_group).map(({ arn }) => names.of(arn)),
      ])
      .map((group) => [block.address, group] as const);
  return plan.blocks(...LISTENERS).flatMap((listener) => {
    const rules = plan
      .blocks(...RULES)
      .filter(({ body }) => names.of(body.listener_arn) === listener.address);
    const ways = [
      ...groups(listener, listener.body.default_action),
      ...rules.flatMap((rule) => groups(rule, rule.body.action)),
    ];
    return ways.flatMap(([by, targetGroup]) =>
      (targets.get(targetGroup) ?? []).map((target) => ({
        balancer: names.of(listener.body.load_balancer_arn),
        listener: listener.address,
        port: numberOf(listener.body.port),
        by,
        targetGroup,
        ...target,
      })),
    );
  });
}

type Target = Pick<Forward, "to" | "toPort" | "container">;

/** What is registered in each target group: containers of services, and single targets. */
function targetsOf(plan: Plan, names: Names): ReadonlyMap<string, readonly Target[]> {
  const found = new Map<string, Target[]>();
  const add = (group: unknown, target: Target) => {
    const name = names.of(group);
    found.set(name, [...(found.get(name) ?? []), target]);
  };
  for (const { address, body } of plan.blocks("aws_ecs_service")) {
    for (const bound of blocksOf(body.load_balancer)) {
      const container = typeof bound.container_name === "string" ? bound.container_name : undefined;
      add(bound.target_group_arn, { to: address, toPort: numberOf(bound.container_port), container });
    }
  }
  for (const { body } of plan.blocks(...ATTACHMENTS)) {
    const port = numberOf(body.port ?? plan.target(body.target_group_arn)?.body.port);
    add(body.target_group_arn, { to: names.of(body.target_id), toPort: port, container: undefined });
  }
  return found;
}

function numberOf(value: unknown): number | undefined {
  const number = Number(value);
  return isSet(value) && Number.isInteger(number) ? number : undefined;
}
