import { BASE, checkProviders, resolveBase, type BaseModel } from "../base-model";
import { KEY_ARN } from "../given-model";
import type { Inherited } from "../tags/model";
import { ConfigurationError, type Check, type Fields } from "../validation";
import { isExisting } from "../validation/existing";
import type { KeyConfig, PartConfig } from "./config";

/** A part's configuration with every default resolved, and what a reader should know although it stops nothing. */
export interface ResolvedPart<T> {
  readonly base: BaseModel;
  readonly slice: T;
  readonly warnings: readonly string[];
}

/** Names of the fields that every part has. */
export const PART = { ...BASE, providers: true } as const satisfies Fields<PartConfig>;

/** What a part is checked with, and the tags that its provider adds. */
export interface PartFacts {
  readonly check: Check;
  readonly inherited: Inherited | undefined;
}

/**
 * Resolves a part: its own fields by `slice`, the others as the platform does.
 * @throws ConfigurationError with every problem
 */
export function resolvePart<C extends PartConfig, T>(
  config: C,
  { check, inherited }: PartFacts,
  fields: Fields<C>,
  slice: (base: BaseModel) => T,
  providers: Readonly<Record<string, true>> = { default: true },
): ResolvedPart<T> {
  if (!check.object(config, fields)) throw new ConfigurationError(check.problems);
  const base = resolveBase(config, check, inherited);
  checkProviders(config.providers, check.at("providers"), providers);
  const resolved = slice(base);
  if (check.problems.length > 0) throw new ConfigurationError(check.problems);
  return { base, slice: resolved, warnings: check.warnings };
}

/** The ARN of a key that is given; nothing where one is to be made. */
export function resolveKey(config: KeyConfig | undefined, check: Check): string | undefined {
  if (config === undefined || !isExisting(config, check)) return undefined;
  type Existing = Extract<KeyConfig, { kind: "existing" }>;
  if (!check.object(config, { kind: true, arn: true } satisfies Fields<Existing>)) return undefined;
  check.at("arn").text(config.arn, KEY_ARN);
  return config.arn;
}
