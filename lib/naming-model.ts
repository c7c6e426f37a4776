import type { NamingConfig } from "./config";
import { PLAIN_PATTERN, prefixOf } from "./terraform/naming";
import { NAME, type Check, type Fields } from "./validation";

/** How resources are named, with every default resolved. */
export type NamingModel = Required<NamingConfig>;

/** As long as the longest name and environment together. */
const MOST_PREFIX = 33;
/** What stands around the places in a pattern: the shortest names that AWS takes have 32 characters. */
const MOST_AROUND = 12;

/** Resolves how resources are named. */
export function resolveNaming(
  config: NamingConfig | undefined,
  { name, environment }: { readonly name: string; readonly environment: string },
  check: Check,
): NamingModel {
  const plain = { prefix: prefixOf({ name, environment }), pattern: PLAIN_PATTERN };
  const fields = { prefix: true, pattern: true } satisfies Fields<NamingConfig>;
  if (config === undefined || !check.object(config, fields)) return plain;
  const { prefix = plain.prefix, pattern = plain.pattern } = config;
  if (config.prefix !== undefined) checkPrefix(prefix, check.at("prefix"));
  return { prefix, pattern: checkPattern(pattern, check.at("pattern")) ? pattern : plain.pattern };
}

/** Names and addresses derive from it, so that no token can stand for it. */
export function checkPrefix(prefix: string, check: Check, max = MOST_PREFIX): void {
  if (typeof prefix === "string" && /^internal(-|$)/.test(prefix)) {
    check.problem(
      "conflict",
      `is ${check.show(prefix)}, and AWS refuses load balancers named internal-…`,
      "choose another name",
    );
  }
  if (check.literal(prefix, "names of resources and addresses derive from it: write the name itself")) {
    check.text(prefix, { pattern: NAME.pattern, form: NAME.form, max, fix: "choose a short name" });
  }
}

function checkPattern(pattern: string, check: Check): boolean {
  if (!check.literal(pattern, "write the pattern itself")) return false;
  const form = {
    pattern: /^(?=.*\{prefix\})(?=.*\{what\})(?:\{(?:prefix|what)\}|[a-z0-9-])+$/,
    form: "lower-case letters, digits and dashes with {prefix} and {what}, as {prefix}-{what}-shared",
  };
  if (!check.text(pattern, form)) return false;
  const fix = "write {prefix} and {what} once each, with a dash between, as {prefix}-{what}-shared";
  const [first = "", ...rest] = pattern.split(/\{(?:prefix|what)\}/);
  if (rest.length !== 2) return check.problem("wrong-type", "names a place twice", fix);
  const [between = "", last = ""] = rest;
  if (!between.includes("-") || /^-|--|-$|^\d/.test(`${first}x${between}x${last}`))
    return check.problem("wrong-type", "gives names that AWS refuses or that run together", fix);
  const around = first.length + between.length + last.length;
  return (
    around <= MOST_AROUND ||
    check.problem(
      "out-of-range",
      `has ${around} characters around its places, expected at most ${MOST_AROUND}`,
      "shorten it: the shortest names that AWS takes have 32 characters",
    )
  );
}
