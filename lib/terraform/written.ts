/** What a file says that cannot be Terraform's: the end of a sentence that begins with the file's name. */
export class NotTerraform extends Error {
  public override readonly name = "NotTerraform";
}

/** `resource` is made, `data` is read into the state, `ephemeral` is read at each run and kept nowhere. */
export type Mode = "resource" | "data" | "ephemeral";

/** A block as it stands in the file. */
export interface WrittenBlock {
  readonly mode: Mode;
  /** As it is written: `aws_alb` is an older name of `aws_lb`. */
  readonly type: string;
  readonly name: string;
  readonly body: Fields;
  /** Whether Terraform leaves it as it is found, whatever the file says. */
  readonly isIgnored: boolean;
}

/**
 * `most`: everything that may be deployed. `least`: without what may not come to be, and without values that nobody knows
 * before deployment or that Terraform does not keep up. `blind`: the same, where those that it does not keep up are there
 * and may be anything: nothing, or something, is what a control may take for good.
 */
export type Reading = "most" | "least" | "blind";

/** All blocks of a file. */
export interface Written {
  readonly blocks: readonly WrittenBlock[];
  /** Readings that may differ from `most`. */
  readonly others: readonly Reading[];
}

type Fields = Readonly<Record<string, unknown>>;

/** A value that stands in the deployment, and not in the file. */
const IGNORED = "${ignored}";

/** Attributes whose changes are ignored on purpose, and about which nothing is judged. */
const LEFT_TO_OTHERS: readonly string[] = ["aws_ecs_service.desired_count"];

/**
 * Reads what Terraform would make of a file's blocks: labels as objects or as lists of objects, `count` and `for_each`,
 * `dynamic` blocks, attributes that are null, values that are ignored.
 * @throws NotTerraform on what is no block at all
 */
export function readWritten(source: Fields, reading: Reading): Written {
  const written = [
    ...(["resource", "data", "ephemeral"] as const).flatMap((mode) => inSection(source[mode], mode)),
    // A check may read for itself alone, and what it reads stands in the state all the same.
    ...labelled(source.check, "check").flatMap(([, check]) =>
      objectsIn(check).flatMap(({ data }) => inSection(data, "data")),
    ),
  ];
  const names = new Set(written.map(([mode, type, name]) => nameIn(mode, type, name)));
  const state: State = { reading, names, isCertain: true, isKept: true };
  const blocks = written.flatMap(([mode, type, name, body]) => blockOf(mode, type, name, body, state));
  return { blocks, others: state.isCertain ? [] : state.isKept ? ["least"] : ["least", "blind"] };
}

function inSection(section: unknown, mode: Mode): (readonly [Mode, string, string, Fields])[] {
  return labelled(section, mode).flatMap(([type, instances, at]) =>
    labelled(instances, at).flatMap(([name, value, where]) =>
      bodiesOf(value, where).map((body) => [mode, type, name, body] as const),
    ),
  );
}

/** An attribute of one block and nothing else: what is computed from it may come to something else. */
export const REFERENCE =
  /^\$\{((?:data\.|ephemeral\.)?[a-z0-9_]+\.[A-Za-z0-9_-]+)(?:\.[A-Za-z0-9_*-]+|\[[^[\]{}]*\])*\}$/;

/** By what name blocks of a kind are asked for: their type, with the mode before it where they are no resources. */
export function kindOf({ mode, type }: Pick<WrittenBlock, "mode" | "type">): string {
  return mode === "resource" ? type : `${mode}.${type}`;
}

/** How references name a block. */
export function nameIn(mode: Mode, type: string, name: string): string {
  return `${kindOf({ mode, type })}.${name}`;
}

interface State {
  readonly reading: Reading;
  /** Of all blocks of the file. */
  readonly names: ReadonlySet<string>;
  isCertain: boolean;
  /** Whether Terraform keeps up all values. */
  isKept: boolean;
}

function blockOf(mode: Mode, type: string, name: string, written: Fields, state: State): WrittenBlock[] {
  if (!isThere(written, state)) return [];
  // What tells Terraform how to go about it is no value of the block.
  const meta = META.filter((field) => field in written);
  const values = meta.length === 0 ? written : without(written, META);
  const made = settled(values, state) as Fields;
  const body =
    made === values
      ? written
      : { ...made, ...Object.fromEntries(meta.map((field) => [field, written[field]])) };
  const ignored = ignoredOf(written, type);
  if (ignored.length === 0) return [{ mode, type, name, body, isIgnored: false }];
  state.isCertain = false;
  state.isKept = false;
  const isIgnored = ignored.includes("all");
  const unsettled = isIgnored ? Object.keys(body).filter((field) => !META.includes(field)) : ignored;
  const read = {
    most: () => body,
    least: () => without(body, unsettled),
    blind: () => ({ ...body, ...Object.fromEntries(unsettled.map((field) => [field, IGNORED])) }),
  };
  return [{ mode, type, name, isIgnored, body: read[state.reading]() }];
}

function without(fields: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}

const META = ["//", "lifecycle", "provider", "depends_on", "count", "for_each"];

/** Whether a block, or the content of a dynamic one, comes to be in this reading. */
function isThere({ count, for_each: each }: Fields, state: State): boolean {
  const answers = [many(count, Number), many(each, sizeOf)];
  if (answers.includes("none")) return false;
  if (!answers.includes("maybe")) return true;
  state.isCertain = false;
  return state.reading === "most";
}

function many(value: unknown, size: (value: unknown) => number): "none" | "some" | "maybe" {
  if (value === undefined || value === null) return "some";
  const number = typeof value === "string" && value.trim() === "" ? NaN : size(value);
  if (Number.isNaN(number)) return "maybe";
  return number > 0 ? "some" : "none";
}

/** How many a literal stands for; an expression may stand for any number. */
function sizeOf(value: unknown): number {
  return typeof value === "object" && value !== null ? Object.keys(value).length : NaN;
}

/** Names of records that prove a domain, which a certificate authority makes up. */
const PROVES_A_DOMAIN =
  /^\$\{tolist\(aws_acm_certificate\.[\w-]+\.domain_validation_options\)(\.\d+|\[\d+\])\.\w+\}$/;

/** Whether a value is one expression of which nobody knows before deployment what it stands for. */
function isOpaque(value: unknown, { names }: State): boolean {
  if (typeof value !== "string" || !value.startsWith("${") || !value.endsWith("}")) return false;
  const named = REFERENCE.exec(value)?.[1];
  return named === undefined ? !PROVES_A_DOMAIN.test(value) : !names.has(named);
}

/** Whether a value is left out of this reading. */
function isLeftOut(value: unknown, state: State): boolean {
  if (!isOpaque(value, state)) return false;
  state.isCertain = false;
  return state.reading !== "most";
}

/**
 * A value without what is null or left out, and with its dynamic blocks as blocks. The very same where there is nothing
 * of it.
 */
function settled(value: unknown, state: State): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (isSettled(value, state)) return value;
  if (Array.isArray(value))
    return value.filter((item) => !isLeftOut(item, state)).map((item) => settled(item, state));
  const { dynamic, ...fixed } = value as Fields;
  const fields = Object.entries(isDynamic(dynamic) ? fixed : value)
    .filter(([, item]) => item !== null && !isLeftOut(item, state))
    .map(([name, item]): [string, unknown] => [name, settled(item, state)]);
  return isDynamic(dynamic)
    ? withBlocks(Object.fromEntries(fields), dynamic, state)
    : Object.fromEntries(fields);
}

/** Whether nothing of an object or a list is null, left out or dynamic: so most are, and need no copy. */
function isSettled(value: object, state: State): boolean {
  const isList = Array.isArray(value);
  // Names alone: this passes over every value of a file, and pairs would take most of its time.
  for (const name of Object.keys(value)) {
    const item = (value as Fields)[name];
    if (item === null ? !isList : isLeftOut(item, state)) return false;
    if (name === "dynamic" && isDynamic(item)) return false;
    if (typeof item === "object" && item !== null && !isSettled(item, state)) return false;
  }
  return true;
}

/** A dynamic block stands for as many blocks as it is repeated; one of them shows what can be known of all. */
function withBlocks(body: Fields, dynamic: unknown, state: State): Fields {
  const blocks = objectsIn(dynamic).flatMap((labels) =>
    Object.entries(labels).flatMap(([name, repeated]) =>
      objectsIn(repeated)
        .filter((one) => isThere(one, state))
        .flatMap(({ content }) => objectsIn(content))
        .map((content): [string, unknown] => [name, settled(content, state)]),
    ),
  );
  return blocks.reduce<Fields>((all, [name, content]) => {
    const given = all[name];
    const before = given === undefined ? [] : Array.isArray(given) ? (given as unknown[]) : [given];
    return { ...all, [name]: [...before, content] };
  }, body);
}

function isDynamic(value: unknown): boolean {
  return objectsIn(value).some((labels) =>
    Object.values(labels).some((one) => objectsIn(one).some((each) => "content" in each)),
  );
}

function ignoredOf({ lifecycle }: Fields, type: string): string[] {
  return objectsIn(lifecycle)
    .flatMap(({ ignore_changes: ignored }) => (Array.isArray(ignored) ? (ignored as unknown[]) : [ignored]))
    .filter((name): name is string => typeof name === "string")
    .map((name) => name.replace(/^\$\{\s*|\s*\}$/g, "").replace(/[.[].*$/, ""))
    .filter((name) => !LEFT_TO_OTHERS.includes(`${type}.${name}`));
}

/** What stands under the labels of a level, which may be an object or a list of objects. */
export function labelled(value: unknown, at: string): [label: string, value: unknown, at: string][] {
  if (value === undefined || value === null) return [];
  return bodiesOf(value, at).flatMap((level) =>
    Object.entries(level)
      .filter(([label]) => label !== "//")
      .map(([label, inner]): [string, unknown, string] => {
        if (!/^[A-Za-z_][\w-]*$/.test(label) || label === "__proto__")
          throw new NotTerraform(`has ${at}.${label}, which cannot be a name`);
        return [label, inner, `${at}.${label}`];
      }),
  );
}

/** An object, or the objects of a list. @throws NotTerraform on anything else */
function bodiesOf(value: unknown, at: string): Fields[] {
  const items: unknown[] = Array.isArray(value) ? value : [value];
  return items.map((item) => {
    if (typeof item === "object" && item !== null && !Array.isArray(item)) return item as Fields;
    throw new NotTerraform(
      `has ${item === null ? "null" : `a ${nameOf(item)}`} at ${at}, expected an object`,
    );
  });
}

function nameOf(value: unknown): string {
  return Array.isArray(value) ? "list" : typeof value === "string" ? "text" : typeof value;
}

/** The objects of a value that is one or a list of them. */
export function objectsIn(value: unknown): Fields[] {
  const items: unknown[] = Array.isArray(value) ? value : [value];
  return items.filter(
    (item): item is Fields => typeof item === "object" && item !== null && !Array.isArray(item),
  );
}

/** Older names of types, by those that everything here knows. */
const OLDER: Readonly<Record<string, string>> = {
  aws_alb: "aws_lb",
  aws_alb_listener: "aws_lb_listener",
  aws_alb_listener_certificate: "aws_lb_listener_certificate",
  aws_alb_listener_rule: "aws_lb_listener_rule",
  aws_alb_target_group: "aws_lb_target_group",
  aws_alb_target_group_attachment: "aws_lb_target_group_attachment",
  aws_s3_bucket_object: "aws_s3_object",
};

/** The name by which a type is judged. */
export function typeOf(written: string): string {
  return Object.hasOwn(OLDER, written) ? (OLDER[written] ?? written) : written;
}
