import { awsStore } from "./aws-store";
import { ROTATION_ENV } from "../rotation-env";
import type { Kind } from "./kind";
import { rotation, type Answer } from "./rotation";

/** The handler that Lambda calls, for secrets of one kind. Reads its variables at the first call. */
export function lambda<Settings, Value extends object>(
  kind: (settings: Settings) => Kind<Value>,
): (event: unknown) => Promise<Answer> {
  let handle: ((event: unknown) => Promise<Answer>) | undefined;
  return (event) =>
    (handle ??= rotation({
      secretArn: variable(ROTATION_ENV.secretArn),
      kind: kind(JSON.parse(variable(ROTATION_ENV.settings)) as Settings),
      store: awsStore(),
      minAgeSeconds: Number(variable(ROTATION_ENV.minAgeSeconds)),
      log: (did) => console.log(JSON.stringify({ did })),
    }))(event);
}

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`the variable ${name} is missing`);
  return value;
}
