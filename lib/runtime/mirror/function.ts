import { MIRROR_ENV } from "../mirror-env";
import { fetchText } from "./fetch";
import type { KeyAlgorithm } from "./keys";
import { mirror } from "./mirror";
import { s3Store } from "./s3-store";

let handle: ReturnType<typeof mirror> | undefined;

/** Called by Terraform once, by the schedule from then on, and by a person with `{ "action": "withdraw" }`. */
export const handler = (event: unknown): Promise<object> =>
  (handle ??= mirror({
    uri: variable(MIRROR_ENV.uri),
    overlapMinutes: Number(variable(MIRROR_ENV.overlapMinutes)),
    algorithms: algorithms(process.env[MIRROR_ENV.algorithms] ?? "RS256"),
    fetch: (uri) => fetchText(uri),
    store: s3Store(variable(MIRROR_ENV.bucket)),
    log: (did) => console.log(JSON.stringify(did)),
  }))(event);

function algorithms(text: string): KeyAlgorithm[] {
  return text.split(" ").map((name) => {
    if (name !== "RS256" && name !== "PS256" && name !== "ES256")
      throw new Error(`${MIRROR_ENV.algorithms} names an algorithm that no gateway takes`);
    return name;
  });
}

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`the variable ${name} is missing`);
  return value;
}
