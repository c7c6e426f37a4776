import { join } from "node:path";
import * as ts from "typescript";
import { ROOT } from "../support/toolchain";

/** What a user writes at a place: `list` is one of texts, `closed` one of a few words. */
export type Kind = "text" | "number" | "boolean" | "closed" | "list";

/** One step into a configuration: a field, any name of a map, any item of a list, or the branch of a union. */
export type Step =
  | { readonly field: string }
  | { readonly any: "name" | "item" }
  | { readonly branch: string; readonly is: string | number };

/** A place at which a type says that a value stands. */
export interface Field {
  readonly path: string;
  readonly steps: readonly Step[];
  readonly kind: Kind;
  /** The declaration that says so, as `ToolConfig.scopes`: it may stand at many places. */
  readonly declared: string;
}

/** Every place of the types that these files export under these names, read from their declarations by the compiler. */
export function fieldsOf(roots: Readonly<Record<string, readonly string[]>>): Field[] {
  const files = Object.keys(roots).map((file) => join(ROOT, "lib", file));
  const program = programOf(files);
  const checker = program.getTypeChecker();
  const walker = new Walker(checker);
  for (const [index, names] of Object.values(roots).entries()) {
    const source = program.getSourceFile(files[index] as string);
    const module = source && checker.getSymbolAtLocation(source);
    if (module === undefined) throw new Error(`${files[index]} exports nothing`);
    for (const name of names) {
      const symbol = checker.getExportsOfModule(module).find((each) => each.name === name);
      if (symbol === undefined) throw new Error(`${files[index]} exports no ${name}`);
      walker.walk(checker.getDeclaredTypeOfSymbol(symbol), [], [], name);
    }
  }
  return [...walker.found.values()];
}

const programs = new Map<string, ts.Program>();

/** What the compiler knows of these files: a suite asks for several types of the same one. */
function programOf(files: readonly string[]): ts.Program {
  const known = programs.get(files.join());
  if (known !== undefined) return known;
  const options: ts.CompilerOptions = {
    strict: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.CommonJS,
    types: [],
    noEmit: true,
  };
  const host = ts.createCompilerHost(options);
  // cdktf's own types are no values, and cost seconds.
  host.resolveModuleNameLiterals = (literals, from) =>
    literals.map(({ text }) =>
      text.startsWith(".") ? ts.resolveModuleName(text, from, options, host) : { resolvedModule: undefined },
    );
  const program = ts.createProgram(files, options, host);
  programs.set(files.join(), program);
  return program;
}

class Walker {
  public readonly found = new Map<string, Field>();

  public constructor(private readonly checker: ts.TypeChecker) {}

  /** `above` holds the types on the way here: one that stands in itself is walked once. */
  public walk(type: ts.Type, steps: readonly Step[], above: readonly ts.Type[], declared: string): void {
    const parts = (type.isUnion() ? type.types : [type]).filter(
      ({ flags }) => (flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null)) === 0,
    );
    const values = parts.filter((part) => !isObject(part) && (part.flags & ts.TypeFlags.Any) === 0);
    const kinds = new Set(values.map(kindOf));
    for (const kind of kinds) this.add(steps, kind, declared);
    const objects = parts.filter(isObject);
    const branch = objects.length > 1 ? this.discriminant(objects) : undefined;
    for (const object of objects) {
      if (above.includes(object)) continue;
      const is = branch === undefined ? undefined : this.literal(object, branch);
      this.walkObject(
        object,
        branch === undefined || is === undefined ? steps : [...steps, { branch, is }],
        [...above, object],
        is === undefined ? declared : `${declared}<${is}>`,
      );
    }
  }

  private walkObject(
    type: ts.Type,
    steps: readonly Step[],
    above: readonly ts.Type[],
    declared: string,
  ): void {
    if (this.checker.isArrayType(type)) {
      const [item] = this.checker.getTypeArguments(type as ts.TypeReference);
      if (item === undefined) return;
      if (!isObject(item) && !item.isUnion()) this.add(steps, "list", declared);
      return this.walk(item, [...steps, { any: "item" }], above, `${declared}[*]`);
    }
    const map = this.checker.getIndexInfoOfType(type, ts.IndexKind.String);
    if (map !== undefined) return this.walk(map.type, [...steps, { any: "name" }], above, `${declared}.*`);
    for (const property of this.checker.getPropertiesOfType(type)) {
      if (property.name.startsWith("__")) continue;
      this.walk(
        this.checker.getTypeOfSymbol(property),
        [...steps, { field: property.name }],
        above,
        declarationOf(property, declared),
      );
    }
  }

  /** A field that has one other literal in each of several objects. */
  private discriminant(objects: readonly ts.Type[]): string | undefined {
    return objects
      .flatMap((object) => this.checker.getPropertiesOfType(object))
      .map(({ name }) => name)
      .find((name) => {
        const literals = objects.map((object) => this.literal(object, name));
        const known = literals.filter((each) => each !== undefined);
        return known.length > 1 && new Set(known).size === known.length && known.length >= objects.length - 1;
      });
  }

  private literal(type: ts.Type, field: string): string | number | undefined {
    const property = this.checker.getPropertyOfType(type, field);
    const own = property && this.checker.getNonNullableType(this.checker.getTypeOfSymbol(property));
    return own?.isStringLiteral() || own?.isNumberLiteral() ? own.value : undefined;
  }

  private add(steps: readonly Step[], kind: Kind, declared: string): void {
    const path = `${textOf(steps)}${kind === "list" ? "[]" : ""}`;
    this.found.set(`${path} ${kind}`, { path, steps, kind, declared: `${declared} ${kind}` });
  }
}

/** `ToolConfig.scopes`; of a type without a name, as what holds it and the field. */
function declarationOf(property: ts.Symbol, holder: string): string {
  const parent = property.declarations?.[0]?.parent;
  const named = parent !== undefined && ts.isInterfaceDeclaration(parent) ? parent.name.text : holder;
  return `${named}.${property.name}`;
}

function isObject(type: ts.Type): boolean {
  if (type.isIntersection()) return type.types.every((part) => isObject(part) || part.isUnion());
  return (type.flags & ts.TypeFlags.Object) !== 0;
}

function kindOf(type: ts.Type): Kind {
  if (type.flags & ts.TypeFlags.BooleanLike) return "boolean";
  if (type.flags & (ts.TypeFlags.StringLiteral | ts.TypeFlags.NumberLiteral)) return "closed";
  return type.flags & ts.TypeFlags.Number ? "number" : "text";
}

/** As `edge.certificate<kind=route53>.zoneId`. */
export function textOf(steps: readonly Step[]): string {
  return steps
    .map((step) =>
      "field" in step
        ? `.${step.field}`
        : "any" in step
          ? step.any === "item"
            ? "[*]"
            : ".*"
          : `<${step.branch}=${step.is}>`,
    )
    .join("")
    .replace(/^\./, "");
}
