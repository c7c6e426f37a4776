import type { Kind } from "./kind";
import type { Version } from "./store";

type Judged<Value> =
  | { readonly value: Value; readonly fault: undefined }
  | { readonly value: undefined; readonly fault: string };

type Fault = (value: Readonly<Record<string, unknown>>) => string | undefined;

/** The value of a version, or what is wrong with it. */
export function judge<Value extends object>({ text }: Version, kind: Kind<Value>): Judged<Value> {
  return judgeBy(text, (value) => kind.fault(value));
}

/** The value of a version that is to be used as it is. Throws without quoting it. */
export function fitting<Value extends object>(version: Version, kind: Kind<Value>): Value {
  const { value, fault } = judge(version, kind);
  if (value === undefined) throw new Error(`the value does not fit: ${fault}`);
  return value;
}

/** The value of a version that may have been made under older settings. Throws without quoting it. */
export function followed<Value extends object>({ text }: Version, kind: Kind<Value>): Value {
  const { value, fault } = judgeBy<Value>(text, (found) =>
    (kind.unfollowable ?? kind.fault).call(kind, found),
  );
  if (value === undefined) throw new Error(`the value does not fit and cannot be followed: ${fault}`);
  return value;
}

function judgeBy<Value extends object>(text: string, faultOf: Fault): Judged<Value> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // The parser's own words quote the value.
    return { value: undefined, fault: "it is not JSON" };
  }
  if (typeof parsed !== "object" || parsed === null)
    return { value: undefined, fault: "it is not an object" };
  const fault = faultOf(parsed as Record<string, unknown>);
  return fault === undefined ? { value: parsed as Value, fault } : { value: undefined, fault };
}
