import { fitting, followed, judge } from "./judge";
import type { Kind } from "./kind";
import { revoke } from "./revoke";
import { tokenOf, type SecretStore, type Version } from "./store";

/** What a function keeps, and how. */
export interface Rotation<Value extends object> {
  /** The one secret that it works on. */
  readonly secretArn: string;
  readonly kind: Kind<Value>;
  readonly store: SecretStore;
  /** Seconds between two rotations at least: until running tasks have taken the last one, another would lock them out. */
  readonly minAgeSeconds: number;
  /** Says what was done. Gets no value and no token. */
  readonly log: (line: string) => void;
  /** Milliseconds since 1970. @default the clock */
  readonly now?: () => number;
}

/** What every event is answered with, so that no value can reach Terraform's state. */
export type Answer = Readonly<Record<string, never>>;

const ANSWER: Answer = {};

/**
 * Handles `{ action: "seed" | "revoke", secretId }` and Secrets Manager's `{ Step, SecretId, ClientRequestToken }`.
 * Each may end at any point and be repeated. Calls must not overlap: the function has a concurrency of one.
 */
export function rotation<Value extends object>(own: Rotation<Value>): (event: unknown) => Promise<Answer> {
  return async (event) => {
    const { action, secretId, Step, SecretId, ClientRequestToken } = textsOf(event);
    if ((secretId ?? SecretId) !== own.secretArn) throw new Error("this function keeps another secret");
    if (action === "seed") await seed(own);
    else if (action === "revoke") await revoke(own);
    else if (action !== undefined) throw new Error("the action is neither seed nor revoke");
    else if (Step === undefined || ClientRequestToken === undefined)
      throw new Error("this is no rotation event");
    else await step(own, Step, ClientRequestToken);
    own.log(action ?? Step ?? "");
    return ANSWER;
  };
}

/** Makes the first value, or takes over one that is there and fits. Never changes a value. */
async function seed<Value extends object>(own: Rotation<Value>): Promise<void> {
  const { secretArn, kind, store } = own;
  let version = await store.read(secretArn, "AWSCURRENT");
  if (version === undefined) {
    const described = await store.describe(secretArn);
    // The same token for whoever seeds this very secret: of two at once, one writes and both read it.
    const token = tokenOf("seed", described.arn, described.createdAt?.toISOString() ?? "");
    await store.put(secretArn, token, JSON.stringify(kind.first()), "AWSCURRENT");
    version = await store.read(secretArn, "AWSCURRENT");
    if (version === undefined) throw new Error("the first value was not stored");
  }
  const { value, fault } = judge(version, kind);
  if (value === undefined) {
    throw new Error(
      `${secretArn} already holds a value that does not fit: ${fault}. It was left untouched: put a fitting value there, or delete it`,
    );
  }
  await kind.outside?.seed(value);
}

/** One of the four steps, after the checks that Secrets Manager's documentation asks for, in its order. */
async function step<Value extends object>(own: Rotation<Value>, name: string, token: string): Promise<void> {
  const { secretArn, kind, store } = own;
  const { rotationEnabled, stages } = await store.describe(secretArn);
  if (!rotationEnabled) throw new Error("rotation is not enabled");
  const ofToken = stages[token];
  if (ofToken === undefined) throw new Error("the version is not one of this secret");
  if (ofToken.includes("AWSCURRENT")) {
    // Done before. What may have been left undone would stand in the way of the next rotation.
    if (ofToken.includes("AWSPENDING")) await store.move(secretArn, "AWSPENDING", { from: token });
    return;
  }
  if (!ofToken.includes("AWSPENDING")) throw new Error("the version is not pending");
  const current = await store.read(secretArn, "AWSCURRENT");
  if (current === undefined) throw new Error("there is no current value: seed the secret");
  const pending = await store.read(secretArn, "AWSPENDING", token);
  switch (name) {
    case "createSecret":
      if (pending === undefined) {
        refuseHaste(own, current);
        const value = followed(current, kind);
        await store.put(secretArn, token, JSON.stringify(kind.next(value)), "AWSPENDING");
      }
      return;
    case "setSecret":
      if (pending === undefined) throw new Error("there is no pending value");
      // Most kinds have nobody else to tell: tasks and clients read the secret itself.
      if (kind.outside) await kind.outside.set(fitting(pending, kind), followed(current, kind));
      return;
    case "testSecret": {
      // When rotation is set up without rotating at once, this step comes alone, without a pending value. The current
      // one may be older than its settings.
      const value = pending === undefined ? followed(current, kind) : fitting(pending, kind);
      await kind.outside?.test(value);
      return;
    }
    case "finishSecret":
      if (pending === undefined) throw new Error("there is no pending value");
      await store.move(secretArn, "AWSCURRENT", { to: token, from: current.id });
      await store.move(secretArn, "AWSPENDING", { from: token });
      return;
    default:
      throw new Error("the step is not one of the four");
  }
}

function refuseHaste(
  { minAgeSeconds, now = Date.now }: Pick<Rotation<object>, "minAgeSeconds" | "now">,
  current: Version,
): void {
  const age = Math.floor((now() - current.createdAt.getTime()) / 1000);
  if (age < minAgeSeconds) {
    throw new Error(
      `the current value is ${age} s old, less than ${minAgeSeconds} s: running tasks may not know the announced one yet. After a leak use revoke`,
    );
  }
}

/** Those fields of an event that are texts. */
function textsOf(event: unknown): Readonly<Record<string, string | undefined>> {
  const fields = typeof event === "object" && event !== null ? Object.entries(event) : [];
  return Object.fromEntries(
    fields.filter((field): field is [string, string] => typeof field[1] === "string"),
  );
}
