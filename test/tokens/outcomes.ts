import { App, TerraformStack } from "cdktf";
import type { HardenedMcpConfig } from "../../lib";
import { resolveHardenedMcp } from "../../lib/model";
import { isToken } from "../../lib/terraform";
import { Check, ConfigurationError, formatProblem, type Problem } from "../../lib/validation";
import { fieldsOf, type Field } from "./fields";
import { occurrences, withValue } from "./places";
import { tokenOf, type Handed } from "./rendered";

/** Every field of what users write. */
export const FIELDS: readonly Field[] = fieldsOf({ "config.ts": ["HardenedMcpConfig"] });

/** What a configuration's check says of a value that is known only at deployment. */
export interface Outcome extends Handed {
  /** As messages write it. */
  readonly path: string;
  readonly declared: string;
  /** Nothing when the value is taken. */
  readonly problems: readonly Problem[];
}

/** Hands over a token at every place of a configuration in turn. Anything but a refusal by name is thrown on. */
export function outcomes(config: HardenedMcpConfig): Outcome[] {
  return outcomesOf(config, FIELDS, (changed) => resolveHardenedMcp(changed as HardenedMcpConfig, isToken));
}

/** The same for a configuration with other fields, which `resolve` checks. */
export function outcomesOf(
  config: unknown,
  fields: readonly Field[],
  resolve: (changed: unknown) => unknown,
): Outcome[] {
  const stack = new TerraformStack(new App(), "tokens");
  let count = 0;
  return fields.flatMap((field) =>
    occurrences(config, field).map(({ keys, value }): Outcome => {
      const kind = field.kind === "closed" && typeof value === "number" ? "number" : field.kind;
      const changed = withValue(config, keys, tokenOf(stack, `v${count++}`, kind));
      const { path } = Check.start(isToken).at(...keys);
      const problems = problemsOf(() => resolve(changed), path);
      return { keys, value, kind, path, declared: field.declared, problems };
    }),
  );
}

function problemsOf(resolve: () => unknown, path: string): readonly Problem[] {
  try {
    resolve();
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw new Error(`a token at ${path} breaks the check itself`, { cause: error });
  }
}

/** The refusals, a line each. */
export const lines = (problems: readonly Problem[]): string[] => problems.map(formatProblem);
