import { createHash } from "node:crypto";

/** A kind of secret: how its values are made, followed and judged. Pure; nothing here speaks to AWS. */
export interface Kind<Value extends object> {
  /** The first value of all. */
  first(): Value;
  /** The value after this one, which everybody who knows this one can still deal with. */
  next(current: Value): Value;
  /** A value that nothing of an earlier one opens: for after a leak. */
  fresh(): Value;
  /** What is wrong with a value, without quoting any of it; undefined when it can be used and followed. */
  fault(value: Readonly<Record<string, unknown>>): string | undefined;
}

/** Hexadecimal SHA-256. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
