import { Fn, Lazy, Token } from "cdktf";

/**
 * From how many characters on a text without tokens stands behind one of its own. Beside a token, cdktf looks at each
 * closing brace of a string as the end of an expression, each time from there to the next token: a gateway's
 * configuration would take longer than everything else of a synth.
 */
const LONG = 2_000;

const TOKEN_PART = /(\$\{TfToken\[[^\]]*\]\})/;

/**
 * Text as Terraform will read it back: `${` and `%{` that are not cdktf tokens lose their meaning.
 * Not for arguments of `Fn`, which escape by themselves.
 */
export function literal(text: string): string {
  return text
    .split(TOKEN_PART)
    .map((part) => (TOKEN_PART.test(part) ? part : part.replace(/\$\{/g, "$$${").replace(/%\{/g, "%%{")))
    .join("");
}

/** A text whose value is not known now and may hold quotes or backslashes: it is escaped by Terraform itself. */
export class FreeText {
  public constructor(public readonly value: string) {}
}

/**
 * One literal JSON string, so that people and scanners can read policies and container definitions in `cdk.tf.json`.
 * Tokens inside texts stay as `${…}` (right for ARNs, ids and names); number and list tokens, and `FreeText`, are
 * encoded by Terraform. Keys with the value `undefined` are left out, like in `JSON.stringify`.
 */
export function json(value: unknown): string {
  const holes: string[] = [];
  const hole = (token: unknown): string => {
    holes.push(Token.asString(Fn.jsonencode(token)));
    return `\u0001${holes.length - 1}\u0001`;
  };
  const text = JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item === "string" && item.length > LONG && !Token.isUnresolved(item)) return whole(item);
    if (item instanceof FreeText) return Token.isUnresolved(item.value) ? hole(item.value) : item.value;
    if (typeof item === "number" && Token.isUnresolved(item)) return hole(item);
    if (Array.isArray(item) && Token.isUnresolved(item)) return hole(item);
    return item;
  });
  return text
    .split(/"\\u0001(\d+)\\u0001"/)
    .map((part, index) => (index % 2 === 1 ? (holes[Number(part)] ?? "") : literal(part)))
    .join("");
}

/** A long text as one token, which is written as the text within JSON. */
function whole(text: string): string {
  const written = literal(JSON.stringify(text).slice(1, -1));
  return Lazy.stringValue({ produce: () => written });
}
