import { blockAt, blocksOf, texts } from "../audit/read";
import { fails, HOLDS, unknown, type Control } from "../checklist/control";
import { isOurs, ofOurs, serverOf } from "../checklist/engine";
import { couldDo, isGrantedSomewhere } from "../terraform/graph/could";
import { principalOf } from "../terraform/graph/policies";
import { opened, type Block, type Plan } from "../terraform/plan";
import { allowing } from "./read-policy";

/** What a server's code may never do to the deployment that it runs in, by the type of what it would be done to. */
const NEVER: readonly {
  readonly on: string;
  readonly actions: readonly string[];
  /** The end of the resource's ARN. */
  readonly part?: string;
}[] = [
  {
    on: "aws_cloudwatch_log_group",
    actions: ["logs:PutLogEvents", "logs:CreateLogStream", "logs:GetLogEvents"],
    part: ":log-stream:x",
  },
  { on: "aws_kinesis_firehose_delivery_stream", actions: ["firehose:PutRecord", "firehose:PutRecordBatch"] },
  { on: "aws_s3_bucket", actions: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], part: "/x" },
  {
    on: "aws_secretsmanager_secret",
    actions: ["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"],
  },
  { on: "aws_sns_topic", actions: ["sns:Publish", "sns:Subscribe"] },
  { on: "aws_sqs_queue", actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:SendMessage"] },
];

function couldTouch(role: Block, plan: Plan): string | undefined {
  const who = principalOf(role, plan);
  for (const { on, actions, part } of NEVER)
    for (const action of actions.filter((each) => isGrantedSomewhere(who, each))) {
      const touched = plan
        .blocks(on)
        .find(
          (block) =>
            block.path !== "" &&
            isOurs(block, plan) &&
            couldDo(who, action, block, plan, part).could !== "no",
        );
      if (touched !== undefined) return `its code may ${action} on ${touched.address}`;
    }
  return undefined;
}

const recordsApart: Control = {
  id: "access.code-apart",
  item: 5,
  says: "A server's code has no right on the records, secrets, queues and topics of the deployment that it runs in",
  why: "Whoever takes over the server could write his own audit, read the keys of clients, or tire people out with alarms.",
  on: ["aws_ecs_task_definition"],
  judge: (block, plan) => {
    if (serverOf(block, plan) === undefined) return HOLDS;
    const role = plan.target(block.body.task_role_arn);
    if (role?.mode !== "resource" || role.type !== "aws_iam_role")
      return unknown("the role of its code is not in this file");
    const touched = couldTouch(role, plan);
    return touched === undefined ? HOLDS : fails(touched);
  },
  maps: { owasp: ["MCP01", "MCP02", "MCP08"] },
};

/** Who acts by a role that is given to it: where it is named, and the service that acts. */
const USERS: readonly { readonly type: string; readonly at: readonly string[]; readonly service: string }[] =
  [
    { type: "aws_cloudwatch_event_target", at: ["role_arn"], service: "events" },
    { type: "aws_ecs_task_definition", at: ["task_role_arn"], service: "ecs-tasks" },
    { type: "aws_ecs_task_definition", at: ["execution_role_arn"], service: "ecs-tasks" },
    { type: "aws_flow_log", at: ["iam_role_arn"], service: "vpc-flow-logs" },
    {
      type: "aws_kinesis_firehose_delivery_stream",
      at: ["extended_s3_configuration", "role_arn"],
      service: "firehose",
    },
    { type: "aws_lambda_function", at: ["role"], service: "lambda" },
    { type: "aws_scheduler_schedule", at: ["target", "role_arn"], service: "scheduler" },
    { type: "aws_sfn_state_machine", at: ["role_arn"], service: "states" },
  ];

const used = new WeakMap<Plan, ReadonlyMap<string, ReadonlySet<string>>>();

/** Services that act by the roles of a plan, by the role's address. */
function usersOf(plan: Plan): ReadonlyMap<string, ReadonlySet<string>> {
  const known = used.get(plan);
  if (known !== undefined) return known;
  const found = new Map<string, Set<string>>();
  for (const { type, at, service } of USERS)
    for (const { body } of plan.blocks(type)) {
      const last = at.at(-1) ?? "";
      const role = plan.target(blockAt(body, ...at.slice(0, -1))[last]);
      if (role?.type !== "aws_iam_role") continue;
      found.set(role.address, (found.get(role.address) ?? new Set()).add(service));
    }
  used.set(plan, found);
  return found;
}

const trustAsUsed: Control = ofOurs({
  id: "access.trust-as-used",
  item: 5,
  says: "A role trusts the service that it is given to, and no other",
  why: "Another service is another door to the same rights: what an instance or a function of somebody else holds, its code holds.",
  on: ["aws_iam_role"],
  judge: (role, plan) => {
    const services = usersOf(plan).get(role.address);
    const document = opened(role.body.assume_role_policy);
    if (services === undefined || document === undefined) return HOLDS;
    const trusted = allowing(blocksOf(blockAt(document).Statement)).flatMap(({ Principal }) =>
      texts(blockAt(Principal).Service),
    );
    const other = trusted.find((service) => !services.has(service.replace(/\..*$/, "")));
    return other === undefined
      ? HOLDS
      : fails(`it trusts ${other}, and is given to ${[...services].join(" and ")}`);
  },
  maps: { owasp: ["MCP02"] },
});

/** Controls of what a server's code may do to its own deployment, and of who else would act by its role. */
export const taskRightsControls: readonly Control[] = [recordsApart, trustAsUsed];
