import { texts } from "../audit/read";
import { fails, HOLDS, type Control } from "../checklist/control";
import { ofOurs } from "../checklist/engine";
import type { Block, Plan } from "../terraform/plan";

const RULE = "aws_vpc_security_group_ingress_rule";
const WORLD = ["0.0.0.0/0", "::/0"];

const blockOf = ({ body }: Block): string => String(body.cidr_ipv4 ?? body.cidr_ipv6 ?? "");
const groupOf = ({ body }: Block, plan: Plan): unknown =>
  plan.target(body.security_group_id)?.address ?? body.security_group_id;

const asNamed: Control = ofOurs({
  id: "ingress.reach-as-named",
  item: 11,
  says: "A load balancer that is for named blocks, or for one's own networks, is open to no others",
  why: "One rule for everywhere beside them, and the blocks that were named narrow nothing.",
  on: ["aws_lb"],
  judge: (balancer, plan) => {
    const groups = texts(balancer.body.security_groups).map((one) => plan.target(one)?.address ?? one);
    const rules = plan.blocks(RULE).filter((rule) => groups.some((group) => group === groupOf(rule, plan)));
    const wide = rules.find((rule) => WORLD.includes(blockOf(rule)));
    if (wide === undefined) return HOLDS;
    if (balancer.body.internal === true) return fails(`${wide.address} opens it to everywhere`);
    const named = rules.find((rule) => blockOf(rule) !== "" && !WORLD.includes(blockOf(rule)));
    return named === undefined
      ? HOLDS
      : fails(`${wide.address} opens it to everywhere, beside ${blockOf(named)}`);
  },
  maps: { owasp: ["MCP07"] },
});

/** Controls of who may reach a load balancer. */
export const reachControls: readonly Control[] = [asNamed];
