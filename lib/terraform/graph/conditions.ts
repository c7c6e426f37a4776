import { blockAt, texts, type Fields } from "../../audit/read";

/** Whether something holds: for certain, for certain not, or as somebody arranges it. */
export type Truth = "yes" | "no" | "maybe";

/** Values of condition keys that are known; all others may be anything. */
export type Context = Readonly<Record<string, readonly string[]>>;

type Test = (wanted: string, value: string) => boolean;

const TESTS: Readonly<Record<string, Test>> = {
  StringEquals: (wanted, value) => wanted === value,
  StringEqualsIgnoreCase: (wanted, value) => wanted.toLowerCase() === value.toLowerCase(),
  StringLike: (wanted, value) => isLike(wanted, value),
  ArnEquals: (wanted, value) => isLike(wanted, value),
  ArnLike: (wanted, value) => isLike(wanted, value),
  Bool: (wanted, value) => wanted.toLowerCase() === value.toLowerCase(),
};

/** Whether the conditions of a statement are met, as far as it can be known. */
export function meets(statement: Fields, context: Context): Truth {
  const answers = Object.keys(blockAt(statement, "Condition")).flatMap((operator) =>
    Object.entries(blockAt(statement, "Condition", operator)).map(([key, wanted]) =>
      condition(operator, texts(wanted), valuesOf(context, key)),
    ),
  );
  if (answers.includes("no")) return "no";
  return answers.includes("maybe") ? "maybe" : "yes";
}

function condition(
  operator: string,
  wanted: readonly string[],
  values: readonly string[] | undefined,
): Truth {
  if (values === undefined) return "maybe";
  const name = operator.replace(/^For(Any|All)Values?:/, "").replace(/IfExists$/, "");
  if (name === "Null") return wanted.includes("false") ? "yes" : "no";
  const test = TESTS[name.replace("Not", "")];
  if (test === undefined) return "maybe";
  const some = values.some((value) => wanted.some((each) => test(each, value)));
  return some === !name.includes("Not") ? "yes" : "no";
}

/** Keys know no capitals. */
function valuesOf(context: Context, key: string): readonly string[] | undefined {
  return Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
}

/** `*` is any text, `?` any one character. Takes the product of both lengths at most, whatever the pattern. */
export function isLike(pattern: string, value: string, anyCase = false): boolean {
  if (pattern === "*") return true;
  return anyCase ? fits(pattern.toLowerCase(), value.toLowerCase()) : fits(pattern, value);
}

function fits(pattern: string, text: string): boolean {
  let [at, inText] = [0, 0];
  // Where the last star stands, and how much of the text it has taken.
  let [star, taken] = [-1, 0];
  while (inText < text.length) {
    const sign = pattern[at];
    if (sign === "*") {
      [star, taken] = [at, inText];
      at += 1;
    } else if (sign !== undefined && (sign === "?" || sign === text[inText])) {
      at += 1;
      inText += 1;
    } else {
      if (star === -1) return false;
      taken += 1;
      [at, inText] = [star + 1, taken];
    }
  }
  while (pattern[at] === "*") at += 1;
  return at === pattern.length;
}
