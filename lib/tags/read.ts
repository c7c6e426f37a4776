import { blockAt, blocksOf, texts } from "../audit/read";
import { isBelow } from "../checklist/engine";
import { readManifest } from "../checklist/manifest";
import { isExpression, type Block, type Plan } from "../terraform/plan";
import type { RequiredTags } from "./config";

/** Tags that a resource will bear, as the written file tells. */
export interface BorneTags {
  readonly tags: Readonly<Record<string, unknown>>;
  /** Whether there are no others: nothing of them is known only at deployment. */
  readonly isWhole: boolean;
  /** Whether Terraform leaves the tags of a key as it finds them. */
  readonly isLeft: (key: string) => boolean;
}

/** Whether anybody in this file requires tags. */
export function isAsked({ source }: Plan): boolean {
  return readManifest(source).some(({ requiredTags }) => requiredTags !== undefined);
}

/**
 * What is asked of the tags of a block, by whoever made it. Of one that does not say who has made it, everything that
 * anybody asks for.
 */
export function requiredOf({ path }: Block, { source }: Plan): RequiredTags {
  const asking = readManifest(source).filter(({ requiredTags }) => requiredTags !== undefined);
  return Object.assign(
    {},
    ...asking
      .filter((entry) => path === "" || isBelow(path, entry.path))
      .map(({ requiredTags }) => requiredTags),
  ) as RequiredTags;
}

/** The tags of a block, with those of its provider. A printed plan has computed them already. */
export function tagsOf({ body }: Block, plan: Plan): BorneTags {
  const all = written(body.tags_all);
  if (plan.isPrinted && all.isWhole && body.tags_all !== undefined) return { ...all, isLeft: () => false };
  const provider = providerOf(body.provider, plan);
  const inherited = written(blockAt(provider, "default_tags").tags);
  const own = written(body.tags);
  return {
    tags: { ...inherited.tags, ...own.tags },
    isWhole: own.isWhole && inherited.isWhole && !plan.isPrinted && !mayAdd(provider),
    isLeft: isLeftBy(provider),
  };
}

/** Tags as they are written: a value that is null is none. */
function written(tags: unknown): Pick<BorneTags, "tags" | "isWhole"> {
  if (tags === undefined || tags === null) return { tags: {}, isWhole: true };
  if (typeof tags !== "object") return { tags: {}, isWhole: false };
  const entries = Object.entries(tags).filter(([, value]) => value !== null && value !== undefined);
  const known = entries.filter(([key]) => !isExpression(key));
  return { tags: Object.fromEntries(known), isWhole: known.length === entries.length };
}

type Fields = Readonly<Record<string, unknown>>;

/** The configuration of a block's provider; without an alias where it names none. */
function providerOf(named: unknown, { source }: Plan): Fields {
  const [, alias] = typeof named === "string" ? named.replace(/^\$\{(.*)\}$/, "$1").split(".") : [];
  const providers = blocksOf(blockAt(source.provider).aws);
  return providers.find((one) => (one.alias ?? undefined) === alias) ?? {};
}

/** Whether a provider may have tags that are not written. */
function mayAdd(provider: Fields): boolean {
  return isExpression(provider.default_tags) || blockAt(provider, "dynamic").default_tags !== undefined;
}

function isLeftBy(provider: Fields): BorneTags["isLeft"] {
  const { keys, key_prefixes: prefixes } = blockAt(provider, "ignore_tags");
  return (key) => texts(keys).includes(key) || texts(prefixes).some((prefix) => key.startsWith(prefix));
}
