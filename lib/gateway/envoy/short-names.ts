const TOKEN = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[A-Za-z_][A-Za-z0-9_]*|\d[\w.]*|\s+|\.{2,3}|[\s\S]/g;
const KEYWORDS = new Set(
  "and break do else elseif end false for function if in local nil not or repeat return then true until while".split(
    " ",
  ),
);

/** What Lua and Envoy call by these names, wherever a local of ours is not. */
const GLOBALS = new Set(
  "_G assert error getmetatable ipairs loadstring next pairs pcall rawget require select setmetatable tonumber tostring type bit debug io jit math os string table self envoy_on_request envoy_on_response".split(
    " ",
  ),
);

/**
 * Lua, stripped already, with short names for its locals: they are a quarter of its bytes, which a task definition has few
 * of. A local has one short name wherever it is declared; fields, methods and keys of tables keep theirs, as do globals.
 */
export function shortNames(source: string): string {
  const tokens = source.match(TOKEN) ?? [];
  const code = tokens.filter((token) => token.trim() !== "");
  const kept = fields(code);
  const uses = new Map<string, number>();
  code.forEach((token, index) => {
    if (isName(token) && !kept.has(index)) uses.set(token, (uses.get(token) ?? 0) + 1);
  });
  const locals = [...declared(code)].filter((name) => !GLOBALS.has(name));
  const bytes = (name: string) => name.length * (uses.get(name) ?? 0);
  // What is written most gets the shortest; the order by name makes it the same text each time.
  locals.sort((a, b) => bytes(b) - bytes(a) || (a < b ? -1 : 1));
  const fresh = unused(new Set([...KEYWORDS, ...uses.keys()].filter((name) => !locals.includes(name))));
  const short = new Map(locals.map((name) => [name, fresh.next().value as string]));
  let at = -1;
  return tokens
    .map((token) => {
      if (token.trim() === "") return token;
      at++;
      return kept.has(at) ? token : (short.get(token) ?? token);
    })
    .join("");
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

/** Places of names that are a field, a method, or a key of a table. */
function fields(code: readonly string[]): Set<number> {
  const found = new Set<number>();
  // What is open, from the outside in: a name before `=` is a key directly inside of braces alone.
  const open: string[] = [];
  code.forEach((token, index) => {
    const before = code[index - 1] ?? "";
    if (["{", "(", "[", "function", "if", "do", "repeat"].includes(token)) open.push(token);
    else if (["}", ")", "]", "end", "until"].includes(token)) open.pop();
    else if (isName(token)) {
      const key = open.at(-1) === "{" && ["{", ",", ";"].includes(before) && code[index + 1] === "=";
      if (before === "." || before === ":" || key) found.add(index);
    }
  });
  return found;
}

function* unused(taken: ReadonlySet<string>): Generator<string> {
  const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const all = ["", ...letters].flatMap((first) => [...letters].map((second) => first + second));
  for (const name of all) if (!taken.has(name)) yield name;
}
