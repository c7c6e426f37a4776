import { blockAt, blocksOf, texts, type Fields } from "../audit/read";
import { fails, HOLDS, unknown, type Control } from "../checklist/control";
import { ofOurs } from "../checklist/engine";
import { opened, type Block, type Plan } from "../terraform/plan";
import { isPolicyStore } from "../policy-store/read";
import { mentions } from "./read-function";

const SECRET = "aws_secretsmanager_secret";

/** Roles of this file that have to read a secret: what rotates it, and what ECS starts tasks by that get it. */
function rolesThatRead(secret: Block, plan: Plan): readonly Block[] {
  const rotations = plan.referring(secret, "aws_secretsmanager_secret_rotation", "secret_id");
  const functions = rotations.map(({ body }) => plan.target(body.rotation_lambda_arn)?.body.role);
  const tasks = plan
    .blocks("aws_ecs_task_definition")
    .filter(({ body }) => isInjected(body.container_definitions, `\${${secret.address}.arn}`))
    .map(({ body }) => body.execution_role_arn);
  return [...functions, ...tasks].map((role) => plan.target(role)).filter((role) => role !== undefined);
}

function isInjected(containers: unknown, arn: string): boolean {
  return (
    mentions(containers, arn) &&
    blocksOf(opened(containers))
      .flatMap(({ secrets }) => blocksOf(secrets))
      .some(({ valueFrom }) => String(valueFrom).startsWith(arn))
  );
}

/** By reference, or by its name: policies of secrets come before roles. */
function isRole(arn: string, { address, body }: Block): boolean {
  return arn.endsWith(`/${String(body.name)}`) || arn.startsWith(`\${${address}.`);
}

const CALLS = ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"];

const readersRead: Control = ofOurs({
  id: "secrets.readers-can-read",
  item: 6,
  says: "Whoever needs a secret is among its readers: what rotates it, what starts its tasks, and who was named, who has the right too",
  why: "The denial is for everybody else: a function that is left out fails at the next rotation, a task at its next start.",
  on: [SECRET],
  judge: (secret, plan) => {
    if (isPolicyStore(secret, plan)) return HOLDS;
    const [policy] = plan.referring(secret, "aws_secretsmanager_secret_policy", "secret_arn");
    const document = opened(policy?.body.policy);
    if (policy === undefined || document === undefined)
      return unknown("its policy cannot be read before deployment");
    const statements = blocksOf(blockAt(document).Statement);
    const spared = statements.filter(isDenialOfValue).flatMap(exempted);
    const needed = rolesThatRead(secret, plan);
    const gone = needed.find((role) => !spared.some((arn) => isRole(arn, role)));
    if (gone !== undefined) return fails(`${gone.address} is not among its readers`);
    const roles = plan.blocks("aws_iam_role");
    const named = spared.filter((arn) => !roles.some((role) => isRole(arn, role)));
    const given = statements.filter(isRight).flatMap(({ Principal }) => texts(blockAt(Principal).AWS));
    const mute = named.find((arn) => !given.includes(arn));
    if (mute !== undefined) return fails(`${mute} is not denied the value, and not given it`);
    const checked = blocksOf(blockAt(policy.body.lifecycle).precondition).filter(
      ({ condition, error_message: says }) => texts(condition).length > 0 && texts(says).length > 0,
    );
    return checked.length >= given.length
      ? HOLDS
      : fails("nothing says before a deployment that a reader is of another account, whom the key refuses");
  },
});

function isDenialOfValue({ Effect, Action }: Fields): boolean {
  return Effect === "Deny" && texts(Action).includes("secretsmanager:GetSecretValue");
}

function exempted({ Condition }: Fields): readonly string[] {
  return texts(blockAt(Condition, "ArnNotLike")["aws:PrincipalArn"]);
}

function isRight({ Effect, Action }: Fields): boolean {
  return Effect === "Allow" && CALLS.every((call) => texts(Action).includes(call));
}

/** Controls of who has to be able to read. */
export const readerControls: readonly Control[] = [readersRead];
