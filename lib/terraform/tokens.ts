import { Fn, Tokenization, Token } from "cdktf";
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

/** A text as it stands inside an expression of Terraform: in quotes, or as what it will be. */
export function expressionOf(text: string): string {
  // Within quotes inside an expression cdktf would write a token's name, not its value.
  return Token.isUnresolved(text) ? (Fn.join("", [text]) as string) : JSON.stringify(text);
}
