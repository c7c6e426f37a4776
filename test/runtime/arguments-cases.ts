import Ajv2020 from "ajv/dist/2020";
import fc from "fast-check";
import type { ArgumentConfig } from "../../lib/policy/config";
import { checkArguments } from "../../lib/policy/arguments";
import { jsonSchemaOf } from "../../lib/policy/argument-schema";
import { judgeArguments } from "../../lib/policy/judge";
import { Check } from "../../lib/validation";
import { declarations, nearly } from "../policy/generate";
import { judgeByLua, type Case } from "./arguments-lua";

/** How many calls two judges agreed on. */
export interface Agreement {
  readonly taken: number;
  readonly refused: number;
}

/** A table of arguments, and calls near it as JSON text. */
export interface Calls {
  readonly declared: Readonly<Record<string, ArgumentConfig>>;
  readonly sent: readonly string[];
}

const words = {
  type: "array",
  maxItems: 3,
  items: { type: "string", maxLength: 9, pattern: "[a-z]+" },
} as const;

/** What is seldom generated: the ends of whole numbers, their multiples, and patterns over several values. */
export const EDGES: readonly Calls[] = [
  {
    declared: { n: { type: "integer" } },
    sent: [
      "9007199254740991",
      "9007199254740992",
      "-9007199254740991",
      "-9007199254740992",
      "1e15",
      "-0",
      "1.0",
    ].map((n) => `{"n":${n}}`),
  },
  {
    declared: { n: { type: "integer", multipleOf: 7 } },
    sent: ["0", "-7", "14", "15", "9007199254740985", "9007199254740991"].map((n) => `{"n":${n}}`),
  },
  {
    declared: { n: { type: "number", exclusiveMinimum: 0, exclusiveMaximum: 1.5 } },
    sent: ["0", "5e-324", "1.5", "1.4999999999999998", "1.4999999999999999", "-0.0"].map((n) => `{"n":${n}}`),
  },
  {
    declared: {
      s: { type: "string", maxLength: 3, pattern: "[a-z]*" },
      t: { type: "string", maxLength: 3, pattern: "[a-z]*" },
    },
    sent: [
      ...["", "a", "abc", "abcd", "\na", "a\nb", "\n", "A"].map((s) => JSON.stringify({ s })),
      ...[
        ["a", "b"],
        ["a", "B"],
        ["A", "b"],
        ["", ""],
      ].map(([s, t]) => JSON.stringify({ s, t })),
    ],
  },
  {
    declared: { w: words },
    sent: [["a", "b"], ["A", "b"], ["a", "B"], ["a\nb"], ["a\n"], [], [""], ["a", "a"]].map((w) =>
      JSON.stringify({ w }),
    ),
  },
];

/** Tables that the check takes, each with calls. */
export function generate(seed: number, tables: number, calls: number): Calls[] {
  const usable = declarations
    .map((declared) => {
      const check = Check.start(() => false);
      const table = checkArguments(declared, check);
      return check.problems.length > 0 ? undefined : table;
    })
    .filter((table) => table !== undefined);
  const sets = usable.chain((declared) =>
    fc
      .array(
        nearly(declared).map((given) => JSON.stringify(given)),
        { minLength: calls, maxLength: calls },
      )
      .map((sent) => ({ declared, sent })),
  );
  return fc.sample(sets, { numRuns: tables, seed });
}

/** The same, a call each. */
export function flat(sets: readonly Calls[]): Case[] {
  return sets.flatMap(({ declared, sent }) => sent.map((one) => ({ declared, sent: one })));
}

/**
 * Asks the gateway's Lua, the reference in TypeScript and ajv.
 * @throws Error at the first call on which they differ
 */
export async function compareJudges(sets: readonly Calls[]): Promise<Agreement> {
  const all = flat(sets);
  const lua = await judgeByLua(all);
  const ajv = new Ajv2020({ strict: false, ownProperties: true });
  let [taken, index] = [0, 0];
  for (const { declared, sent } of sets) {
    const schema = ajv.compile(jsonSchemaOf(declared));
    for (const one of sent) {
      const value: unknown = JSON.parse(one);
      const reference = judgeArguments(declared, value) === undefined;
      // ajv passes over a property of this name.
      const blind = JSON.stringify(declared).includes("__proto__");
      const verdicts = {
        lua: lua[index] === undefined,
        reference,
        schema: blind ? reference : schema(value),
      };
      if (new Set(Object.values(verdicts)).size > 1) {
        const said = `${JSON.stringify(verdicts)} (${lua[index]})`;
        throw new Error(`${said} on ${JSON.stringify(declared)} for ${one}`);
      }
      if (reference) taken++;
      index++;
    }
  }
  return { taken, refused: all.length - taken };
}
