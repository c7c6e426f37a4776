import { isExpression, opened, type Block, type Plan } from "./plan";
import { commandsIn, providersIn } from "./plan-configured";
import { objectsIn } from "./written";
import type { ConfiguredModule, ShownModule, ShownPlan } from "./plan-shown";

/**
 * Why a printed plan is not one of a written file and nothing else, as the end of a sentence; nothing where it is. Then
 * what holds of the file holds of what will be deployed: the plan has every resource of it and no other, sets the same
 * fields, and where the file has a value, that value. Of an expression a plan tells what it refers to, and not what it
 * does with it.
 */
export function differenceFromFile(shown: ShownPlan, file: Plan): string | undefined {
  const root = shown.planned_values?.root_module ?? {};
  if (!shown.configuration) return "does not say what it was made of";
  const planned = new Map(
    (root.resources ?? [])
      .filter(({ mode }) => mode === "managed")
      .map((one) => [one.address, one.values ?? {}]),
  );
  const written = file.all.filter(({ mode }) => mode === "resource");
  const module = shown.configuration.root_module ?? {};
  const configured = fieldsOf(module);
  const keys = new Map((module.resources ?? []).map((one) => [one.address, one.provider_config_key]));
  const commands = commandsIn(module);
  for (const { address, body } of written) {
    const values = planned.get(address);
    if (values === undefined) return `has no ${address}, which is in the file`;
    planned.delete(address);
    const own = new Set(Object.keys(body).filter((field) => !META.includes(field)));
    const set = configured.get(address) ?? {};
    const [by, should] = [keys.get(address), providerOf({ address, body })];
    if (by !== undefined && by !== should) return `makes ${address} by ${by} instead of ${should}`;
    if (commands.has(address) && body.provisioner === undefined)
      return `runs commands for ${address}, which the file does not`;
    const more = Object.keys(set).find((field) => !own.has(field));
    if (more !== undefined) return `sets ${more} of ${address}, which the file does not`;
    const known = (name: string) => file.target(`\${${name}}`) !== undefined;
    const turned = [...own].find(
      (field) => String(namedBy(body[field]).filter(known)) !== String(referredBy(set[field]).filter(known)),
    );
    if (turned !== undefined) return `refers to something else in ${turned} of ${address} than the file`;
    const other = [...own].find((field) => !isSame(body[field], values[field], /_wo$/.test(field)));
    if (other !== undefined) return `has another ${other} of ${address} than the file`;
  }
  const [left] = planned.keys();
  if (left !== undefined) return `has ${left}, which is not in the file`;
  const inside = modulesIn(root);
  return inside === undefined
    ? differenceOfProviders(shown, file)
    : `has ${inside}, which is not in the file`;
}

/** The provider of a block by the name that plans have for it: the one of its type, or that with an alias. */
function providerOf({ address, body }: Pick<Block, "address" | "body">): string {
  return typeof body.provider === "string"
    ? body.provider.replace(/^\$\{\s*|\s*\}$/g, "")
    : address.replace(/[_.].*$/, "");
}

/** A provider is an account with its region and rights: the same blocks by another one are another deployment. */
function differenceOfProviders(shown: ShownPlan, { source }: Plan): string | undefined {
  const written = configurationsOf(source.provider);
  for (const [key, planned] of configurationsOf(providersIn(shown).provider)) {
    const own = written.get(key);
    // Without a block of its own a provider takes everything from where it runs.
    const fields = [...new Set([...Object.keys(own ?? {}), ...Object.keys(planned)])];
    const other = fields.find((field) => !isAsConfigured(own?.[field], planned[field]));
    if (other !== undefined) return `has another ${other} of the provider ${key} than the file`;
  }
  return undefined;
}

function configurationsOf(section: unknown): Map<string, Fields> {
  const found = new Map<string, Fields>();
  for (const level of objectsIn(section))
    for (const [name, all] of Object.entries(level))
      for (const one of objectsIn(all))
        found.set(typeof one.alias === "string" ? `${name}.${one.alias}` : name, one);
  return found;
}

function isAsConfigured(written: unknown, planned: unknown): boolean {
  if (isExpression(planned) || isExpression(written)) return isExpression(planned) && isExpression(written);
  return (
    isSame(written ?? "", planned, false) && (planned === undefined || isSet(written) || !isSet(planned))
  );
}

/** Whether a field of a provider says anything. */
function isSet(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.values(value).some(isSet);
  return value !== undefined && value !== null && value !== "" && value !== false;
}

const META = ["//", "lifecycle", "provider", "depends_on", "provisioner", "connection"];

/** The fields that are written, by the address of their resource. */
function fieldsOf({ resources = [] }: ConfiguredModule): ReadonlyMap<string, Fields> {
  return new Map(resources.map(({ address, expressions = {} }) => [address, expressions]));
}

type Fields = Readonly<Record<string, unknown>>;

/** What the expressions in a value name, each once and in order. */
function namedBy(value: unknown): string[] {
  if (typeof value === "object" && value !== null) return inOrder(Object.values(value).flatMap(namedBy));
  if (typeof value !== "string") return [];
  const holes = value.match(/(?<!\$)\$\{[^}]*\}/g) ?? [];
  return inOrder(holes.flatMap((hole) => hole.match(/(?:data\.)?\b[a-z][a-z0-9_]*\.[A-Za-z0-9_-]+/g) ?? []));
}

/** What Terraform says that the expressions of a field refer to. */
function referredBy(expressions: unknown): string[] {
  if (typeof expressions !== "object" || expressions === null) return [];
  const { references } = expressions as { references?: unknown };
  if (!Array.isArray(references)) return inOrder(Object.values(expressions).flatMap(referredBy));
  return inOrder(
    references.flatMap((one) => /^(?:data\.)?[a-z][a-z0-9_]*\.[A-Za-z0-9_-]+/.exec(String(one))?.[0] ?? []),
  );
}

function inOrder(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}

function modulesIn({ child_modules = [] }: ShownModule): string | undefined {
  return child_modules.flatMap(({ resources = [] }) => resources)[0]?.address;
}

/**
 * Whether a planned value is the written one. An expression may come to anything. Numbers and flags may be written as
 * texts, a block as an object or as a list of one, a set in any order; the provider fills in what is not written.
 */
function isSame(written: unknown, planned: unknown, isNeverShown: boolean): boolean {
  if (isNeverShown || isExpression(written)) return true;
  if (Array.isArray(written)) {
    if (written.some(isExpression)) return true;
    const items: readonly unknown[] = Array.isArray(planned)
      ? planned
      : planned === undefined
        ? []
        : [planned];
    return (
      items.length === written.length &&
      written.every((one) => items.some((item) => isSame(one, item, false)))
    );
  }
  if (typeof written === "object" && written !== null) {
    const block: unknown = Array.isArray(planned) && planned.length === 1 ? planned[0] : planned;
    // A block of which every field is an expression may be planned as nothing yet.
    const fields = typeof block === "object" && block !== null ? (block as Record<string, unknown>) : {};
    return Object.entries(written).every(([name, value]) => isSame(value, fields[name], false));
  }
  if (planned === undefined || planned === null) return written === "" || written === false || written === 0;
  return String(written) === String(planned) || isSameJson(written, planned);
}

/** JSON in a text, which providers write anew. */
function isSameJson(written: unknown, planned: unknown): boolean {
  const [a, b] = [opened(written), opened(planned)];
  return a !== undefined && b !== undefined && isSame(a, b, false) && isSame(b, a, false);
}
