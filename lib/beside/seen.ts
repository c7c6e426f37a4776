import type { Block, Plan } from "../terraform/plan";
import { kindOf, nameIn, objectsIn } from "../terraform/written";
import { isMadeByUs, namesIn } from "./ours";

/** What nobody looks at who waives: comments, names for people and bills, and of the lifecycle all but what it leaves as it is. */
const PASSED: readonly string[] = ["//", "tags", "tags_all", "lifecycle"];

type Fields = Readonly<Record<string, unknown>>;

/**
 * What somebody has looked at who waives a block: all that the file says of it, of what it refers to (but for what is ours,
 * which is judged by itself), and of what is joined to it by name.
 */
export function seenOf(block: Block, plan: Plan): unknown {
  const joined = joinedTo(block, plan);
  return {
    block: writtenAt(block.address, plan),
    joined: joined.map((address) => [address, writtenAt(address, plan)]),
    refers: referredBy([writtenAt(block.address, plan), ...joined.map((one) => writtenAt(one, plan))], plan),
  };
}

/** The same of some values alone, for what is added to a block of ours. */
export function seenIn(values: unknown, block: Block, plan: Plan): unknown {
  const written = writtenAt(block.address, plan).map(({ dynamic, ignored }) => ({ dynamic, ignored }));
  return { values, written, refers: referredBy([values, written], plan) };
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

/** What values refer to, and what that refers to, by name; up to what is ours. */
function referredBy(values: unknown, plan: Plan): readonly (readonly [name: string, value: unknown])[] {
  const found = new Map<string, unknown>();
  const left = namesIn(values);
  for (let name = left.pop(); name !== undefined; name = left.pop()) {
    if (found.has(name)) continue;
    const value = valueOf(name, plan);
    found.set(name, value ?? null);
    left.push(...namesIn(value));
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
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

/** Blocks beside ours, by the names of blocks that they refer to. */
function namingOf(plan: Plan): ReadonlyMap<string, readonly Block[]> {
  const known = naming.get(plan);
  if (known !== undefined) return known;
  const found = new Map<string, Block[]>();
  for (const block of plan.all.filter((one) => !isMadeByUs(one, plan)))
    for (const name of new Set(namesIn(block.body))) found.set(name, [...(found.get(name) ?? []), block]);
  naming.set(plan, found);
  return found;
}

/** What somebody else joins to a block: a rule to a listener, a route to a connection, and what is joined to that. */
function joinedTo(block: Block, plan: Plan): readonly string[] {
  const found = new Set<string>();
  const left = [block];
  for (let one = left.pop(); one !== undefined; one = left.pop())
    for (const other of namingOf(plan).get(`${kindOf(one)}.${one.name}`) ?? []) {
      if (found.has(other.address) || other.address === block.address) continue;
      found.add(other.address);
      left.push(other);
    }
  return [...found].sort();
}
