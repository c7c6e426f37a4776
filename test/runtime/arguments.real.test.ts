import { judgeArguments } from "../../lib/policy/judge";
import { swapped } from "../support/swapped";
import { describeUnless } from "../support/toolchain";
import { EDGES, compareJudges, flat, generate, type Calls } from "./arguments-cases";
import { judgeByLua } from "./arguments-lua";
import { fetchLuaJit, missingLuaJit, part } from "./luajit";

const SEED = 20261125;

/** Each takes one protection out of the program. */
const MUTANTS: [what: string, from: string, to: string][] = [
  ["unknown arguments", "if has_others(object, schema.fields) then", "if false then"],
  ["missing arguments", "elseif field.required then", "elseif false then"],
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
    'if outside(value[0], schema) then argument_invalid(path, "items")',
    "if false then",
  ],
  ["items", "check_value(value[index], schema.items)", ""],
  ["repetition", "if schema.unique then", "if false then"],
  ["how many fields", 'if outside(size_of(value), schema) then argument_invalid(path, "fields") end', ""],
  ["fields", "check_fields(value, schema)", ""],
  [
    "which object",
    "schema = schema.one[value[schema.by]] or",
    "local _, one = next(schema.one) schema = one or",
  ],
  ["patterns", "if schema.pattern then", "if false then"],
  ["values but the last of a pattern", '(gathered[schema.pattern] or "") .. "\\n" .. text', '"\\n" .. text'],
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
      const mutant = swapped(part("arguments"), from, to);
      // A mutant that fails outright is told, too.
      const said = await judgeByLua(all, mutant).catch(() => []);
      if (right.every((taken, index) => (said[index] === undefined) === taken)) alive.push(what);
    }
    expect(alive).toEqual([]);
  });
});
