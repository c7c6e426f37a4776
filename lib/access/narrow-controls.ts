import { blockAt, blocksOf, texts, type Fields } from "../audit/read";
import { fails, HOLDS, unknown, type Control } from "../checklist/control";
import { declaredOf, ofOurs } from "../checklist/engine";
import { isExpression, opened, type Block, type Plan } from "../terraform/plan";
import { sidOf } from "./read-policy";

/** A policy at a resource: the attribute that holds it, the one that names the resource, and the service's actions. */
interface At {
  readonly policy: string;
  /** Absent: the policy is for the resource that it stands in, which it calls `*`. */
  readonly of?: string;
  readonly service: string;
}

const AT: Readonly<Record<string, At>> = {
  aws_cloudwatch_log_resource_policy: { policy: "policy_document", of: "", service: "logs" },
  aws_kms_key: { policy: "policy", service: "kms" },
  aws_s3_bucket_policy: { policy: "policy", of: "bucket", service: "s3" },
  aws_secretsmanager_secret_policy: { policy: "policy", service: "secretsmanager" },
  aws_sns_topic_policy: { policy: "policy", of: "arn", service: "sns" },
  aws_sqs_queue_policy: { policy: "policy", of: "queue_url", service: "sqs" },
};

const ROLE = "aws_iam_role";

/** Services that a statement names which are none: `*`, or a word without the domain that AWS's services have. */
function noService({ Principal }: Fields): string | undefined {
  return texts(blockAt(Principal).Service).find(
    (service) => !/^[a-z][a-z0-9.${}_-]*\.[a-z.]+$/i.test(service),
  );
}

/** Families of KMS's calls that AWS itself writes with `*`. */
const FAMILIES = ["kms:GenerateDataKey*", "kms:ReEncrypt*"];

/** An action that is another service's, or that lets in more than it says. */
function strayAction({ Effect, Action, Principal }: Fields, service: string): string | undefined {
  return texts(Action).find((action) => {
    if (!action.startsWith(`${service}:`)) return true;
    if (Effect === "Deny" || !/[*?]/.test(action) || FAMILIES.includes(action)) return false;
    // An account governs its own key, or nobody does.
    const account = texts(blockAt(Principal).AWS).every((arn) => arn.endsWith(":root"));
    return !(action === "kms:*" && Principal !== "*" && account);
  });
}

function isAbout(resource: string, { of }: At, { body }: Block, plan: Plan): boolean {
  if (of === undefined) return resource === "*";
  const [, whole = "", part = ""] = /^(\$\{[^}]*\})?(.*)$/s.exec(resource) ?? [];
  if (of === "")
    return /^:(\*|log-stream:.+)$/.test(part)
      ? isGroup(plan.target(whole))
      : /^arn:.+:log-group:[^*]/.test(resource);
  const own = plan.target(body[of]);
  // What the policy is put on may be somewhere else: then it is enough that it does not speak of everything.
  if (own === undefined) return resource !== "*" && (isExpression(resource) || resource.startsWith("arn:"));
  return (
    plan.target(whole)?.address === own.address && (part === "" || (part.startsWith("/") && part !== "/"))
  );
}

function isGroup(block: Block | undefined): boolean {
  return block === undefined || block.type === "aws_cloudwatch_log_group";
}

const ownOnly: Control = ofOurs({
  id: "access.policies-of-their-own",
  item: 5,
  says: "A policy at a resource, and a role's trust, name services, actions and that resource, and never a pattern for all of them",
  why: "A service that is called * is every service, an action that is called * also hands over the policy itself; and what names another resource is refused by AWS, or says nothing.",
  on: [...Object.keys(AT), ROLE],
  judge: (block, plan) => {
    const at = AT[block.type] ?? { policy: "assume_role_policy", service: "sts" };
    const text = block.body[at.policy];
    const document = opened(text);
    if (document === undefined)
      return isExpression(text) ? unknown("its policy is known only at deployment") : HOLDS;
    for (const statement of blocksOf(blockAt(document).Statement)) {
      const service = noService(statement);
      if (service !== undefined) return fails(`${sidOf(statement)} is for the service ${service}`);
      const action = strayAction(statement, at.service);
      if (action !== undefined) return fails(`${sidOf(statement)} speaks of ${action}`);
      if (block.type === ROLE) continue;
      const other = texts(statement.Resource).find((resource) => !isAbout(resource, at, block, plan));
      if (other !== undefined) return fails(`${sidOf(statement)} is about ${other}`);
    }
    return HOLDS;
  },
  maps: { owasp: ["MCP02"], checkov: ["CKV_AWS_60", "CKV_AWS_70"] },
});

/** What a resource is called by others, by the attribute that says it; of two, one. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  aws_cloudwatch_event_rule: ["name"],
  aws_cloudwatch_event_target: ["target_id"],
  aws_cloudwatch_log_group: ["name"],
  aws_iam_policy: ["name"],
  aws_iam_role: ["name"],
  aws_iam_role_policy: ["name"],
  aws_kms_alias: ["name"],
  aws_lambda_permission: ["statement_id"],
  aws_lb: ["name"],
  aws_lb_target_group: ["name"],
  aws_s3_bucket: ["bucket", "bucket_prefix"],
  aws_scheduler_schedule: ["name"],
  aws_scheduler_schedule_group: ["name"],
  aws_secretsmanager_secret: ["name"],
  aws_security_group: ["name"],
  aws_sfn_state_machine: ["name"],
  aws_sns_topic: ["name"],
  aws_sqs_queue: ["name"],
};

const named: Control = ofOurs({
  id: "access.named-as-said",
  item: 5,
  says: "Whatever rights can be given on by name bears the name that was said for it",
  why: "Terraform makes up another one, and a new one at each replacement: a deployer's rights, trusts and denials that are written by name are then about nothing.",
  on: Object.keys(NAMES),
  judge: ({ type, body }) =>
    (NAMES[type] ?? []).some((attribute) => texts(body[attribute]).join("") !== "")
      ? HOLDS
      : fails("nothing says what it is called"),
});

const PATHED = [ROLE, "aws_iam_policy"];

const common = new WeakMap<Plan, ReadonlyMap<string, unknown>>();

/** Deployment that a block belongs to. */
function deploymentOf(block: Block, plan: Plan): string {
  return declaredOf(block, plan)[0]?.deployment ?? "";
}

/** The path that most roles and policies of a deployment have. */
function commonPaths(plan: Plan): ReadonlyMap<string, unknown> {
  const known = common.get(plan);
  if (known !== undefined) return known;
  const counts = new Map<string, Map<unknown, number>>();
  for (const block of plan.blocks(...PATHED)) {
    const of = deploymentOf(block, plan);
    const own = counts.get(of) ?? new Map<unknown, number>();
    counts.set(of, own.set(block.body.path, (own.get(block.body.path) ?? 0) + 1));
  }
  const most = [...counts].map(([of, own]) => [of, [...own].sort((a, b) => b[1] - a[1])[0]?.[0]] as const);
  const found = new Map(most);
  common.set(plan, found);
  return found;
}

const onePath: Control = ofOurs({
  id: "access.one-path",
  item: 5,
  says: "All roles and boundaries of a deployment stand under one path",
  why: "Who may make, pass or change roles is told by path: one beside it is out of sight, and policies that name a role by its path deny it what it is there for.",
  on: PATHED,
  judge: (block, plan) =>
    block.body.path === commonPaths(plan).get(deploymentOf(block, plan))
      ? HOLDS
      : fails(`it stands under ${String(block.body.path ?? "no path")}, the others do not`),
});

/** Controls of how narrowly things are named. */
export const narrowControls: readonly Control[] = [ownOnly, named, onePath];
