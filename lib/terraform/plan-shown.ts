import { withAddresses, type TerraformJson } from "./plan";
import { commandsIn, providersIn, readIn } from "./plan-configured";
import { inPlannedOrder } from "./plan-blocks";
import { recovered, type Told } from "./plan-recovered";

/** A plan or a state as `terraform show -json` prints it, as far as it is read here. */
export interface ShownPlan {
  readonly planned_values?: { readonly root_module?: ShownModule };
  /** Of a state instead of a plan. */
  readonly values?: { readonly root_module?: ShownModule };
  readonly configuration?: {
    readonly root_module?: ConfiguredModule;
    /** By `NAME`, `NAME.ALIAS` or, of modules, `PATH:NAME`. */
    readonly provider_config?: Readonly<Record<string, ShownProvider>>;
  };
  readonly resource_changes?: readonly ShownChange[];
  /** Whether the plan ended in an error. */
  readonly errored?: boolean;
  /** Whether nothing would be left to do once it is applied. */
  readonly complete?: boolean;
}

/** A provider as it is configured. */
export interface ShownProvider {
  readonly name: string;
  readonly full_name?: string;
  readonly alias?: string;
  readonly expressions?: Readonly<Record<string, unknown>>;
}

/** What would be done to a resource. */
export interface ShownChange {
  readonly address: string;
  readonly mode: "managed" | "data";
  readonly change?: { readonly after?: unknown; readonly after_unknown?: unknown };
}

/** Resources of a module, with those of modules in it. */
export interface ShownModule {
  readonly resources?: readonly ShownResource[];
  readonly child_modules?: readonly ShownModule[];
}

/** A resource as it would be. */
export interface ShownResource {
  readonly address: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  readonly index?: string | number;
  readonly values?: Readonly<Record<string, unknown>>;
}

/** A module as it is written. */
export interface ConfiguredModule {
  readonly resources?: readonly {
    readonly address: string;
    readonly mode?: "managed" | "data";
    readonly type?: string;
    readonly name?: string;
    readonly provider_config_key?: string;
    readonly provisioners?: readonly unknown[];
    readonly expressions?: Readonly<Record<string, unknown>>;
    readonly depends_on?: readonly string[];
  }[];
  readonly module_calls?: Readonly<
    Record<
      string,
      { readonly module?: ConfiguredModule; readonly expressions?: Readonly<Record<string, unknown>> }
    >
  >;
  readonly outputs?: Readonly<Record<string, { readonly expression?: unknown }>>;
}

type Json = Record<string, Record<string, Record<string, unknown>>>;

/** Whether a file is what `terraform show -json` prints. */
export function isShownPlan(json: object): json is ShownPlan {
  return "planned_values" in json || ("values" in json && "format_version" in json);
}

/**
 * A printed plan as Terraform JSON: every planned resource with its values, and what is known only at deployment as
 * the reference that the configuration has there. Where it refers to several things at once, nobody can tell which one
 * it will be: it stays an expression.
 */
export function fromShownPlan(shown: ShownPlan): TerraformJson {
  const root = shown.planned_values?.root_module ?? shown.values?.root_module ?? {};
  const resources = resourcesOf(root);
  const names = new Map(resources.map((resource) => [resource.address, nameOf(resource)]));
  const unknown = new Map(
    (shown.resource_changes ?? []).map(({ address, change }) => [address, change?.after_unknown]),
  );
  const references = new References(shown.configuration?.root_module ?? {}, resources, names, unknown);
  const waits = new Map(
    (shown.configuration?.root_module?.resources ?? []).map((one) => [one.address, one.depends_on]),
  );
  const commands = commandsIn(shown.configuration?.root_module ?? {});
  const made: { resource: Json; data: Json } = {
    resource: {},
    data: readIn(
      shown.configuration?.root_module ?? {},
      new Set(resources.map((one) => withoutIndexes(one.address))),
    ),
  };
  for (const resource of resources) {
    const section = resource.mode === "data" ? made.data : made.resource;
    const name = names.get(resource.address) ?? resource.name;
    const body = references.fill(resource);
    const comment = { "//": { address: resource.address, metadata: { path: resource.address } } };
    const before = waits.get(resource.address);
    const order = before === undefined ? {} : { depends_on: before };
    const runs = commands.has(withoutIndexes(resource.address)) ? { provisioner: {} } : {};
    section[resource.type] = {
      ...section[resource.type],
      [name]: { ...body, ...order, ...runs, ...comment },
    };
  }
  return withAddresses({ ...made, ...providersIn(shown) } as TerraformJson);
}

function resourcesOf({ resources = [], child_modules = [] }: ShownModule): ShownResource[] {
  return [...resources, ...child_modules.flatMap(resourcesOf)];
}

/** A name that a reference can hold; the address beside it is the real one. */
function nameOf({ address, type, name, index, mode }: ShownResource): string {
  const plain = `${mode === "data" ? "data." : ""}${type}.${name}`;
  if (address === plain) return name;
  const before = address.slice(0, address.indexOf(`${type}.`)).replace(/[^A-Za-z0-9]+/g, "-");
  const after = index === undefined ? "" : `-${String(index).replace(/[^A-Za-z0-9]+/g, "-")}`;
  return `${before}${name}${after}`.replace(/^-+/, "");
}

/** Finds what an expression of the configuration refers to: through outputs and variables of modules. */
class References {
  private readonly expressions = new Map<string, Readonly<Record<string, unknown>>>();
  private readonly modules = new Map<
    string,
    { readonly module: ConfiguredModule; readonly call?: Readonly<Record<string, unknown>> }
  >();
  /** Addresses by their form without indexes. */
  private readonly byBase = new Map<string, ShownResource[]>();

  public constructor(
    root: ConfiguredModule,
    resources: readonly ShownResource[],
    private readonly names: ReadonlyMap<string, string>,
    /** What of each resource is not known yet, by its address. */
    private readonly unknown: ReadonlyMap<string, unknown>,
  ) {
    this.read(root, "");
    for (const resource of resources) {
      const base = withoutIndexes(resource.address);
      this.byBase.set(base, [...(this.byBase.get(base) ?? []), resource]);
    }
  }

  private read(module: ConfiguredModule, at: string, call?: Readonly<Record<string, unknown>>): void {
    this.modules.set(at, { module, ...(call ? { call } : {}) });
    for (const { address, expressions = {} } of module.resources ?? [])
      this.expressions.set(`${at}${address}`, expressions);
    for (const [name, { module: inner, expressions }] of Object.entries(module.module_calls ?? {}))
      if (inner) this.read(inner, `${at}module.${name}.`, expressions);
  }

  /** The values of a resource, with references where they are not known yet. */
  public fill(resource: ShownResource): Record<string, unknown> {
    const base = withoutIndexes(resource.address);
    const at = base.slice(
      0,
      base.lastIndexOf(`${resource.mode === "data" ? "data." : ""}${resource.type}.${resource.name}`),
    );
    const expressions = this.expressions.get(base) ?? {};
    const unknown = this.unknown.get(resource.address);
    return this.merge(resource.values ?? {}, expressions, resource, at, unknown) as Record<string, unknown>;
  }

  private merge(
    values: unknown,
    expressions: unknown,
    of: ShownResource,
    at: string,
    unknown: unknown,
  ): unknown {
    if (Array.isArray(expressions)) {
      const list: readonly unknown[] = Array.isArray(values) ? values : [];
      // Where the plan tells what is not known, an empty list is one without blocks.
      const isLeft = list.length === 0 && (unknown === true || !this.unknown.has(of.address));
      const written = isLeft ? expressions : inPlannedOrder(list, expressions);
      return written !== undefined
        ? written.map((one, index) => this.merge(list[index] ?? {}, one, of, at, inside(unknown, index)))
        : values;
    }
    if (typeof expressions !== "object" || expressions === null) return values;
    const merged: Record<string, unknown> = { ...(values as Record<string, unknown>) };
    // A list that nobody has written and that is known to be empty is a block that is not there.
    for (const [name, value] of Object.entries(merged))
      if (Array.isArray(value) && value.length === 0 && !(name in expressions)) delete merged[name];
    for (const [name, expression] of Object.entries(expressions)) {
      const open = inside(unknown, name);
      // Of the root alone: elsewhere the text names what is beside it, which may have another address.
      const told = isExpression(expression) && at === "" && of.index === undefined ? expression : {};
      const value = recovered(merged[name], open, told, this.isOf);
      if (value !== merged[name]) merged[name] = value;
      else if (isExpression(expression)) {
        if (isUnknown(value) && (!this.unknown.has(of.address) || isOpen(open))) {
          const found = this.resolve(
            expression.references ?? [],
            of,
            at,
            Array.isArray(value) || isPlural(name),
          );
          if (found !== undefined) merged[name] = found;
        }
      } else if (typeof expression === "object") merged[name] = this.merge(value, expression, of, at, open);
    }
    return merged;
  }

  /** See `IsOf`: of resources of the root of which there is one. */
  private readonly isOf = (text: string, value: string): boolean => {
    const [, base, attribute] = /^\$\{((?:data\.)?[a-z0-9_]+\.[A-Za-z0-9_-]+)\.([a-z_]+)\}$/.exec(text) ?? [];
    const [target, another] = this.byBase.get(base ?? "") ?? [];
    return another === undefined && attribute !== undefined && target?.values?.[attribute] === value;
  };

  private resolve(references: readonly string[], of: ShownResource, at: string, many: boolean): unknown {
    const found = this.targets(references, at, 0);
    const attribute = references
      .map((one) => /\.([a-z_]+)$/.exec(withoutIndexes(one))?.[1])
      .find((one) => one !== undefined);
    const text = (target: ShownResource) =>
      `\${${target.mode === "data" ? "data." : ""}${target.type}.${this.names.get(target.address) ?? target.name}.${attribute ?? "id"}}`;
    if (found.length === 0) return references.length === 0 ? undefined : `\${${references[0]}}`;
    const same = found.filter(({ index }) => index !== undefined && index === of.index);
    const chosen = found.length > 1 && !many && same.length === 1 ? same : found;
    if (many) return chosen.map(text);
    return chosen[0] && chosen.length === 1 ? text(chosen[0]) : `\${one of ${references[0]}}`;
  }

  /** Resources behind references, each once. */
  private targets(references: readonly string[], at: string, depth: number): ShownResource[] {
    if (depth > 8) return [];
    const found = new Map<string, ShownResource>();
    for (const reference of references) {
      for (const target of this.target(reference, at, depth)) found.set(target.address, target);
    }
    return [...found.values()];
  }

  private target(reference: string, at: string, depth: number): readonly ShownResource[] {
    const bare = withoutIndexes(reference);
    const variable = /^var\.([^.]+)/.exec(bare)?.[1];
    if (variable !== undefined) {
      const { call } = this.modules.get(at) ?? {};
      const given = call?.[variable];
      const above = at.replace(/module\.[^.]+\.$/, "");
      return isExpression(given) ? this.targets(given.references ?? [], above, depth + 1) : [];
    }
    const output = /^module\.([^.]+)\.([^.]+)/.exec(bare);
    if (output) {
      const inside = `${at}module.${output[1]}.`;
      const expression = this.modules.get(inside)?.module.outputs?.[output[2] ?? ""]?.expression;
      return isExpression(expression) ? this.targets(expression.references ?? [], inside, depth + 1) : [];
    }
    const base = /^((?:data\.)?[a-z0-9_]+\.[^.]+)/.exec(bare)?.[1] ?? bare;
    const all = this.byBase.get(`${at}${base}`) ?? [];
    const index = /\[(\d+|"[^"]*")\]/.exec(reference)?.[1];
    const exact = all.filter((one) => index !== undefined && JSON.stringify(one.index) === index);
    return exact.length > 0 ? exact : all;
  }
}

function withoutIndexes(address: string): string {
  return address.replace(/\[[^\]]*\]/g, "");
}

/** Whether anything in a value is not known. */
function isOpen(unknown: unknown): boolean {
  if (typeof unknown === "object" && unknown !== null) return Object.values(unknown).some(isOpen);
  return unknown === true;
}

/** What is not known of a part of a value. */
function inside(unknown: unknown, part: string | number): unknown {
  return typeof unknown === "object" && unknown !== null
    ? (unknown as Readonly<Record<string | number, unknown>>)[part]
    : undefined;
}

function isExpression(value: unknown): value is Told {
  return typeof value === "object" && value !== null && ("references" in value || "constant_value" in value);
}

function isUnknown(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

/** Attributes that hold lists of ids. */
function isPlural(name: string): boolean {
  return /(subnets|subnet_ids|security_groups|security_group_ids|route_table_ids|prefix_list_ids|alarm_actions)$/.test(
    name,
  );
}
