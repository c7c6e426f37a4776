import { blockAt, blocksOf } from "../audit/read";
import { fails, HOLDS, unknown, type Control } from "../checklist/control";
import { isExpression, opened, type Block, type Plan } from "../terraform/plan";
import { GENERATED_FIELDS } from "../runtime/rotation-env";
import { settingsOf } from "./read-function";

/** The function that makes the values of a secret of the file. */
function makerOf(secret: Block | undefined, plan: Plan): Block | undefined {
  const [rotation] =
    secret === undefined ? [] : plan.referring(secret, "aws_secretsmanager_secret_rotation", "secret_id");
  return plan.target(rotation?.body.rotation_lambda_arn);
}

const made: Control = {
  id: "secrets.fields-made",
  item: 6,
  says: "Every field of a generated value that a task takes is one that its function makes",
  why: "ECS starts no task with a field that is not there: the next deployment fails, and so does every restart after it.",
  on: ["aws_ecs_task_definition"],
  judge: (task, plan) => {
    const containers = opened(task.body.container_definitions);
    if (containers === undefined) return unknown("its containers cannot be read before deployment");
    for (const { valueFrom, name } of blocksOf(containers).flatMap(({ secrets }) => blocksOf(secrets))) {
      const [, secret, field] = /^(\$\{[^}]*\}):([^:]+)::$/.exec(String(valueFrom)) ?? [];
      const maker = makerOf(plan.target(secret), plan);
      if (
        field === undefined ||
        maker === undefined ||
        !String(maker.body.filename).endsWith("generated.zip")
      )
        continue;
      const { template } = settingsOf(maker);
      if (isExpression(template)) continue;
      const fields = [...GENERATED_FIELDS, ...Object.keys(blockAt(template))];
      if (!fields.includes(field)) return fails(`${String(name)} takes ${field}, which nothing makes`);
    }
    return HOLDS;
  },
};

/** Controls of what values consist of. */
export const fieldControls: readonly Control[] = [made];
