import { createHash } from "node:crypto";

/** A kind of secret: how its values are made, followed and judged. Nothing here speaks to AWS. */
export interface Kind<Value extends object> {
  /** The first value of all. */
  first(): Value;
  /** The value after this one, which everybody who knows this one can still deal with. */
  next(current: Value): Value;
  /** A value that nothing of an earlier one opens: for after a leak. Gets the current value when the kind has an outside. */
  fresh(current?: Value): Value;
  /** What is wrong with a value, without quoting any of it; undefined when it can be used and followed. */
  fault(value: Readonly<Record<string, unknown>>): string | undefined;
  /**
   * What keeps a value from being followed, when that is less than `fault`: settings may have changed since it was made.
   * @default fault
   */
  unfollowable?(value: Readonly<Record<string, unknown>>): string | undefined;
  /** Where values must be made known before anybody can use them. @default nowhere: the secret is all there is */
  readonly outside?: Outside<Value>;
}

/** What holds credentials beside the secret: a database. Every call may end at any point and be repeated. */
export interface Outside<Value extends object> {
  /** Makes the current value work, when it does not. */
  seed(current: Value): Promise<void>;
  /** Makes the pending value work, and leaves the current one alone as far as the kind can. */
  set(pending: Value, current: Value): Promise<void>;
  /** Throws when a value does not work. */
  test(value: Value): Promise<void>;
  /** Nothing but the current value works from now on. */
  shutOut(current: Value, old: Value): Promise<void>;
}

/** Hexadecimal SHA-256. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
