import { texts, type Fields } from "../../audit/read";
import { statementsIn, type PolicyStatement } from "../../terraform/graph/policies";
import type { Block, Plan } from "../../terraform/plan";
import { setOf, type Tree } from "./leaves";

/** Where policies stand that say who may use a thing: the attribute that holds them, and the one that names the thing. */
const POLICIES: Readonly<Record<string, { readonly policy: string; readonly of?: string }>> = {
  aws_cloudwatch_log_destination_policy: { policy: "access_policy", of: "destination_name" },
  aws_cloudwatch_log_resource_policy: { policy: "policy_document" },
  aws_ecr_registry_policy: { policy: "policy" },
  aws_ecr_repository_policy: { policy: "policy", of: "repository" },
  aws_kms_key: { policy: "policy" },
  aws_kms_key_policy: { policy: "policy", of: "key_id" },
  aws_s3_access_point: { policy: "policy" },
  aws_s3_bucket_policy: { policy: "policy", of: "bucket" },
  aws_secretsmanager_secret: { policy: "policy" },
  aws_secretsmanager_secret_policy: { policy: "policy", of: "secret_arn" },
  aws_sns_topic: { policy: "policy" },
  aws_sns_topic_policy: { policy: "policy", of: "arn" },
  aws_sqs_queue: { policy: "policy" },
  aws_sqs_queue_policy: { policy: "policy", of: "queue_url" },
  aws_vpc_endpoint: { policy: "policy" },
  aws_vpc_endpoint_policy: { policy: "policy", of: "vpc_endpoint_id" },
};

const PERMISSION = "aws_lambda_permission";

/** By the thing: what its policy lets whom do, and refuses whom, one sentence's end each. */
export function grantedIn(plan: Plan): Tree {
  const said = new Map<string, string[]>();
  const say = (block: Block, more: readonly string[]): void => {
    if (more.length === 0) return;
    const name = nameOf(block);
    said.set(name, [...(said.get(name) ?? []), ...more]);
  };
  for (const block of plan.blocks(...Object.keys(POLICIES))) {
    const { policy, of } = POLICIES[block.type] ?? { policy: "policy" };
    const text = block.body[policy];
    if (text === undefined) continue;
    const statements = statementsIn(text, plan);
    const owner = of === undefined ? undefined : plan.target(block.body[of]);
    say(owner ?? block, statements?.flatMap(linesOf) ?? ["lets whom a policy names that is not in the file"]);
  }
  for (const block of plan.blocks(PERMISSION)) {
    const { function_name: on, action, principal, source_arn: arn, source_account: account } = block.body;
    const source = [arn, account, block.body.principal_org_id, block.body.function_url_auth_type]
      .flatMap((one) => (one === undefined ? [] : [String(one)]))
      .join(" and ");
    say(plan.target(on) ?? block, [
      `lets ${String(principal)} ${String(action)}${source === "" ? "" : ` for ${source}`}`,
    ]);
  }
  return Object.fromEntries([...said].map(([name, lines]) => [name, setOf(lines)]));
}

function linesOf(statement: PolicyStatement): string[] {
  const verb = statement.Effect === "Deny" ? "refuses" : "lets";
  const condition = statement.Condition === undefined ? "" : `, when ${ordered(statement.Condition)}`;
  return whoIn(statement).flatMap((who) =>
    wordsOf(statement, "Action").flatMap((action) =>
      wordsOf(statement, "Resource").map((on) => `${verb} ${who} ${action} on ${on}${condition}`),
    ),
  );
}

function whoIn({ Principal, NotPrincipal }: PolicyStatement): string[] {
  const but = Principal === undefined && NotPrincipal !== undefined ? "everybody but " : "";
  const who = Principal ?? NotPrincipal;
  const named =
    typeof who === "object" && who !== null
      ? Object.entries(who).flatMap(([kind, each]) =>
          texts(each).map((one) => (kind === "AWS" ? one : `${kind} ${one}`)),
        )
      : texts(who);
  return named.map((one) => `${but}${one === "*" ? "everybody" : one}`);
}

function wordsOf(statement: Fields, field: "Action" | "Resource"): string[] {
  const other = statement[`Not${field}`];
  if (other !== undefined) return [`all but ${[...texts(other)].sort().join(", ")}`];
  const named = texts(statement[field]);
  return named.length === 0 ? ["it"] : [...named];
}

/** A condition as a text that is the same however its keys and values are ordered. */
function ordered(value: unknown): string {
  if (Array.isArray(value)) return value.map(ordered).sort().join(" or ");
  if (typeof value !== "object" || value === null) return String(value);
  return Object.entries(value)
    .map(([name, one]) => `${name} ${ordered(one)}`)
    .sort()
    .join(" and ");
}

/** The name that people know, or the place in the file. */
function nameOf({ body, path, address }: Block): string {
  const name = body.name ?? body.bucket ?? body.function_name;
  return typeof name === "string" && !name.includes("${") ? name : path || address;
}
