import { fitting, followed } from "./judge";
import type { Kind, Outside } from "./kind";
import { tokenOf, versionAt, type SecretStore, type Version } from "./store";

/** The secret, and how its values are made. */
interface Revocation<Value extends object> {
  readonly secretArn: string;
  readonly kind: Kind<Value>;
  readonly store: SecretStore;
}

/** After a leak: a value that shares nothing with earlier ones. Tasks use it once they are started anew. */
export async function revoke<Value extends object>(own: Revocation<Value>): Promise<void> {
  const { secretArn, kind, store } = own;
  const { stages } = await store.describe(secretArn);
  const current = versionAt(stages, "AWSCURRENT");
  // The same for two revocations at once, so that one value comes of them.
  const token = tokenOf("revoke", secretArn, current ?? "");
  const pending = versionAt(stages, "AWSPENDING");
  // A rotation under way would bring back what has leaked. A revocation under way is gone on with.
  if (pending !== undefined && pending !== token)
    await store.move(secretArn, "AWSPENDING", { from: pending });
  if (current === undefined) throw new Error("there is no value to revoke: seed the secret");
  if (kind.outside === undefined) {
    await store.put(secretArn, token, JSON.stringify(kind.fresh()), "AWSCURRENT");
    return;
  }
  const version = await store.read(secretArn, "AWSCURRENT");
  if (version === undefined) throw new Error("there is no value to revoke: seed the secret");
  await change(own, kind.outside, { token, old: followed(version, kind), oldId: version.id });
}

/** A rotation of its own, so that the current value works at every moment; then everything older is shut out. */
async function change<Value extends object>(
  { secretArn, kind, store }: Revocation<Value>,
  outside: Outside<Value>,
  { token, old, oldId }: { readonly token: string; readonly old: Value; readonly oldId: string },
): Promise<void> {
  await store.put(secretArn, token, JSON.stringify(kind.fresh(old)), "AWSPENDING");
  let pending: Version | undefined = await store.read(secretArn, "AWSPENDING", token);
  if (pending === undefined) {
    // The token had a value from before, whose stage somebody took away.
    await store.move(secretArn, "AWSPENDING", { to: token });
    pending = await store.read(secretArn, "AWSPENDING", token);
    if (pending === undefined) throw new Error("there is no pending value");
  }
  const fresh = fitting(pending, kind);
  await outside.set(fresh, old);
  await outside.test(fresh);
  await store.move(secretArn, "AWSCURRENT", { to: token, from: oldId });
  await store.move(secretArn, "AWSPENDING", { from: token });
  await outside.shutOut(fresh, old);
}
