import { source } from "./gateway-lua";
import { random } from "./json-cases";
import { runUnit } from "./unit-lua";

const TOOL = { timeout: 1, limit: "1", fields: {} };
/** A server with tools here, and some in its other service. */
const POLICY = {
  ...{ v: 1, resource: "r", era: "both", versions: {}, methods: [], depth: 8, values: 60, timeout: 1 },
  windows: {},
  clients: {
    all: { by: "key", tools: ["one", "two", "scoped"], limit: "1" },
    app: { by: "jwt", claim: "c", is: "app", tools: ["one", "two", "scoped"], limit: "1" },
    few: { by: "key", tools: ["one"], limit: "1" },
  },
  tools: { one: TOOL, two: TOOL, scoped: { ...TOOL, scopes: ["a", "b"] }, nobodys: TOOL },
  listed: { all: { elsewhere: [], far: ["c"] }, app: { elsewhere: [], far: ["c"] } },
};
const ENV = {
  ...{ HMCP_KEYS_ALL: "a".repeat(64), HMCP_KEYS_FEW: "b".repeat(64) },
  HMCP_POLICY: JSON.stringify(POLICY),
};
const NAMES = ["one", "two", "scoped", "elsewhere", "far", "nobodys", "unknown", "One", "on\\u0065", ""];

/** Readers, with the scopes of their tokens, and the tools that each is shown. */
const READERS: readonly (readonly [caller: string, shown: readonly string[]])[] = [
  [`client="all",scopes=""`, ["one", "two", "scoped", "elsewhere", "far", "on\\u0065"]],
  [`client="app",scopes=" "`, ["one", "two", "elsewhere", "on\\u0065"]],
  [`client="app",scopes=" a "`, ["one", "two", "elsewhere", "on\\u0065"]],
  [`client="app",scopes=" b a c "`, ["one", "two", "scoped", "elsewhere", "far", "on\\u0065"]],
  [`client="app",scopes=" ab ba cc "`, ["one", "two", "elsewhere", "on\\u0065"]],
  [`client="few",scopes=""`, ["one", "on\\u0065"]],
];

const TEXTS = ["", "a", 'say \\"no\\"', "\\\\", "[{", "}]", "a,b", ":", "\\u00e9", "é", "\\n", '\\\\\\"'];

/** JSON texts that a seed decides, with blanks in every place that may have some. */
class Writer {
  private readonly next: () => number;
  public constructor(seed: number) {
    this.next = random(seed);
  }
  public pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.next() * from.length)] as T;
  }
  public blank(): string {
    return this.next() < 0.7 ? "" : this.pick([" ", "\n", "\t", "\r", " \n "]);
  }
  public value(depth = 0): string {
    const kind = this.pick(
      depth < 4 ? ["text", "number", "word", "list", "object"] : ["text", "number", "word"],
    );
    if (kind === "text") return `"${this.pick(TEXTS)}"`;
    if (kind === "number") return this.pick(["0", "-1.5e3", "12", "1E-7"]);
    if (kind === "word") return this.pick(["true", "false", "null"]);
    const items = Array.from({ length: Math.floor(this.next() * 4) }, () => this.value(depth + 1));
    if (kind === "list") return this.list(items);
    return this.object(items.map((item, index) => [`k${index}${this.pick(TEXTS)}`, item]));
  }
  public list(items: readonly string[]): string {
    return `[${this.blank()}${items.join(`${this.blank()},${this.blank()}`)}${this.blank()}]`;
  }
  public object(members: readonly (readonly [name: string, value: string])[]): string {
    const all = members.map(([name, value]) => `"${name}"${this.blank()}:${this.blank()}${value}`);
    return `{${this.blank()}${all.join(`${this.blank()},${this.blank()}`)}${this.blank()}}`;
  }
}

/** A text, and what is to be said of it. */
type Due = readonly [text: string, says: string];

/** Objects, and the texts of their members. */
function objects(): Due[] {
  const write = new Writer(20261127);
  const generated = Array.from({ length: 300 }, (): Due => {
    const members = Array.from(
      { length: 4 },
      (_, index) => [`m${index}${write.pick(TEXTS)}`, write.value()] as const,
    );
    const says = members
      .map(([name, value]) => `${JSON.parse(`"${name}"`) as string}=${value};`)
      .sort()
      .join("");
    return [write.blank() + write.object(members) + write.blank(), says];
  });
  return [
    ...generated,
    ...([
      ["{}", ""],
      [" { } ", ""],
      ['{"a":1}', "a=1;"],
      ['{"a":1}x', "a=1;"],
      ['{"a":"\\\\"}', 'a="\\\\";'],
      ['{"a":"]","b":[ "]" , {"c":"}"} ]}', 'a="]";b=[ "]" , {"c":"}"} ];'],
      ['{"a":[[]],"b":{}}', "a=[[]];b={};"],
      ['{"\\u0061":1}', "a=1;"],
      ["[]", "nil"],
      ["1", "nil"],
      ['"a"', "nil"],
      ...[
        "",
        " ",
        "{",
        '{"a"',
        '{"a":',
        '{"a":1',
        '{"a":1,',
        '{"a" 1}',
        '{"a":1 "b":2}',
        '{"a":1]',
        "{1:2}",
      ].map((text): Due => [text, "!"]),
      ...['{"a":1,"a":2}', '{"a":1,"\\u0061":2}', '{"a":[1}', '{"a":"b}', "{,}"].map((text): Due => [
        text,
        "!",
      ]),
    ] as Due[]),
  ];
}

/** Lists of tools for each reader, and what is left of them. */
function lists(): { reader: number; due: Due }[] {
  const write = new Writer(4);
  const generated = Array.from({ length: 400 }, () => {
    const reader = Math.floor(write.pick([0, 1, 2, 3, 4, 5]));
    const [, shown] = READERS[reader] as (typeof READERS)[number];
    const tools = Array.from({ length: write.pick([0, 1, 2, 3, 5]) }, () => {
      const name = write.pick(NAMES);
      const members = [["name", `"${name}"`] as const, ["inputSchema", write.value()] as const];
      const whole = write.pick([0, 1, 2, 3, 4]) > 0;
      return whole
        ? {
            text: write.object(write.pick([0, 1]) === 0 ? members : [...members].reverse()),
            kept: shown.includes(name),
          }
        : {
            text: write.pick(["null", "1", "{}", '{"name":1}', '"one"', '["one"]', '{"name":null}']),
            kept: false,
          };
    });
    const around = (list: string, before: readonly string[]) => {
      const [a, b, c, d, e, f] = before as [string, string, string, string, string, string];
      return `{"jsonrpc":"2.0",${a}"id":7${b},"result":${c}{"nextCursor":"tools"${d},"tools"${e}:${f}${list}}}`;
    };
    const blanks = Array.from({ length: 6 }, () => write.blank());
    const kept = tools.filter((tool) => tool.kept).map(({ text }) => text);
    const text = around(write.list(tools.map(({ text }) => text)), blanks);
    const says = `${around(`[${kept.join(",")}]`, blanks)} ${tools.length - kept.length}`;
    return { reader, due: [text, says] as Due };
  });
  const deep = (levels: number) => `{"result":{"tools":[${"[".repeat(levels)}${"]".repeat(levels)}]}}`;
  const many = (values: number) => `{"result":{"tools":[[${Array(values).fill("1").join(",")}]]}}`;
  const same = [
    '{"result":{}}',
    "{}",
    "[]",
    "1",
    '{"result":[]}',
    '{"tools":[{"name":"secret"}]}',
    '{"error":{"code":1}}',
  ];
  const broken = [
    '{"result":{"tools":{}}}',
    '{"result":{"tools":1}}',
    '{"result":{"tools":null}}',
    "",
    "{",
    '{"result":{"tools":[}}',
  ];
  return [
    ...generated,
    ...[
      ...same.map((text): Due => [text, `${text} 0`]),
      ...broken.map((text): Due => [text, "!"]),
      [deep(61), '{"result":{"tools":[]}} 1'] as Due,
      [deep(62), "!"] as Due,
      [many(199_996), '{"result":{"tools":[]}} 1'] as Due,
      [many(199_997), "!"] as Due,
      ['{"result":{"tools":[{"name":"one"},{"name":"one","name":"secret"}]}}', "!"] as Due,
    ].map((due) => ({ reader: 0, due })),
  ];
}

const OBJECTS = objects();
const LISTS = lists();

const MEMBERS = `answer(function(text)
  local fine, found = pcall(members, text, 1)
  if not fine then return type(found) == "table" and found.unreadable and "!" or "CRASH " .. tostring(found) end
  if not found then return "nil" end
  local out = {}
  for name, at in pairs(found) do out[#out + 1] = name .. "=" .. sub(text, at, behind(text, at) - 1) .. ";" end
  table.sort(out)
  return (quote(table.concat(out)))
end)`;
const SHORTEN = `local READERS = { ${READERS.map(([caller]) => `{${caller}}`).join(",")} }
answer(function(given)
  local fine, text, hidden = pcall(shorten, sub(given, 2), READERS[tonumber(sub(given, 1, 1)) + 1])
  if not fine then return type(text) == "table" and text.unreadable and "!" or "CRASH " .. tostring(text) end
  return (quote(text .. " " .. hidden))
end)`;

const opened = (line: string) => (line.startsWith('"') ? (JSON.parse(line) as string) : line);

/** What a program with these functions says of an object's members, or of a list, and should not. */
export async function wrongLists(program: string = source()): Promise<string[]> {
  const whole = `STAGE = "policy" ${program}`;
  const [members, left] = await Promise.all([
    runUnit(
      whole,
      MEMBERS,
      OBJECTS.map(([text]) => text),
      ENV,
    ),
    runUnit(
      whole,
      SHORTEN,
      LISTS.map(({ reader, due: [text] }) => `${reader}${text}`),
      ENV,
    ),
  ]);
  const wrong = (due: readonly Due[], said: readonly string[]) =>
    due.flatMap(([text, says], index) => {
      const got = opened(said[index] as string);
      return got === says ? [] : [`${text.slice(0, 200)}: ${got.slice(0, 200)}, not ${says.slice(0, 200)}`];
    });
  return [
    ...wrong(OBJECTS, members),
    ...wrong(
      LISTS.map(({ due }) => due),
      left,
    ),
  ];
}
