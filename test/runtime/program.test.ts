import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { loader, LOADER_PARTS, PARTS, program, stage, stripLua } from "../../lib/gateway/envoy/program";

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

test.each(["x = [[text]]", "--[[ comment ]]", "x = [==[text]==]"])("%s is refused", (source) => {
  expect(() => stripLua(source)).toThrow("long bracket");
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
  const read = [...program().matchAll(/getenv\(([^)]*)\)/g)].map((match) => match[1]);
  expect(read).toEqual(["variable"]);
  expect(program()).toContain("'HMCP_KEYS_'");
  expect(stage("auth")).toContain("HMCP_LOADER");
  expect([...loader().matchAll(/'HMCP_[A-Z]+'/g)].map(String)).toEqual(["'HMCP_LUA'", "'HMCP_POLICY'"]);
});
