import {
  GENERATED_FIELDS,
  TEMPLATE_PLACEHOLDER,
  type CharacterClass,
  type GeneratedSettings,
} from "../runtime/rotation-env";
import type { Check, Fields } from "../validation";
import type { GeneratedSecretConfig } from "./config";
import type { ResolveDays } from "./rules";

/** A random text of the server's own. */
export interface GeneratedModel {
  readonly name: string;
  readonly env: string;
  /** Field of the value that the variable holds; absent for the whole. */
  readonly field: string | undefined;
  /** What the function is told. */
  readonly settings: GeneratedSettings;
  readonly rotateDays: number;
}

/** 48 characters of 62 are 285 bits. */
const LENGTH = 48;
/** What 16 letters and digits hold: shorter alphabets need longer texts. */
const LEAST_BITS = 95;

const LETTERS_AND_DIGITS = 62;
const CLASSES: Readonly<Record<CharacterClass, RegExp>> = {
  lower: /[a-z]/,
  upper: /[A-Z]/,
  digit: /[0-9]/,
  symbol: /[^A-Za-z0-9]/,
};

/** Fields of the kind. */
export const GENERATED = {
  kind: true,
  env: true,
  length: true,
  alphabet: true,
  require: true,
  template: true,
  inject: true,
  rotateDays: true,
} satisfies Fields<GeneratedSecretConfig>;

/** Resolves a random text. */
export function resolveGenerated(
  name: string,
  secret: GeneratedSecretConfig,
  check: Check,
  resolveDays: ResolveDays,
): GeneratedModel {
  const { env, length = LENGTH, alphabet, require, template, inject = "current" } = secret;
  const isLength = check.at("length").integer(length, { min: 16, max: 128, unit: "characters" });
  if (alphabet !== undefined) checkAlphabet(alphabet, check.at("alphabet"));
  if (isLength) checkStrength(length, alphabet, check);
  if (require !== undefined) checkClasses(require, alphabet, check.at("require"));
  checkTemplate(template, check.at("template"));
  checkInject(inject, template, check.at("inject"));
  return {
    name,
    env,
    field: inject === "json" ? undefined : inject,
    settings: {
      length,
      ...(alphabet === undefined ? {} : { alphabet }),
      ...(require === undefined ? {} : { require }),
      ...(template === undefined ? {} : { template }),
    },
    rotateDays: resolveDays(secret.rotateDays, check.at("rotateDays")),
  };
}

function checkAlphabet(alphabet: string, check: Check): void {
  if (!check.literal(alphabet)) return;
  const form = "printable ASCII characters without the blank";
  if (!check.text(alphabet, { pattern: /^[!-~]+$/, form, min: 10, max: 94 })) return;
  const twice = [...alphabet].find((each, index) => alphabet.indexOf(each) !== index);
  if (twice !== undefined)
    check.problem("duplicate", `holds ${twice} twice, which would come up twice as often`, "name each once");
}

/** A short text of few characters is guessed. */
function checkStrength(length: number, alphabet: string | undefined, check: Check): void {
  if (check.isToken(length) || (alphabet !== undefined && typeof alphabet !== "string")) return;
  const size = alphabet === undefined ? LETTERS_AND_DIGITS : new Set(alphabet).size;
  const bits = Math.floor(length * Math.log2(size));
  if (size < 2 || bits >= LEAST_BITS) return;
  check
    .at("length")
    .problem(
      "unsafe",
      `gives ${bits} bits with ${size} characters to choose from, expected at least ${LEAST_BITS}`,
      `raise it to ${Math.ceil(LEAST_BITS / Math.log2(size))}, or choose from more characters`,
    );
}

function checkClasses(require: readonly CharacterClass[], alphabet: string | undefined, check: Check): void {
  const seen = new Set<string>();
  for (const [each, at] of check.list(require, { max: 4 })) {
    if (!at.oneOf(each, ["lower", "upper", "digit", "symbol"])) continue;
    if (seen.has(each)) at.problem("duplicate", `is ${each} again`, "name each once");
    seen.add(each);
    const holds = alphabet === undefined ? each !== "symbol" : CLASSES[each].test(alphabet);
    if (!holds)
      at.problem(
        "conflict",
        `is ${each}, and the alphabet holds none`,
        "add some to alphabet, or leave it out",
      );
  }
}

function checkTemplate(template: GeneratedSecretConfig["template"], check: Check): void {
  const entries = check.entries(template, {
    pattern: /^[a-zA-Z][a-zA-Z0-9_]*$/,
    form: "letters, digits and _, beginning with a letter",
    max: 64,
  });
  if (entries.length > 20)
    check.problem("over-budget", `has ${entries.length} fields, expected at most 20`, "remove some");
  for (const [field, text, at] of entries) {
    if ([...GENERATED_FIELDS, "json"].includes(field))
      at.problem("conflict", "is a name of ours", "choose another");
    else if (at.literal(text) && at.text(text, { max: 1000 }) && !text.includes(TEMPLATE_PLACEHOLDER))
      at.problem(
        "conflict",
        `does not hold ${TEMPLATE_PLACEHOLDER}: it would be the same text for ever`,
        "put the placeholder where the secret belongs, or use run.env",
      );
  }
}

function checkInject(inject: string, template: GeneratedSecretConfig["template"], check: Check): void {
  const fields = typeof template === "object" && template !== null ? Object.keys(template) : [];
  check.oneOf(inject, ["current", "json", ...fields]);
}
