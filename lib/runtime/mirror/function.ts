import { MIRROR_ENV } from "../mirror-env";
import { fetchText } from "./fetch";
import { mirror } from "./mirror";
import { s3Store } from "./s3-store";

let handle: ReturnType<typeof mirror> | undefined;

/** Called by Terraform once, by the schedule from then on, and by a person with `{ "action": "withdraw" }`. */
export const handler = (event: unknown): Promise<object> =>
  (handle ??= mirror({
    uri: variable(MIRROR_ENV.uri),
    overlapMinutes: Number(variable(MIRROR_ENV.overlapMinutes)),
    fetch: (uri) => fetchText(uri),
    store: s3Store(variable(MIRROR_ENV.bucket)),
    log: (did) => console.log(JSON.stringify(did)),
  }))(event);

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`the variable ${name} is missing`);
  return value;
}
