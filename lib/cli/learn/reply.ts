import { isObject, unusable, type JsonObject } from "./message";
import { shown } from "./text";
import type { Reply } from "./transport";

/** The answer in a message. @throws CliError (2) where it is neither a result nor an error */
export function replyOf({ result, error }: JsonObject): Reply {
  if (isObject(result) && error === undefined) return { kind: "result", result };
  if (isObject(error) && result === undefined) {
    const { code, message } = error;
    const words = typeof message === "string" ? shown(message) : "without words";
    return { kind: "refused", says: `error ${typeof code === "number" ? code : "without a code"}, ${words}` };
  }
  throw unusable("answered with neither a result nor an error");
}
