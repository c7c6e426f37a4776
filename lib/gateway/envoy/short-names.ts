const TOKEN = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[A-Za-z_][A-Za-z0-9_]*|\d[\w.]*|\s+|\.{2,3}|[\s\S]/g;
const KEYWORDS = new Set(
  "and break do else elseif end false for function if in local nil not or repeat return then true until while".split(
    " ",
  ),
);

/**
 * Lua, stripped already, with short names for its locals: they are a quarter of its bytes, which a task definition has few
 * of. A name is another everywhere or nowhere: one that is a field, a method or a key somewhere stays, as do globals.
 */
export function shortNames(source: string): string {
  const tokens = source.match(TOKEN) ?? [];
  const code = tokens.filter((token) => token.trim() !== "");
  const uses = new Map<string, number>();
  code.filter(isName).forEach((name) => uses.set(name, (uses.get(name) ?? 0) + 1));
  const kept = fields(code);
  const locals = [...declared(code)].filter((name) => !kept.has(name));
  const bytes = (name: string) => name.length * (uses.get(name) ?? 0);
  // What is written most gets the shortest; the order by name makes it the same text each time.
  locals.sort((a, b) => bytes(b) - bytes(a) || (a < b ? -1 : 1));
  const fresh = unused(new Set([...KEYWORDS, ...uses.keys()].filter((name) => !locals.includes(name))));
  const short = new Map(locals.map((name) => [name, fresh.next().value as string]));
  return tokens.map((token) => short.get(token) ?? token).join("");
}

function isName(token: string | undefined): token is string {
  return token !== undefined && /^[A-Za-z_]/.test(token) && !KEYWORDS.has(token);
}

/** Names that stand behind `local` or `for`, or are parameters. */
function declared(code: readonly string[]): Set<string> {
  const found = new Set<string>();
  code.forEach((token, index) => {
    const named = token === "local" || token === "for" || token === "(";
    if (!named) return;
    const before = code[index - 1];
    const parameters = token === "(" && (before === "function" || code[index - 2] === "function");
    if (token === "(" && !parameters) return;
    let at = index + (code[index + 1] === "function" ? 2 : 1);
    while (isName(code[at])) {
      found.add(code[at] as string);
      at += code[at + 1] === "," ? 2 : 1;
      if (code[at - 1] !== ",") break;
    }
  });
  return found;
}

/** Names that are a field, a method or a key of a table somewhere, as far as that can be told; too many rather than too few. */
function fields(code: readonly string[]): Set<string> {
  return new Set(
    code.filter((token, index) => {
      const before = code[index - 1] ?? "";
      const key = ["{", ",", ";"].includes(before) && code[index + 1] === "=" && code[index + 2] !== "=";
      return isName(token) && (before === "." || before === ":" || key);
    }),
  );
}

function* unused(taken: ReadonlySet<string>): Generator<string> {
  const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const all = ["", ...letters].flatMap((first) => [...letters].map((second) => first + second));
  for (const name of all) if (!taken.has(name)) yield name;
}
