import { fails, HOLDS, unknown, type Control } from "../checklist/control";
import { isExpression, type Block, type Plan } from "../terraform/plan";

/** What is there once in a region, and cannot be moved without all that belongs to it. */
const ANCHORS = ["aws_lb", "aws_ecs_service", "aws_ecs_cluster", "aws_cloudwatch_log_group"];

/** An alarm of another region is made without an error, and never sees a number. */
export const samePlace: Control = {
  id: "alarms.same-place",
  item: 13,
  says: "Alarms and rules for events stand in the region and the account of what they watch",
  why: "In another region they are made all the same, see nothing, and never ring.",
  on: ["aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm", "aws_cloudwatch_event_rule"],
  judge: (block, plan) => {
    const anchors = anchorsOf(plan);
    const fields = (["provider", "region"] as const).filter(
      (field) => !anchors.some((anchor) => anchor.body[field] === block.body[field]),
    );
    const [field] = anchors.length === 0 ? [] : fields;
    if (field === undefined) return HOLDS;
    const value = block.body[field];
    const says = `its ${field} is ${String(value ?? "the default")}, that of what it watches is ${String(anchors[0]?.body[field] ?? "the default")}`;
    return isExpression(value) && field === "region" ? unknown(says) : fails(says);
  },
};

/** The blocks of the first of these types that the file has. */
function anchorsOf(plan: Plan): readonly Block[] {
  const type = ANCHORS.find((one) => plan.blocks(one).length > 0);
  return type === undefined ? [] : plan.blocks(type);
}
