import { readPattern } from "../policy/pattern";
import { nearest, type Check } from "../validation";
import type { RequiredTags, TagRule, Tags } from "./config";
import { wrongValue } from "./rules";

/** Tags that a provider adds to whatever it makes (`default_tags`), or that it adds some which nobody knows yet. */
export type Inherited = Tags | "unknown";

/** The tags of every resource, and what is asked of them. */
export interface TagsModel {
  readonly tags: Tags;
  readonly requiredTags: RequiredTags;
}

/** AWS takes 50 tags on a resource; up to 10 are ours: a deployment's, an alarm's, a name. */
const MAX_TAGS = 40;
const FIX = 'write "any", { oneOf: […] } or { pattern: "…" }';
const CHARACTERS = "letters, digits, spaces and _ . : / = + - @";
/** AWS keeps keys that begin with its name for itself, whatever the capitals. */
const KEY = {
  pattern: /^(?!aws:|hardened-mcp:)[\p{L}\p{N} _.:/=+@-]+$/iu,
  form: `${CHARACTERS}, not beginning with aws: or hardened-mcp:`,
  max: 128,
};
const VALUE = { pattern: /^[\p{L}\p{N} _.:/=+@-]*$/u, form: CHARACTERS, max: 256 };

/** The two tags that find everything of a deployment. */
function tagsOfOurs({ name, environment }: { name: string; environment: string }): Tags {
  return { "hardened-mcp:name": name, "hardened-mcp:environment": environment };
}

/**
 * Resolves the tags of a deployment: its own and ours. Of what is required, all that is missing is one problem. `check`
 * stands at what has `tags` and `requiredTags`.
 */
export function resolveTags(
  config: Partial<TagsModel> & { readonly name: string; readonly environment: string },
  check: Check,
  inherited: Inherited = {},
): TagsModel {
  const tags = readTags(config.tags, check.at("tags"), inherited);
  const requiredTags = resolveRequired(config.requiredTags, check.at("requiredTags"));
  checkRequired({ ...(inherited === "unknown" ? {} : inherited), ...tags }, requiredTags, check.at("tags"), {
    isWhole: inherited !== "unknown",
  });
  return { tags: { ...tags, ...tagsOfOurs(config) }, requiredTags };
}

/** The tags of a server's platform, and what that asks for. */
export interface PlatformTags extends TagsModel {
  readonly inherited: Inherited | undefined;
  /** Whether the platform's own have been held against what is required already. */
  readonly isChecked: boolean;
}

/** Resolves the tags of a server: the platform's, and its own in their place. `check` stands at its own. */
export function resolveServerTags(
  own: Tags | undefined,
  { tags, requiredTags, inherited = {}, isChecked }: PlatformTags,
  check: Check,
): TagsModel {
  const isWhole = inherited !== "unknown";
  const others = { ...(isWhole ? inherited : {}), ...withoutOurs(tags) };
  const read = readTags(own, check, others);
  if (isChecked) checkRequired(read, requiredTags, check, { isWhole: false });
  else checkRequired({ ...others, ...read }, requiredTags, check, { isWhole });
  return { tags: { ...tags, ...read }, requiredTags };
}

/** A platform as somebody describes it. `check` stands at it. */
export function resolvePlatformTags(
  platform: Partial<TagsModel>,
  check: Check,
  inherited: Inherited | undefined,
): PlatformTags {
  readTags(withoutOurs(platform.tags), check.at("tags"));
  const requiredTags = resolveRequired(platform.requiredTags, check.at("requiredTags"));
  return { tags: platform.tags ?? {}, requiredTags, inherited, isChecked: false };
}

/** Those that nobody may write. */
function withoutOurs(tags: Tags = {}): Tags {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !/^hardened-mcp:/.test(key)));
}

/** Tags as somebody wrote them, those of the right form. `check` stands at them, and `beside` are others of the same resources. */
export function readTags(tags: Tags | undefined, check: Check, beside: Inherited = {}): Tags {
  const others = beside === "unknown" ? {} : beside;
  const entries = check.entries(tags, KEY);
  const count = new Set([...Object.keys(others), ...entries.map(([key]) => key)]).size;
  const more = Object.keys(others).length === 0 ? "" : " with those that come from elsewhere";
  if (entries.length > 0 && count > MAX_TAGS)
    check.problem("over-budget", `has ${count} tags${more}, expected at most ${MAX_TAGS}`, "remove some");
  const keys = new Map(Object.keys(others).map((key) => [key.toLowerCase(), key]));
  for (const [key, value, at] of entries) {
    at.text(value, VALUE);
    const other = keys.get(key.toLowerCase());
    if (other !== undefined && other !== key)
      at.problem(
        "duplicate",
        `differs from ${other} in capitals alone, and IAM takes the two for one`,
        "keep one of them",
      );
    keys.set(key.toLowerCase(), key);
  }
  return Object.fromEntries(entries.map(([key, value]) => [key, value]));
}

/** Resolves what is asked of tags. `check` stands at it. */
export function resolveRequired(config: RequiredTags | undefined, check: Check): RequiredTags {
  const entries = check.entries(config, KEY);
  if (entries.length > MAX_TAGS)
    check.problem("over-budget", `has ${entries.length} keys, expected at most ${MAX_TAGS}`, "remove some");
  return Object.fromEntries(
    entries.flatMap(([key, rule, at]): [string, TagRule][] => (isRule(rule, at) ? [[key, rule]] : [])),
  );
}

function isRule(rule: TagRule, check: Check): boolean {
  if (typeof rule !== "object" || rule === null) return check.oneOf(rule, ["any"], FIX);
  if ("pattern" in rule) return check.object(rule, { pattern: true }) && isPattern(rule.pattern, check);
  const at = check.at("oneOf");
  if (!check.object(rule, { oneOf: true }) || !at.present(rule.oneOf, FIX)) return false;
  const values = at.list(rule.oneOf, { min: 1, max: 100 });
  return (
    values.filter(([value, each]) => each.literal(value) && each.text(value, VALUE)).length ===
      values.length && values.length > 0
  );
}

function isPattern(pattern: string, parent: Check): boolean {
  const check = parent.at("pattern");
  if (!check.literal(pattern) || !check.text(pattern, { min: 1 })) return false;
  const read = readPattern(pattern);
  if (!("refused" in read)) return true;
  const fix = "use literals, classes, (?:…), | and greedy repetition, for the whole value";
  return check.problem("unsafe", `is ${check.show(pattern)}, which ${read.refused}`, fix);
}

/**
 * Whether tags are as somebody asks for: all keys that are missing are one problem at the tags, each wrong value is one at
 * its own. `isWhole` tells whether there are no others on the same resources; `check` stands at the tags.
 */
export function checkRequired(
  tags: Tags,
  required: RequiredTags,
  check: Check,
  { isWhole = true }: { readonly isWhole?: boolean } = {},
): void {
  const keys = Object.keys(tags);
  const missing = Object.keys(required).filter((key) => !Object.hasOwn(tags, key));
  if (isWhole && missing.length > 0)
    check.problem(
      "required",
      `lacks ${missing.map((key) => named(key, keys)).join(", ")}, which requiredTags asks for`,
      "add them here, or to default_tags of the provider, which has to be made first",
    );
  for (const [key, rule] of Object.entries(required)) {
    const value = tags[key];
    if (typeof value !== "string" || check.isToken(value)) continue;
    const wrong = wrongValue(rule, value);
    if (wrong !== undefined) check.at(key).problem("wrong-form", wrong, "set it as requiredTags asks for");
  }
}

/** The key, and the one that was perhaps meant for it. */
function named(key: string, keys: readonly string[]): string {
  const near = nearest(key, keys);
  return near === undefined ? key : `${key} (and has ${near})`;
}

/** What is asked of tags, for who writes it down; nothing where nothing is. */
export function asking(requiredTags: RequiredTags = {}): Partial<Pick<TagsModel, "requiredTags">> {
  return Object.keys(requiredTags).length === 0 ? {} : { requiredTags };
}
