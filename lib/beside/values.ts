import { blocksOf, texts } from "../audit/read";
import { fails, HOLDS, unknown, type Control, type Finding } from "../checklist/control";
import { readManifest } from "../checklist/manifest";
import { isPolicyStore } from "../policy-store/read";
import { isExpression, opened, type Block, type Plan } from "../terraform/plan";
import { isMadeByUs, oursIn, pointedTo, withEach } from "./ours";

const SECRET = "aws_secretsmanager_secret";

/** Where Systems Manager passes a secret on as if it were a parameter of its own. */
const PASSED_ON = "/aws/reference/secretsmanager/";

/** By the type that reads: what of it says which value. */
const READS: Readonly<Record<string, (block: Block, plan: Plan) => Finding>> = {
  aws_kms_secrets: decrypted,
  aws_s3_bucket_object: stored,
  aws_s3_object: stored,
  aws_secretsmanager_secret_version: (block, plan) => judge([block.body.secret_id], block, plan, ""),
  aws_ssm_parameter: parameter,
  aws_ssm_parameters_by_path: parameter,
};

/** A value that Terraform reads is in the hands of whoever deploys, and mostly in the state. */
export const valuesUnread: Control = {
  id: "beside.values-unread",
  item: 6,
  says: "Nobody reads a secret of ours, or what our buckets hold, to deploy: into a state, an output or a resource",
  why: "What Terraform reads stands in plan and state for everybody who may see them, and never rotates there.",
  on: Object.keys(READS).flatMap((type) => [`data.${type}`, `ephemeral.${type}`]),
  judge: (block, plan) =>
    readManifest(plan.source).length === 0 ? HOLDS : (READS[block.type]?.(block, plan) ?? HOLDS),
  maps: { owasp: ["MCP01"] },
};

const INSTEAD = "let the task that needs it take it by its secrets, or its reader by a role, when it runs";

function read(what: string, { mode }: Block): Finding {
  const where =
    mode === "data"
      ? "its value stands in Terraform's state"
      : "its value goes wherever the file sends it at each run";
  return fails(`it reads ${what}: ${where}; ${INSTEAD}`);
}

function judge(named: readonly unknown[], block: Block, plan: Plan, before: string): Finding {
  const values = withEach(named, block);
  const own = oursIn(values, plan, SECRET).find((secret) => !isPolicyStore(secret, plan));
  if (own !== undefined) return read(own.address, block);
  const known = given(plan);
  const taken = [...values.flatMap(texts), ...pointedTo(values, plan).flatMap(namesOf)].find((text) =>
    known.has(text),
  );
  if (taken !== undefined) return read(`${taken}, which our tasks take`, block);
  return values.some((value) => isOpen(value, plan, before))
    ? unknown(`which secret it reads is known only at deployment: if it is one of ours, ${INSTEAD}`)
    : HOLDS;
}

/** Values that Systems Manager keeps itself concern us where a container of ours takes one. */
function parameter(block: Block, plan: Plan): Finding {
  const { name, arn, path, with_decryption: opens } = block.body;
  if (String(opens) === "false") return HOLDS;
  if (path !== undefined) {
    const one = [...given(plan)].find((each) => liesBelow(each, path));
    return one === undefined ? HOLDS : read(`${one}, which our tasks take`, block);
  }
  const named = name ?? arn;
  const secret = typeof named === "string" ? named.split(PASSED_ON) : [];
  return judge([secret.length > 1 ? secret.at(-1) : named], block, plan, secret.length > 1 ? "" : PASSED_ON);
}

function liesBelow(arn: string, path: unknown): boolean {
  const name = parameterIn(arn);
  return name !== undefined && typeof path === "string" && name.startsWith(path.replace(/\/*$/, "/"));
}

/** What is encrypted does not say with which key, unless somebody says it beside it. */
function decrypted(block: Block, plan: Plan): Finding {
  const keys = plan.blocks(SECRET).flatMap(({ body }) => texts(body.kms_key_id));
  for (const { key_id: key } of blocksOf(block.body.secret)) {
    if (key === undefined || (isExpression(key) && pointedTo(key, plan).length === 0))
      return unknown("nothing says with which key it decrypts, and it may be one of ours; name the key");
    const [own] = oursIn(key, plan, "aws_kms_key", "aws_kms_alias");
    if (own !== undefined) return read(`what ${own.address} has encrypted`, block);
    if (keys.includes(String(key))) return read(`what ${String(key)} has encrypted`, block);
  }
  return HOLDS;
}

/** Records are in the archive; some of what lies in buckets is public. */
function stored(block: Block, plan: Plan): Finding {
  const [bucket] = oursIn(block.body.bucket, plan, "aws_s3_bucket");
  return bucket === undefined
    ? HOLDS
    : unknown(
        `it reads an object of ${bucket.address} into Terraform's state: who sees that sees the object`,
      );
}

/** Whether a value may stand for anything that begins as is asked: an expression of which no block of the file tells more. */
function isOpen(value: unknown, plan: Plan, before: string): boolean {
  if (!isExpression(value) || typeof value !== "string") return false;
  const [fixed = ""] = value.split("${");
  if (!fixed.startsWith(before) && !before.startsWith(fixed)) return false;
  return !pointedTo(value, plan).some(({ mode, type }) => mode === "resource" || type === SECRET);
}

const taken = new WeakMap<Plan, ReadonlySet<string>>();

/** ARNs of what containers of ours take and somebody else keeps. */
function given(plan: Plan): ReadonlySet<string> {
  const known =
    taken.get(plan) ??
    new Set(
      plan
        .blocks("aws_ecs_task_definition")
        .filter((block) => isMadeByUs(block, plan))
        .flatMap(({ body }) => blocksOf(opened(body.container_definitions)))
        .flatMap(({ secrets }) => blocksOf(secrets))
        .flatMap(({ valueFrom }) => texts(valueFrom))
        .filter((text) => !isExpression(text))
        // A field of a secret stands behind its ARN.
        .flatMap((text) => [text, text.split(":").slice(0, 7).join(":"), nameIn(text)]),
    );
  taken.set(plan, known);
  return known;
}

function parameterIn(arn: string): string | undefined {
  return /^arn:[^:]*:ssm:[^:]*:[^:]*:parameter(\/.*)$/.exec(arn)?.[1];
}

/** The name by which the same is read, without the account. */
function nameIn(arn: string): string {
  const [, secretName] =
    /^arn:[^:]*:secretsmanager:[^:]*:[^:]*:secret:([^:]+)-[A-Za-z0-9]{6}/.exec(arn) ?? [];
  return parameterIn(arn) ?? secretName ?? arn;
}

function namesOf({ body }: Block): readonly string[] {
  return [body.arn, body.name].flatMap(texts);
}
