import { fails, HOLDS, unknown, type Control } from "../checklist/control";
import type { Block } from "../terraform/plan";
import { ATTRIBUTES } from "./attributes";
import { isMadeByUs } from "./ours";
import { seenIn } from "./seen";

/** Names by which a block may say something, each with those inside it; anything, where there are none. */
interface Known {
  readonly [name: string]: Known | undefined;
}

/** What tells Terraform how to go about a block, and names for people and bills: judged elsewhere, or nowhere on purpose. */
const EVERYWHERE: readonly string[] = [
  ...["//", "connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"],
  ...["tags", "tags_all", "timeouts"],
];

/** What says how Terraform goes about a resource or how much room it has, and opens nothing. */
const HARMLESS: Readonly<Record<string, readonly string[]>> = {
  aws_cloudwatch_event_target: ["force_destroy"],
  aws_ecs_service: ["force_delete", "force_new_deployment", "sigint_rollback", "wait_for_steady_state"],
  aws_ecs_task_definition: ["ephemeral_storage", "skip_destroy"],
  aws_lambda_function: ["ephemeral_storage", "publish", "skip_destroy"],
};

/** Of these an attribute more is other code, another way in, another hand that deploys, or a record or an alarm that is lost. */
const CLOSED: readonly string[] = [
  ...["aws_cloudwatch_event_rule", "aws_cloudwatch_event_target", "aws_cloudwatch_log_group"],
  ...["aws_cloudwatch_log_metric_filter", "aws_cloudwatch_log_subscription_filter"],
  ...["aws_cloudwatch_metric_alarm", "aws_ecs_service", "aws_ecs_task_definition", "aws_iam_role_policy"],
  ...["aws_kinesis_firehose_delivery_stream", "aws_lambda_function", "aws_lb_listener_rule"],
  ...["aws_scheduler_schedule", "aws_secretsmanager_secret_rotation", "aws_secretsmanager_secret_version"],
  "aws_sns_topic_subscription",
];

const known = new Map<string, Known>();

function knownOf(type: string): Known | undefined {
  const text = Object.hasOwn(ATTRIBUTES, type) ? ATTRIBUTES[type] : undefined;
  if (text === undefined) return undefined;
  const read = known.get(type) ?? readNames(text);
  known.set(type, read);
  return read;
}

/** Reads `a b(c d(e))`. */
export function readNames(text: string): Known {
  const top: Record<string, Known | undefined> = {};
  const open = [top];
  let last = "";
  for (const [word] of text.matchAll(/[\w-]+|[()]/g)) {
    const level = open.at(-1) ?? top;
    if (word === ")") open.pop();
    else if (word === "(") {
      const inner: Record<string, Known | undefined> = {};
      level[last] = inner;
      open.push(inner);
    } else {
      level[word] = undefined;
      last = word;
    }
  }
  return top;
}

/** An attribute that is not among the known ones, by its path, and what it says. */
type Stranger = readonly [path: string, value: unknown];

function strangersIn(value: unknown, names: Known, passed: readonly string[]): Stranger[] {
  if (Array.isArray(value))
    return (value as readonly unknown[]).flatMap((item) => strangersIn(item, names, passed));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value as object).flatMap(([name, inner]: [string, unknown]): Stranger[] => {
    if (passed.includes(name)) return [];
    if (!Object.hasOwn(names, name)) return [[name, inner]];
    const further = names[name];
    if (further === undefined) return [];
    return strangersIn(inner, further, []).map(([path, said]) => [`${name}.${path}`, said]);
  });
}

function strangersOf({ type, body }: Block): Stranger[] {
  const names = knownOf(type);
  return names === undefined ? [] : strangersIn(body, names, [...EVERYWHERE, ...(HARMLESS[type] ?? [])]);
}

/** What an override has added to a block of ours, and no control knows. */
export const nothingAdded: Control = {
  id: "beside.attributes-known",
  item: 5,
  says: "What is ours has no attribute that no configuration of ours writes",
  why: "Controls judge what they know: an attribute more can open by another way what all of them find closed.",
  on: Object.keys(ATTRIBUTES),
  judge: (block, plan) => {
    if (!isMadeByUs(block, plan)) return HOLDS;
    const [[stranger] = []] = strangersOf(block);
    if (stranger === undefined) return HOLDS;
    return CLOSED.includes(block.type)
      ? fails(`it also says ${stranger}, which no configuration of ours writes`)
      : unknown(`it also says ${stranger}: nobody here has looked at what that does`);
  },
  // The rest of it is judged by others, and may change.
  seen: (block, plan) => seenIn(strangersOf(block), block, plan),
  maps: { owasp: ["MCP04"] },
};
