import { blockAt, blocksOf, texts } from "../audit/read";
import { fails, HOLDS, type Control } from "../checklist/control";
import { isBelow, ofOurs } from "../checklist/engine";
import type { Block, Plan } from "../terraform/plan";

const SERVICE = "aws_ecs_service";
const RULES = ["aws_vpc_security_group_egress_rule", "aws_vpc_security_group_ingress_rule"];
/** Constructs beside a service whose rules open what a task needs before it runs. */
const WAYS = ["to-endpoints", "to-s3", "to-limits", "to-internet"];

function rightsOf(service: Block, plan: Plan): Block[] {
  const definition = plan.target(service.body.task_definition)?.body ?? {};
  return ["execution_role_arn", "task_role_arn"].flatMap((field) => {
    const role = plan.target(definition[field]);
    return role === undefined ? [] : plan.referring(role, "aws_iam_role_policy", "role");
  });
}

function waysOf(service: Block, plan: Plan): Block[] {
  const home = service.path.replace(/(\/service)?\/resource$/, "");
  return plan.blocks(...RULES).filter(({ path }) => WAYS.some((way) => isBelow(path, `${home}/${way}`)));
}

/** Rules of the listener that send calls to the service's tasks. */
function forwardsTo(service: Block, plan: Plan): Block[] {
  const targets = blockAt(service.body, "load_balancer").target_group_arn;
  return plan
    .blocks("aws_lb_listener_rule")
    .filter(({ body }) =>
      blocksOf(body.action).some(
        (action) =>
          action.target_group_arn === targets ||
          blocksOf(blockAt(action, "forward").target_group).some(({ arn }) => arn === targets),
      ),
    );
}

const waits = ofOurs({
  id: "task.service-waits",
  item: 15,
  says: "A service waits for the rights of its tasks, for their ways to images, logs and secrets, and for the load balancer",
  why: "Tasks that start before they may pull, log or read fail by chance, and a first deployment has nothing to go back to.",
  on: [SERVICE],
  judge: (service, plan) => {
    const waited = texts(service.body.depends_on);
    const early = [...rightsOf(service, plan), ...waysOf(service, plan)].find(
      ({ address }) => !waited.includes(address),
    );
    if (early !== undefined) return fails(`it does not wait for ${early.address}`);
    const rules = forwardsTo(service, plan);
    return rules.length === 0 || rules.some(({ address }) => waited.includes(address))
      ? HOLDS
      : fails("it does not wait for a rule of the listener: ECS refuses targets that no load balancer has");
  },
});

/** Controls of what comes before a service. */
export const waitControls: readonly Control[] = [waits];
