import { Tokenization, Token } from "cdktf";
import type { IsToken } from "../validation";

/**
 * Whether a value is known only at deployment. `Token.isUnresolved` alone answers false for text with a list or number
 * token in it, and for plain Terraform expressions. A list with tokens among its items is not a token: its items are.
 */
export const isToken: IsToken = (value) => {
  if (Token.isUnresolved(value)) return true;
  return typeof value === "string" && (value.includes("TfToken[") || /\$\{[^}]/.test(value));
};

/** Whether a text is one token and nothing else. */
export function isWholeToken(text: string): boolean {
  return (
    Token.isUnresolved(text) &&
    /^\$\{TfToken\[[^\]]*\]\}$/.test(text) &&
    Tokenization.isResolvable(Tokenization.reverse(text))
  );
}
