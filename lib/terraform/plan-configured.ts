import type { ConfiguredModule, ShownPlan, ShownProvider } from "./plan-shown";

type Fields = Readonly<Record<string, unknown>>;
type Blocks = Record<string, Record<string, Record<string, unknown>>>;

/** The providers of a plan, as a file of Terraform JSON has them. Those of modules count as the root's. */
export function providersIn({ configuration }: ShownPlan): Fields {
  const own = Object.values(configuration?.provider_config ?? {}).filter(({ name }) => name !== "terraform");
  if (own.length === 0) return {};
  const sources = own.flatMap(({ name, full_name: source }): [string, object][] =>
    source === undefined ? [] : [[name, { source }]],
  );
  const names = [...new Set(own.map(({ name }) => name))];
  const configured = names.map((name): [string, object[]] => [
    name,
    own.filter((each) => each.name === name).map(writtenOf),
  ]);
  return {
    terraform: [{ required_providers: sources.map((one) => Object.fromEntries([one])) }],
    provider: Object.fromEntries(configured),
  };
}

function writtenOf({ alias, expressions = {} }: ShownProvider): object {
  return { ...(alias === undefined ? {} : { alias }), ...(writtenIn(expressions) as object) };
}

/** What is written: of an expression its text, or one of which nobody knows what it stands for. */
export function writtenIn(expressions: unknown): unknown {
  if (Array.isArray(expressions)) return expressions.map(writtenIn);
  if (typeof expressions !== "object" || expressions === null) return expressions;
  const { constant_value: constant, references } = expressions as {
    constant_value?: unknown;
    references?: readonly string[];
  };
  if (constant !== undefined) return constant;
  if (references !== undefined) return `\${${references[0] ?? "unknown"}}`;
  return Object.fromEntries(Object.entries(expressions).map(([name, one]) => [name, writtenIn(one)]));
}

/** Addresses, without indexes, of all resources that commands are run for. */
export function commandsIn(module: ConfiguredModule, at = ""): ReadonlySet<string> {
  const own = (module.resources ?? [])
    .filter(({ provisioners = [] }) => provisioners.length > 0)
    .map(({ address }) => `${at}${address}`);
  return new Set([
    ...own,
    ...Object.entries(module.module_calls ?? {}).flatMap(([name, { module: inner }]) =>
      inner === undefined ? [] : [...commandsIn(inner, `${at}module.${name}.`)],
    ),
  ]);
}

/**
 * What is read, as it is written: what was read already when the plan was made is planned no more.
 * @param planned addresses, without indexes, of what is left out
 */
export function readIn(module: ConfiguredModule, planned: ReadonlySet<string>, at = ""): Blocks {
  const made: Blocks = {};
  for (const { address, mode, type, name, expressions = {} } of module.resources ?? [])
    if (mode === "data" && type !== undefined && name !== undefined && !planned.has(`${at}${address}`)) {
      const place = { "//": { address: `${at}${address}`, metadata: { path: `${at}${address}` } } };
      const key = `${at}${name}`.replace(/[^A-Za-z0-9_-]+/g, "-");
      made[type] = { ...made[type], [key]: { ...(writtenIn(expressions) as object), ...place } };
    }
  for (const [name, { module: inner }] of Object.entries(module.module_calls ?? {}))
    for (const [type, all] of Object.entries(inner ? readIn(inner, planned, `${at}module.${name}.`) : {}))
      made[type] = { ...made[type], ...all };
  return made;
}
