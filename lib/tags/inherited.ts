import { TerraformStack, Tokenization, type TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import type { Inherited } from "./model";

/** What names a provider, or is no configuration at all: that is told by whoever checks it. */
type Providing = { readonly providers?: { readonly default?: TerraformProvider } } | undefined;

/**
 * What a provider adds to the tags of whatever it makes: the one that a configuration names, or the stack's own without an alias, which has to be
 * there already. Overrides of a provider and variables of Terraform's environment are not seen here: the checklist judges
 * the written file.
 */
export function inheritedTags(scope: Construct, config?: Providing): Inherited {
  const one = config?.providers?.default ?? TerraformStack.of(scope).allProviders().find(isUsual);
  const given = (one as { defaultTagsInput?: unknown } | undefined)?.defaultTagsInput;
  if (given === undefined) return {};
  if (!Array.isArray(given)) return "unknown";
  const blocks = given as readonly { readonly tags?: unknown }[];
  const tags = blocks.map((block) => block.tags ?? {});
  if (tags.some((each) => !isWritten(each))) return "unknown";
  return Object.assign({}, ...tags) as Inherited;
}

function isUsual({ terraformResourceType: type, alias }: TerraformProvider): boolean {
  return type === "aws" && alias === undefined;
}

/** Whether its keys are known. */
function isWritten(tags: unknown): boolean {
  return (
    typeof tags === "object" &&
    !Tokenization.isResolvable(tags) &&
    !Object.keys(tags as object).some((key) => key.includes("TfToken["))
  );
}
