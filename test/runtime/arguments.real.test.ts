import { judgeArguments } from "../../lib/policy/judge";
import { describeUnless } from "../support/toolchain";
import { EDGES, compareJudges, flat, generate, type Calls } from "./arguments-cases";
import { judgeByLua } from "./arguments-lua";
import { fetchLuaJit, missingLuaJit } from "./luajit";

const SEED = 20261125;

/** Each takes one protection out of the program. */
const MUTANTS: [what: string, from: string, to: string][] = [
  ["unknown arguments", "if not fields[name] then", "if false then"],
  ["missing arguments", "elseif schema.required then", "elseif false then"],
  ["the type", "elseif is ~= wanted then", "elseif false then"],
  ["whole numbers", "or value % 1 ~= 0", ""],
  ["the largest whole number", "or value > 9007199254740991", ""],
  ["the smallest whole number", "or value < -9007199254740991", ""],
  ["null", "if schema.null and value == NULL", "if value == NULL"],
  ["null where it may be", "if schema.null and value == NULL", "if false"],
  ["known values", "if not known then", "if false then"],
  ["upper bounds", "schema.max and number > schema.max or ", ""],
  ["lower bounds", " or schema.min and number < schema.min", ""],
  ["code points", "length_read(text), schema)", "#text, schema)"],
  ["the length of texts", "if outside(length_read(text), schema)", "if false"],
  ["the range of numbers", "if outside(value, schema) or", "if"],
  ["multiples", "schema.step and value % schema.step ~= 0", "false"],
  [
    "the length of lists",
    'if outside(value.count, schema) then argument_invalid(path, "items")',
    "if false then",
  ],
  ["items", "check_value(value.items[index], schema.items)", ""],
  ["repetition", "if schema.unique then", "if false then"],
  ["how many fields", 'if outside(value.count, schema) then argument_invalid(path, "fields") end', ""],
  ["fields", "check_fields(value, schema)", ""],
  [
    "which object",
    "schema = schema.one[value.fields[schema.by]] or",
    "local _, one = next(schema.one) schema = one or",
  ],
  ["patterns", "if schema.pattern then", "if false then"],
  ["values but the last of a pattern", 'before and before .. "\\n" .. text or text', "text"],
  ["line feeds", 'if find(text, "\\n", 1, true)', "if false"],
];

describeUnless([missingLuaJit()], "the gateway's judge of arguments", () => {
  let calls: Calls[];
  beforeAll(fetchLuaJit, 300_000);
  beforeAll(() => void (calls = [...EDGES, ...generate(SEED, 200, 10)]));

  test("says what the reference and a validator of JSON Schema say", async () => {
    const { taken, refused } = await compareJudges(calls);
    process.stdout.write(`arguments: ${taken} generated calls taken, ${refused} refused, seed ${SEED}\n`);
    expect(Math.min(taken, refused)).toBeGreaterThan(300);
  });

  test("is told from one that lacks any of its protections", async () => {
    const all = flat(calls);
    const right = all.map(({ declared, sent }) => judgeArguments(declared, JSON.parse(sent)) === undefined);
    const alive: string[] = [];
    for (const [what, from, to] of MUTANTS) {
      const change = (source: string) => {
        expect(source).toContain(from);
        return source.replace(from, () => to);
      };
      // A mutant that fails outright is told, too.
      const said = await judgeByLua(all, change).catch(() => []);
      if (right.every((taken, index) => (said[index] === undefined) === taken)) alive.push(what);
    }
    expect(alive).toEqual([]);
  });
});
