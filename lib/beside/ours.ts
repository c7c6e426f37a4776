import { isBelow } from "../checklist/engine";
import { readManifest } from "../checklist/manifest";
import type { Block, Plan } from "../terraform/plan";
import { objectsIn } from "../terraform/written";

/**
 * Whether a construct of ours has made a block. Unlike what is asked of blocks that may be ours, one that does not say by
 * which construct was not: it stands beside.
 */
export function isMadeByUs({ path }: Block, plan: Plan): boolean {
  return path !== "" && constructsOf(plan).some((construct) => isBelow(path, construct));
}

const constructs = new WeakMap<Plan, readonly string[]>();

/** Paths of what is ours. A whole stack is no construct of ours, whatever its file says. */
function constructsOf(plan: Plan): readonly string[] {
  const known =
    constructs.get(plan) ??
    readManifest(plan.source)
      .map(({ path }) => path)
      .filter((path) => path.includes("/"));
  constructs.set(plan, known);
  return known;
}

/** By what texts beside references a block is named: what a plan of another stack, or a hand, writes. */
const NAMES: Readonly<Record<string, string>> = {
  aws_appautoscaling_target: "resource_id",
  aws_cloudwatch_log_group: "name",
  aws_ecs_cluster: "name",
  aws_ecs_service: "name",
  aws_iam_role: "name",
  aws_kinesis_firehose_delivery_stream: "name",
  aws_lambda_function: "function_name",
  aws_lb: "name",
  aws_lb_target_group: "name",
  aws_s3_bucket: "bucket",
  aws_secretsmanager_secret: "name",
  aws_security_group: "name",
  aws_sns_topic: "name",
  aws_sqs_queue: "name",
};

const named = new WeakMap<Plan, ReadonlyMap<string, readonly Block[]>>();

function byName(plan: Plan): ReadonlyMap<string, readonly Block[]> {
  const known = named.get(plan);
  if (known !== undefined) return known;
  const found = new Map<string, Block[]>();
  for (const block of plan.blocks(...Object.keys(NAMES))) {
    const name = block.body[NAMES[block.type] ?? ""];
    if (typeof name === "string" && !name.includes("${"))
      found.set(name, [...(found.get(name) ?? []), block]);
  }
  named.set(plan, found);
  return found;
}

/**
 * Everything of ours that a value points to: by references wherever they stand in an expression, also through locals and
 * through what was looked up, by a name alone, or by an ARN that ends with it.
 * @param types of what may be pointed to; all when none is named
 */
export function oursIn(value: unknown, plan: Plan, ...types: readonly string[]): readonly Block[] {
  return pointedTo(value, plan).filter(
    (block) => (types.length === 0 || types.includes(block.type)) && isMadeByUs(block, plan),
  );
}

/** The same, whoever has made it, and what looks it up. */
export function pointedTo(value: unknown, plan: Plan, passed = new Set<unknown>()): readonly Block[] {
  return textsIn(value).flatMap((text) => [
    ...(text.includes("${") ? referredIn(text, plan, passed) : []),
    ...(byName(plan).get(text) ?? []),
    ...(/^(arn:|s3:\/\/)/.test(text) ? lastOf(text).flatMap((name) => byName(plan).get(name) ?? []) : []),
  ]);
}

/** Values of a block, and what it is made for, where it is made several times and they name that by `each`. */
export function withEach(values: readonly unknown[], { body }: Block): readonly unknown[] {
  return body.for_each !== undefined && /\beach\./.test(JSON.stringify(values))
    ? [...values, body.for_each]
    : values;
}

/** What an expression names: any function may stand around it. */
const NAMED = /(?<![\w.-])(?:data\.|ephemeral\.)?[a-z][a-z0-9_]*\.[A-Za-z_][\w-]*/g;

/** Every name in the expressions of a value. */
export function namesIn(value: unknown): string[] {
  return textsIn(value).flatMap((text) => (text.includes("${") ? (text.match(NAMED) ?? []) : []));
}

function referredIn(text: string, plan: Plan, passed: Set<unknown>): readonly Block[] {
  return (text.match(NAMED) ?? []).flatMap((name) => {
    const [, local] = /^local\.(.+)$/.exec(name) ?? [];
    if (local !== undefined) return once(localOf(local, plan), plan, passed);
    const block = plan.target(`\${${name}}`);
    if (block === undefined) return [];
    return block.mode === "data" ? [block, ...once(block.body, plan, passed)] : [block];
  });
}

/** What refers to itself ends somewhere. */
function once(value: unknown, plan: Plan, passed: Set<unknown>): readonly Block[] {
  if (passed.has(value)) return [];
  passed.add(value);
  return pointedTo(value, plan, passed);
}

/** The value of a local, as it is written. */
function localOf(name: string, { source }: Plan): unknown {
  return objectsIn(source.locals).find((all) => Object.hasOwn(all, name))?.[name];
}

/** The name at the end of an ARN or an address, without what stands behind it; Secrets Manager adds six characters. */
function lastOf(text: string): string[] {
  const last = text.replace(/(:\*|\/\*?)$/, "").replace(/^.*(?::::?|log-group:|function:|role\/|:|\/\/)/, "");
  return text.includes(":secretsmanager:") ? [last, last.replace(/-[A-Za-z0-9]{6}$/, "")] : [last];
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
