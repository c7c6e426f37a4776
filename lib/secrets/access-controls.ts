import { blockAt, blocksOf, texts, type Fields } from "../audit/read";
import { declaredOf } from "../checklist/engine";
import { fails, HOLDS, unknown, type Control } from "../checklist/control";
import { opened, type Block, type Plan } from "../terraform/plan";
import { SINGLE_USER } from "./model";
import { outsiderControls } from "./outsider-controls";
import { mentions, rotationFunctions, settingsOf } from "./read-function";

const SECRET = "aws_secretsmanager_secret";
const ROTATION = "aws_secretsmanager_secret_rotation";
const EGRESS = "aws_vpc_security_group_egress_rule";

/** Calls by which somebody else's value could come into a secret, or its value into another region. */
const WRITES = ["PutSecretValue", "ReplicateSecretToRegions", "UpdateSecret", "UpdateSecretVersionStage"];

const writersNamed: Control = {
  id: "secrets.writer-named",
  item: 6,
  says: "A secret's own policy denies changing its value to everybody but the function that rotates it",
  why: "Who can write a client's key can choose it, and then call as that client.",
  on: [SECRET],
  needed: true,
  judge: (secret, plan) => {
    const [policy] = plan.referring(secret, "aws_secretsmanager_secret_policy", "secret_arn");
    if (!policy) return fails("it has no policy of its own");
    const document = opened(policy.body.policy);
    if (document === undefined) return unknown("its policy cannot be read before deployment");
    const denials = blocksOf(blockAt(document).Statement).filter(isForAllBut);
    const open = WRITES.find((call) => !denials.some((denial) => texts(denial.Action).some(names(call))));
    if (open !== undefined) return fails(`its policy does not deny ${open} to others`);
    const [rotation] = plan.referring(secret, ROTATION, "secret_id");
    const role = plan.target(plan.target(rotation?.body.rotation_lambda_arn)?.body.role);
    if (!role) return unknown("what rotates it is not in this stack");
    const writers = denials.filter(({ Action }) => texts(Action).some(names("PutSecretValue")));
    const other = writers.flatMap(exempted).find((arn) => !isOf(role, arn));
    return other === undefined ? HOLDS : fails(`its policy also lets ${other} write`);
  },
};

function names(call: string): (action: string) => boolean {
  return (action) => action === `secretsmanager:${call}` || action === "secretsmanager:*";
}

/** A denial to everybody but named principals, and nothing else that would narrow it. */
function isForAllBut(statement: Fields): boolean {
  const { Effect, Principal, Condition } = statement;
  const conditions = blockAt(Condition);
  return (
    Effect === "Deny" &&
    (Principal === "*" || blockAt(Principal).AWS === "*") &&
    Object.keys(conditions).length === 1 &&
    Object.keys(blockAt(conditions, "ArnNotLike")).length === 1 &&
    exempted(statement).length > 0
  );
}

function exempted({ Condition }: Fields): readonly string[] {
  return texts(blockAt(Condition, "ArnNotLike")["aws:PrincipalArn"]);
}

/** Whether an ARN is a role's: by reference, or by its name, because the role comes after the policy. */
function isOf({ address, body }: Block, arn: string): boolean {
  return arn.endsWith(`/${String(body.name)}`) || arn.startsWith(`\${${address}.`);
}

const waysNarrow: Control = {
  id: "secrets.function-ways",
  item: 5,
  says: "A rotation function reaches AWS's endpoints and, if it has one, its own database: nothing else",
  why: "It knows secrets. Code that is not ours would carry them to the first address that answers.",
  on: [ROTATION],
  judge: (rotation, plan) => {
    const own = plan.target(rotation.body.rotation_lambda_arn);
    if (!own) return unknown("its function is not in this stack");
    const ids = texts(blockAt(own.body.vpc_config).security_group_ids);
    if (ids.length === 0) return fails("it has no security group");
    const groups = ids.map((id) => plan.target(id)).filter((group) => group !== undefined);
    if (groups.length < ids.length) return unknown("its security group is not in this stack");
    if (groups.some(({ body }) => blocksOf(body.egress).length > 0))
      return fails("its security group has ways out of its own, beside rules that can be read");
    const rules = groups.flatMap((group) => plan.referring(group, EGRESS, "security_group_id"));
    if (rules.length === 0) return fails("it has no way to Secrets Manager");
    const { port } = settingsOf(own);
    const stray = rules.find((rule) => !isEndpoint(rule) && !isDatabase(rule, port));
    return stray === undefined ? HOLDS : fails(`${stray.address} leads elsewhere`);
  },
};

/** A way to a group, or a managed list, on 443. */
function isEndpoint({ body }: Block): boolean {
  return (
    isPort(body, 443) &&
    (texts(body.referenced_security_group_id).length > 0 || texts(body.prefix_list_id).length > 0)
  );
}

function isDatabase({ body }: Block, port: unknown): boolean {
  return port !== undefined && isPort(body, port) && body.cidr_ipv6 === undefined;
}

function isPort(
  { ip_protocol: protocol, from_port: from, to_port: to }: Block["body"],
  port: unknown,
): boolean {
  return protocol === "tcp" && from === to && String(from) === String(port);
}

const administratorApart: Control = {
  id: "secrets.administrator-apart",
  item: 5,
  says: "Who makes a database's users is known to the rotation of its logins alone, never to a task",
  why: "With the administrator's password a server is no longer bound by what its own login may do.",
  on: [ROTATION],
  judge: (rotation, plan) => {
    const own = plan.target(rotation.body.rotation_lambda_arn);
    if (!own) return unknown("its function is not in this stack");
    const { adminSecretArn: arn } = settingsOf(own);
    if (typeof arn !== "string") return HOLDS;
    const rotating = rotationFunctions(plan)
      .filter((each) => settingsOf(each).adminSecretArn === arn)
      .map((each) => plan.target(each.body.role)?.address);
    const task = plan
      .blocks("aws_ecs_task_definition")
      .find(({ body }) => mentions(body.container_definitions, arn));
    if (task) return fails(`${task.address} gets it`);
    const policy = plan
      .blocks("aws_iam_role_policy", "aws_iam_policy")
      .filter(({ body }) => !rotating.includes(plan.target(body.role)?.address))
      .find(({ body }) => mentions(body.policy, arn));
    return policy === undefined ? HOLDS : fails(`${policy.address} may read it`);
  },
  maps: { owasp: ["MCP02"] },
};

const alternatingUsers: Control = {
  id: SINGLE_USER.control,
  item: 14,
  says: "A database login changes between two users, of whom the one in use is never touched",
  why: "The password of a single user changes under running tasks: they are refused until they are started anew.",
  on: [ROTATION],
  waivedBy: SINGLE_USER.field,
  judge: (rotation, plan) => {
    const own = plan.target(rotation.body.rotation_lambda_arn);
    if (!own) return unknown("its function is not in this stack");
    const { adminSecretArn, users } = settingsOf(own);
    if (adminSecretArn === undefined || isSandbox(rotation, plan)) return HOLDS;
    return new Set(texts(users)).size === 2
      ? HOLDS
      : fails("it has one user, whose password changes in place");
  },
};

/** Whether the deployment that a block belongs to is declared to be a sandbox. */
function isSandbox(block: Block, plan: Plan): boolean {
  const entries = declaredOf(block, plan);
  return entries.length > 0 && entries.every(({ posture }) => posture === "sandbox");
}

/** Controls of who may read, write and reach what. */
export const secretAccessControls: readonly Control[] = [
  writersNamed,
  waysNarrow,
  administratorApart,
  alternatingUsers,
  ...outsiderControls,
];
