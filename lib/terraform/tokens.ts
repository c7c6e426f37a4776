import { Tokenization, Token } from "cdktf";
import type { IsToken } from "../validation";

/**
 * Whether a value, or anything inside it, is known only at deployment. `Token.isUnresolved` alone answers false for
 * objects and lists that contain tokens, and for text with a list or number token in it.
 */
export const isToken: IsToken = (value) => {
  if (Token.isUnresolved(value)) return true;
  if (typeof value === "string") return value.includes("TfToken[") || /\$\{[^}]/.test(value);
  if (Array.isArray(value)) return value.some(isToken);
  return false;
};

/** Whether a text is one token and nothing else. */
export function isWholeToken(text: string): boolean {
  return (
    Token.isUnresolved(text) &&
    /^\$\{TfToken\[[^\]]*\]\}$/.test(text) &&
    Tokenization.isResolvable(Tokenization.reverse(text))
  );
}
