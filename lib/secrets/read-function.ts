import { blockAt, texts, type Fields } from "../audit/read";
import { ROTATION_ENV } from "../runtime/rotation-env";
import { opened, type Block, type Plan } from "../terraform/plan";

/** What a rotation function is told, as it stands in the file; empty where it cannot be read. */
export function settingsOf({ body }: Block): Fields {
  const { variables } = blockAt(body.environment);
  return blockAt(opened(blockAt(variables)[ROTATION_ENV.settings]));
}

/** Every function that rotates a secret. */
export function rotationFunctions(plan: Plan): readonly Block[] {
  const found = plan
    .blocks("aws_secretsmanager_secret_rotation")
    .map(({ body }) => plan.target(body.rotation_lambda_arn));
  return [...new Set(found)].filter((block): block is Block => block !== undefined);
}

/** Whether a right reaches into Secrets Manager. */
export function isOfSecrets({ Action }: Fields): boolean {
  return texts(Action).some((action) => action === "*" || action.startsWith("secretsmanager:"));
}

/** An ARN by itself, or with the field of it that is asked for. */
export function mentions(text: unknown, arn: string): boolean {
  return typeof text === "string" && text.includes(arn);
}
