import type { TerraformJson } from "../../lib/terraform/plan";
import { synthExampleText, type ExampleName } from "../support/examples";
import { CORPUS } from "../tokens/corpus";
import { written } from "../tokens/rendered";
import { keyOf } from "./classes";
import { mutationsOf } from "./mutations";

/** The file of an example. */
export function exampleFile(name: ExampleName): TerraformJson {
  return JSON.parse(synthExampleText(name)) as TerraformJson;
}

/**
 * Configurations with what `complete` has not: split servers, mirrored keys, proxies and watched secrets; exact limits, every
 * grant and what is given; isolation, certificates of clients, Cloudflare; a given load balancer and web ACL.
 */
export const BEYOND: Readonly<Record<string, () => TerraformJson>> = {
  payments: () => exampleFile("payments"),
  given: () => corpusFile("given"),
  other: () => corpusFile("other"),
  behind: () => corpusFile("behind"),
};

function corpusFile(name: keyof typeof CORPUS): TerraformJson {
  const config = CORPUS[name];
  if (config === undefined) throw new Error(`the corpus has no ${name}`);
  return written(config, []) as unknown as TerraformJson;
}

/** Keys of every class of a file. */
export function keysOf(file: TerraformJson): Set<string> {
  return new Set([...mutationsOf(file)].map(keyOf));
}
