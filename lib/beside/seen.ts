import { digest } from "../checklist/seen";
import type { Block, Plan } from "../terraform/plan";
import { nameIn, objectsIn } from "../terraform/written";
import { isMadeByUs, namesIn } from "./ours";

/** What nobody looks at who waives: comments, names for people and bills, and of the lifecycle all but what it leaves as it is. */
const PASSED: readonly string[] = ["//", "tags", "tags_all", "lifecycle"];

type Fields = Readonly<Record<string, unknown>>;

/**
 * What somebody has looked at who waives a block: all that the file says of it, of what it refers to (but for what is ours,
 * which is judged by itself), and of what is joined to it by name.
 */
export function seenOf(block: Block, plan: Plan): unknown {
  const body = writtenAt(block.address, plan);
  return { body, refers: referredBy([...namesIn(body), ...joinedTo(block, plan)], plan) };
}

/** The same of some values alone, for what is added to a block of ours. */
export function seenIn(values: unknown, block: Block, plan: Plan): unknown {
  const written = writtenAt(block.address, plan).map(({ dynamic, ignored }) => ({ dynamic, ignored }));
  return { values, written, refers: referredBy(namesIn([values, written]), plan) };
}

/** Every body that the file has under an address, as it is written: dynamic blocks, and values that are nothing, too. */
function writtenAt(address: string, plan: Plan): Fields[] {
  return (bodiesOf(plan).get(address) ?? []).map(({ lifecycle, ...body }) => ({
    ...Object.fromEntries(Object.entries(body).filter(([name]) => !PASSED.includes(name))),
    ignored: objectsIn(lifecycle).flatMap(({ ignore_changes: ignored }) => ignored ?? []),
  }));
}

const written = new WeakMap<Plan, ReadonlyMap<string, readonly Fields[]>>();

function bodiesOf(plan: Plan): ReadonlyMap<string, readonly Fields[]> {
  const known = written.get(plan);
  if (known !== undefined) return known;
  const found = new Map<string, Fields[]>();
  const { source } = plan;
  const checks = objectsIn(source.check).flatMap((level) => Object.values(level).flatMap(objectsIn));
  const sections = [
    ...(["resource", "data", "ephemeral"] as const).map((mode) => [mode, source[mode]] as const),
    ...checks.map(({ data }) => ["data", data] as const),
  ];
  for (const [mode, section] of sections)
    for (const [type, instances] of objectsIn(section).flatMap((level) => Object.entries(level)))
      for (const [name, bodies] of objectsIn(instances).flatMap((level) => Object.entries(level))) {
        const address = nameIn(mode, type, name);
        found.set(address, [...(found.get(address) ?? []), ...objectsIn(bodies)]);
      }
  written.set(plan, found);
  return found;
}

/** Names, and those that what they stand for has, up to what is ours: each with a digest of that. */
function referredBy(names: readonly string[], plan: Plan): readonly (readonly [string, string])[] {
  const found = new Map<string, string>();
  const left = [...names];
  for (let name = left.pop(); name !== undefined; name = left.pop()) {
    if (found.has(name)) continue;
    const part = partOf(name, plan);
    found.set(name, part.digest);
    left.push(...part.names);
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
}

interface Part {
  readonly digest: string;
  /** What it refers to. */
  readonly names: readonly string[];
}

const parts = new WeakMap<Plan, Map<string, Part>>();

/** What a name stands for. Read once: a thousand blocks may refer to the same. */
function partOf(name: string, plan: Plan): Part {
  const all = parts.get(plan) ?? new Map<string, Part>();
  parts.set(plan, all);
  const known = all.get(name);
  if (known !== undefined) return known;
  const value = valueOf(name, plan);
  const part = { digest: value === undefined ? "" : digest(value), names: [...new Set(namesIn(value))] };
  all.set(name, part);
  return part;
}

/** What a name stands for in the file; nothing for what is ours, or not there. */
function valueOf(name: string, plan: Plan): unknown {
  const { source } = plan;
  const [kind = "", inner = ""] = name.split(".");
  const labelled = (section: unknown) =>
    objectsIn(section).flatMap((all) => (Object.hasOwn(all, inner) ? [all[inner]] : []));
  if (kind === "local") return labelled(source.locals);
  if (kind === "var") return labelled(source.variable);
  if (kind === "module") return labelled(source.module);
  const block = plan.target(`\${${name}}`);
  return block === undefined || isMadeByUs(block, plan) ? undefined : writtenAt(block.address, plan);
}

const naming = new WeakMap<Plan, ReadonlyMap<string, readonly Block[]>>();

/** Blocks beside ours, by the names that they refer to, also through locals. */
function namingOf(plan: Plan): ReadonlyMap<string, readonly Block[]> {
  const known = naming.get(plan);
  if (known !== undefined) return known;
  const found = new Map<string, Block[]>();
  for (const block of plan.all.filter((one) => !isMadeByUs(one, plan))) {
    const names = new Set(namesIn(writtenAt(block.address, plan)));
    // A set takes what is added while it is gone through.
    for (const name of names) {
      const others = found.get(name);
      if (others) others.push(block);
      else found.set(name, [block]);
      if (name.startsWith("local.")) for (const inner of partOf(name, plan).names) names.add(inner);
    }
  }
  naming.set(plan, found);
  return found;
}

/** What somebody else joins to a block: a rule to a listener, a route to a connection, and what is joined to that. */
function joinedTo({ address }: Block, plan: Plan): readonly string[] {
  const found = new Set<string>();
  const left = [address];
  for (let one = left.pop(); one !== undefined; one = left.pop())
    for (const other of namingOf(plan).get(one) ?? []) {
      if (found.has(other.address) || other.address === address) continue;
      found.add(other.address);
      left.push(other.address);
    }
  return [...found];
}
