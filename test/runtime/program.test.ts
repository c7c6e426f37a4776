import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import {
  loader,
  oneLineEach,
  LOADER_PARTS,
  PARTS,
  program,
  readableProgram,
  stage,
  stripLua,
} from "../../lib/gateway/envoy/program";
import { shortNames } from "../../lib/gateway/envoy/short-names";

const FOLDER = join(__dirname, "..", "..", "lib", "runtime", "gateway");

test.each([
  ["a comment", "local a = 1 -- one\nlocal b", "local a=1\nlocal b"],
  ["a comment's sign in a text", 'x = "--no" -- yes', "x='--no'"],
  ["a quote in a text", `x = "it's"`, `x="it's"`],
  ["an escaped quote", 'x = "a\\"b"', `x='a"b'`],
  ["a backslash before the quote", 'x = "a\\\\" -- b', "x='a\\\\'"],
  ["a minus before a minus", "x = a - -b", "x=a- -b"],
  ["a number before dots", "x = 1 .. y", "x=1 ..y"],
  ["words", "if not x then return y end", "if not x then return y end"],
  ["a text between words", 'return "x" .. y', "return'x'..y"],
  ["brackets of an index", "x[ [1] ]", "x[ [1]]"],
  ["blank lines", "a()\n\n\n  b()", "a()b()"],
])("%s", (_what, source, stripped) => {
  expect(stripLua(source)).toBe(stripped);
});

test("a line ends where a function begins, and nowhere else", () => {
  expect(oneLineEach("local a=1\nlocal function b()return a end\nlocal c=b()\nreturn c")).toBe(
    "local a=1\nlocal function b()return a end local c=b() return c",
  );
  expect(
    program()
      .split("\n")
      .slice(1)
      .filter((line) => !line.startsWith("local function ")),
  ).toEqual([]);
});

test.each(["x = [[text]]", "--[[ comment ]]", "x = [==[text]==]"])("%s is refused", (source) => {
  expect(() => stripLua(source)).toThrow("long bracket");
});

test.each([
  ["locals", "local count=1 count=count+1", "local a=1 a=a+1"],
  ["parameters", "local function run(text)return text end", "local function b(a)return a end"],
  ["of a loop", "for key,value in pairs(t)do f(value)end", "for b,a in pairs(t)do f(a)end"],
  ["not what is a field", "local name=t.name", "local a=t.name"],
  ["not what is a key", "local name=f{id=1,name=2}", "local a=f{id=1,name=2}"],
  ["nor a key behind a function", "local n=f{g=function()n=1 end,n=2}", "local a=f{g=function()a=1 end,n=2}"],
  ["what is set, also behind a comma", "local one,two one,two=f{1}", "local a,b a,b=f{1}"],
  [
    "what is set in a function that stands in a table",
    "local n=f{function()local m,n m,n=1,2 end}",
    "local a=f{function()local b,a b,a=1,2 end}",
  ],
  ["what is compared behind a comma", "local name=f(1,name==2)", "local a=f(1,a==2)"],
  ["not what is a method", "local get=h:get()", "local a=h:get()"],
  ["not what Lua calls so", "local type,find=type(1),string.find", "local type,a=type(1),string.find"],
  ["not globals", "total=1 local sum=total", "total=1 local a=total"],
  ["never a name that is in use", "local long=a+b", "local c=a+b"],
  ["not what stands in a text", "local text='text'", "local a='text'"],
])("short names: %s", (_what, source, short) => {
  expect(shortNames(source)).toBe(short);
});

test("the program with short names is the program, name for name", () => {
  const words = (lua: string) => lua.match(/'[^']*'|[A-Za-z_]\w*/g) ?? [];
  const [long, short] = [words(readableProgram()), words(program())];
  const renamed = new Map<string, string>();
  const back = new Map<string, string>();
  long.forEach((name, index) => {
    const now = short[index] ?? "";
    // A field keeps the name that a local may have, too.
    if (now === name) return;
    expect([renamed.get(name) ?? now, back.get(now) ?? name]).toEqual([now, name]);
    renamed.set(name, now);
    back.set(now, name);
  });
  expect(short).toHaveLength(long.length);
  expect(program().length).toBeLessThan(readableProgram().length * 0.85);
});

test("the program is all of the folder, and has neither comments nor ways out of its sandbox", () => {
  const parts = [...LOADER_PARTS, ...PARTS];
  expect(readdirSync(FOLDER).sort()).toEqual(parts.map((part) => `${part}.lua`).sort());
  expect(loader() + program()).not.toMatch(/--/);
  const source = PARTS.map((part) => readFileSync(join(FOLDER, `${part}.lua`), "utf8")).join("\n");
  expect(source).not.toMatch(
    /\b(io\.(open|popen|read|write|lines)|os\.execute|os\.remove|loadstring|dofile|require\("ffi"\)|httpCall)/,
  );
});

test("reads its variables and no others", () => {
  const read = [...readableProgram().matchAll(/getenv\(([^)]*)\)/g)].map((match) => match[1]);
  expect(read).toEqual(["variable", "'ECS_CONTAINER_METADATA_URI_V4'", "'HMCP_TLS_KEY'"]);
  expect(program({ methods: true, sessions: false })).not.toContain("HMCP_TLS_KEY");
  expect(program()).toContain("'HMCP_KEYS_'");
  expect(stage("auth")).toContain("HMCP_LOADER");
  expect([...loader().matchAll(/'HMCP_[A-Z]+'/g)].map(String)).toEqual(["'HMCP_LUA'", "'HMCP_POLICY'"]);
});

test("has nothing of what a server does not need", () => {
  const without = (names: string[]) =>
    oneLineEach(
      shortNames(
        stripLua(
          PARTS.filter((part) => !names.includes(part))
            .map((part) => readFileSync(join(FOLDER, `${part}.lua`), "utf8"))
            .join("\n"),
        ),
      ),
    );
  expect(program({ methods: false, sessions: false })).toBe(without(["methods", "sessions"]));
  expect(program({ methods: true, sessions: false })).toBe(without(["sessions"]));
  expect(program({ methods: false, sessions: true })).toBe(without(["methods"]));
  expect(program()).toBe(without([]));
});
