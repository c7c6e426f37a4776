import { digestVariable, GATEWAY, pieceVariable } from "../gateway/contract";
import { opened, isExpression, type Block, type Plan } from "../terraform/plan";
import { digestOf, MAX_PIECES } from "./model";

type Fields = Readonly<Record<string, unknown>>;

const VERSION = "aws_secretsmanager_secret_version";
const SECRET = "aws_secretsmanager_secret";

/** Variables of a gateway that a store may fill. */
const OURS: ReadonlySet<string> = new Set(
  [GATEWAY.env.policy, GATEWAY.env.program].flatMap((variable) =>
    Array.from({ length: MAX_PIECES }, (_, index) => pieceVariable(variable, index + 1)),
  ),
);

/** One variable of a container that a stored value fills. */
export interface StoredVariable {
  readonly name: string;
  /** The value as the gateway gets it; nothing where it is known only at deployment. */
  readonly value: string | undefined;
  readonly version: Block;
}

/** The variables of a container whose values stand in the same file: those of a policy store, and no others. */
export function storedVariables(container: Fields, plan: Plan): StoredVariable[] {
  return listOf(container.secrets).flatMap(({ name, valueFrom }) => {
    if (!OURS.has(String(name))) return [];
    const version = pinnedVersion(valueFrom, plan);
    if (version === undefined) return [];
    const { secret_string: text } = version.body;
    const value = typeof text === "string" && !isExpression(text) ? unescaped(text) : undefined;
    return [{ name: String(name), value, version }];
  });
}

/** The version that `ARN:::VERSION` names, where it stands in the file; in a plan of what exists, by its ids. */
function pinnedVersion(valueFrom: unknown, plan: Plan): Block | undefined {
  const [, arn, id] =
    /^(\$\{[^}]+\}|arn:[^$]+?):::(\$\{[^}]+\}|[A-Za-z0-9-]+)$/.exec(String(valueFrom)) ?? [];
  if (arn === undefined || id === undefined) return undefined;
  if (!isExpression(valueFrom))
    return plan.blocks(VERSION).find(({ body }) => body.arn === arn && body.version_id === id);
  const [named, pinned] = [plan.target(arn), plan.target(id)];
  const whole = arn.endsWith(".arn}") && id.endsWith(".version_id}");
  return whole && pinned?.type === VERSION && named?.address === pinned.address ? pinned : undefined;
}

/** The secret that a version is of. */
export function secretOf({ body }: Block, plan: Plan): Block | undefined {
  return plan
    .blocks(SECRET)
    .find(
      (secret) =>
        plan.target(body.secret_id)?.address === secret.address || secret.body.arn === body.secret_id,
    );
}

/** As Terraform reads a literal text. */
function unescaped(text: string): string {
  return text.replace(/\$\$\{/g, "${").replace(/%%\{/g, "%{");
}

/** Whether a secret, or a version of one, is of a policy store: a gateway of the file is started with that very version. */
export function isPolicyStore({ address }: Block, plan: Plan): boolean {
  return storesOf(plan).has(address);
}

const known = new WeakMap<Plan, ReadonlySet<string>>();

function storesOf(plan: Plan): ReadonlySet<string> {
  const before = known.get(plan);
  if (before) return before;
  const found = new Set(
    plan
      .blocks("aws_ecs_task_definition")
      .flatMap(({ body }) => listOf(opened(body.container_definitions)))
      .filter(({ name }) => name === GATEWAY.containers.gateway)
      .flatMap((container) => storedVariables(container, plan))
      .flatMap(({ version }) => [version.address, ...[secretOf(version, plan)?.address ?? []].flat()]),
  );
  known.set(plan, found);
  return found;
}

/**
 * A container's variables as the gateway reads them: those that stand in it, and those of the store, put together again.
 * What cannot be read, or is another text than its digest says, is left out.
 */
export function gatewayVariables(container: Fields, plan: Plan): Record<string, string> {
  const variables = Object.fromEntries(
    listOf(container.environment).map(({ name, value }) => [String(name), String(value)]),
  );
  const stored = new Map(storedVariables(container, plan).map(({ name, value }) => [name, value]));
  for (const variable of [GATEWAY.env.policy, GATEWAY.env.program]) {
    const text = wholeOf(variable, stored);
    if (text !== undefined && digestOf(text) === variables[digestVariable(variable)])
      variables[variable] = text;
  }
  return variables;
}

function wholeOf(variable: string, stored: ReadonlyMap<string, string | undefined>): string | undefined {
  if (!stored.has(variable)) return undefined;
  let text = "";
  for (let piece = 1; stored.has(pieceVariable(variable, piece)); piece++) {
    const value = stored.get(pieceVariable(variable, piece));
    if (value === undefined) return undefined;
    text += value;
  }
  return text;
}

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value)
    ? value.filter((item): item is Fields => typeof item === "object" && item !== null)
    : [];
}
