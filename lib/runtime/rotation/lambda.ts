import { awsStore } from "./aws-store";
import { ROTATION_ENV } from "../rotation-env";
import type { Kind } from "./kind";
import { rotation, type Answer } from "./rotation";
import type { SecretStore } from "./store";

/** The handler that Lambda calls, for secrets of one kind. Reads its variables at the first call. */
export function lambda<Settings, Value extends object>(
  kind: (settings: Settings, store: SecretStore) => Kind<Value>,
): (event: unknown) => Promise<Answer> {
  let handle: ((event: unknown) => Promise<Answer>) | undefined;
  const make = (): ((event: unknown) => Promise<Answer>) => {
    const store = awsStore();
    return rotation({
      secretArn: variable(ROTATION_ENV.secretArn),
      kind: kind(JSON.parse(variable(ROTATION_ENV.settings)) as Settings, store),
      store,
      minAgeSeconds: Number(variable(ROTATION_ENV.minAgeSeconds)),
      log: (did) => console.log(JSON.stringify({ did })),
    });
  };
  return async (event) => (handle ??= make())(event);
}

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`the variable ${name} is missing`);
  return value;
}
