import { allowing, conditionOf, rightsOfRole, sidOf } from "../access/read-policy";
import { blockAt, blocksOf, texts, type Fields } from "../audit/read";
import { fails, HOLDS, unknown, type Control, type Finding } from "../checklist/control";
import { ofOurs } from "../checklist/engine";
import { isExpression, opened, type Block, type Plan } from "../terraform/plan";

const TASK = "aws_ecs_task_definition";
const SECRET = "aws_secretsmanager_secret";

/** Something that ECS does before a container runs, and on what. */
interface Need {
  readonly actions: readonly string[];
  /** Whether a resource of a policy is what it is done on. */
  readonly on: (resource: string) => boolean;
  readonly says: string;
}

const ECR =
  /^(?:\d{12}|\$\{[^}]+\})\.dkr\.ecr(?:-fips)?\.(?:[a-z0-9-]+|\$\{[^}]+\})\.amazonaws\.com(?:\.cn)?\/([^@]+)@/;

/** An image that only Terraform knows lies in any repository of the account. */
function imageNeeds(image: string): Need[] {
  const name = ECR.exec(image)?.[1];
  if (name === undefined && !isExpression(image)) return [];
  const repository = `:repository/${name ?? "*"}`;
  return [
    { actions: ["ecr:GetAuthorizationToken"], on: (one) => one === "*", says: "log in to the registry" },
    {
      actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      on: (one) => one.endsWith(repository) || one.endsWith(":repository/*"),
      says: `pull the image ${name ?? ""}`.trimEnd(),
    },
  ];
}

function logNeeds(container: Fields, plan: Plan): Need[] {
  const [group] = texts(blockAt(container, "logConfiguration", "options")["awslogs-group"]);
  if (group === undefined) return [];
  const made = plan.target(group);
  return [
    {
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      on: (one) => {
        const [, of = ""] = /^(.*):\*$/.exec(one) ?? [];
        return made === undefined
          ? isExpression(group) || of.endsWith(`:log-group:${group}`)
          : plan.target(of)?.address === made.address;
      },
      says: `write the log of ${String(container.name)}`,
    },
  ];
}

/** The secret that `valueFrom` or a policy's resource means: its block, or its ARN as it stands. */
function secretOf(reference: string, plan: Plan): Block | string {
  const [arn = reference] =
    /^(\$\{[^}]+\}|arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:[^:]+)/.exec(reference) ?? [];
  const block = plan.target(arn);
  if (block?.type === "aws_secretsmanager_secret_version") return plan.target(block.body.secret_id) ?? arn;
  return block ?? arn;
}

/** Blocks are made once for a plan, so that the same one is the same object. */
function secretsOf(containers: readonly Fields[], plan: Plan): ReadonlySet<Block | string> {
  const all = containers.flatMap(({ secrets }) => blocksOf(secrets)).map((one) => String(one.valueFrom));
  return new Set(all.map((reference) => secretOf(reference, plan)));
}

function nameOf(secret: Block | string): string {
  return typeof secret === "string" ? secret : secret.address;
}

function missing(needs: readonly Need[], rights: readonly Fields[]): Finding | undefined {
  for (const { actions, on, says } of needs) {
    const without = actions.find(
      (action) => !rights.some((one) => texts(one.Action).includes(action) && texts(one.Resource).some(on)),
    );
    if (without !== undefined) return fails(`ECS may not ${says}: ${without} is missing`);
  }
  return undefined;
}

const DECRYPT = "kms:Decrypt";

/** Decrypts only through Secrets Manager, and only the secrets that are named. */
function judgeDecryption(rights: readonly Fields[]): Finding | undefined {
  for (const right of rights.filter(({ Action }) => texts(Action).includes(DECRYPT))) {
    const services = conditionOf(right, ["StringEquals"], "kms:ViaService");
    if (services.length === 0 || !services.every((one) => one.startsWith("secretsmanager.")))
      return fails(`${sidOf(right)} decrypts past Secrets Manager`);
    const named = conditionOf(right, ["StringEquals"], "kms:EncryptionContext:SecretARN");
    if (named.length === 0 || named.some((one) => /^\*|\*$/.test(one)))
      return fails(`${sidOf(right)} decrypts whatever lies under its keys`);
  }
  return undefined;
}

/** A secret under a customer's key is read only where that key decrypts it. */
function undecrypted(secret: Block | string, rights: readonly Fields[], plan: Plan): boolean {
  if (typeof secret === "string" || secret.type !== SECRET || secret.body.kms_key_id === undefined)
    return false;
  const { kms_key_id: key } = secret.body;
  return !rights.some(
    (one) =>
      texts(one.Action).includes(DECRYPT) &&
      texts(one.Resource).some((arn) => arn === key || plan.target(arn) === (plan.target(key) ?? NaN)) &&
      conditionOf(one, ["StringEquals"], "kms:EncryptionContext:SecretARN").some(
        (arn) => secretOf(arn, plan) === secret,
      ),
  );
}

const mayStart = ofOurs({
  id: "task.may-start",
  item: 5,
  says: "ECS may pull a task's images, write its logs and read its secrets, and decrypt those secrets and nothing else",
  why: "With less no task starts, which shows only when one is lost; with more a taken-over start reads what is not its own.",
  on: [TASK],
  judge: ({ body }, plan) => {
    const written = opened(body.container_definitions);
    if (written === undefined) return unknown("its containers cannot be read before deployment");
    const role = plan.target(body.execution_role_arn);
    if (role === undefined) return unknown("the role that starts it is not in this file");
    const containers = blocksOf(written);
    return rightsOfRole(role, plan, (statements) => {
      const rights = allowing(statements);
      const secrets = [...secretsOf(containers, plan)];
      const needs = [
        ...containers.flatMap(({ image }) => imageNeeds(String(image))),
        ...containers.flatMap((container) => logNeeds(container, plan)),
        ...secrets.map((secret): Need => ({
          actions: ["secretsmanager:GetSecretValue"],
          on: (one) => secretOf(one, plan) === secret,
          says: `read the secret ${nameOf(secret)}`,
        })),
      ];
      const locked = secrets.find((secret) => undecrypted(secret, rights, plan));
      return (
        missing(needs, rights) ??
        judgeDecryption(rights) ??
        (locked === undefined ? HOLDS : fails(`ECS may not decrypt the secret ${nameOf(locked)}`))
      );
    });
  },
  maps: { owasp: ["MCP01", "MCP02"] },
});

/** Controls of what ECS needs before a task runs. */
export const startControls: readonly Control[] = [mayStart];
