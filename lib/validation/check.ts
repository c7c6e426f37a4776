import type { Problem, ProblemCode } from "./problem";
import { nearest } from "./nearest";

/** Tells whether a value is a placeholder that is known only at deployment (a cdktf token, at any depth). */
export type IsToken = (value: unknown) => boolean;

/** A value a text must fit: a pattern with a name for people, lengths in characters. */
export interface TextRule {
  readonly pattern?: RegExp;
  /** What the pattern means, in words: `a hostname such as mcp.example.com`. */
  readonly form?: string;
  readonly min?: number;
  readonly max?: number;
  readonly fix?: string;
}

/** Bounds of a whole number, and its unit in the plural: `seconds`. */
export interface IntegerRule {
  readonly min: number;
  readonly max: number;
  readonly unit?: string;
  readonly fix?: string;
  /** Whether it must be known at synth, because something is computed from it. @default false */
  readonly known?: true;
}

interface Sink {
  readonly problems: Problem[];
  readonly warnings: string[];
  readonly isToken: IsToken;
}

/** Every field of a configuration type, so that a field added to the type must be added to its check. */
export type Fields<T> = Record<keyof Required<T> & string, true>;

/**
 * Walks a configuration and collects every problem. One `Check` stands at one path; `at()` goes deeper and shares
 * the list. Each method answers whether the value may be used, and never throws, so that one mistake does not hide
 * the next. Tokens pass every value check (they are judged after synth) and are refused as map keys.
 */
export class Check {
  private constructor(
    public readonly path: string,
    private readonly sink: Sink,
    private readonly hidden: boolean,
  ) {}

  /** Starts at the root of a configuration. */
  public static start(isToken: IsToken): Check {
    return new Check("", { problems: [], warnings: [], isToken }, false);
  }

  /** Everything found so far, in the order of the walk. */
  public get problems(): readonly Problem[] {
    return this.sink.problems;
  }

  /** What a reader should know although it stops nothing: a lapsed waiver, a past window. */
  public get warnings(): readonly string[] {
    return this.sink.warnings;
  }

  /** A check of a field or an entry below this one. */
  public at(...keys: readonly (string | number)[]): Check {
    const path = keys.reduce<string>((path, key) => {
      if (typeof key === "number") return `${path}[${key}]`;
      if (!/^[A-Za-z_$][\w$]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
      return path === "" ? key : `${path}.${key}`;
    }, this.path);
    return new Check(path, this.sink, this.hidden);
  }

  /** The same place, from which on no value is ever repeated in a message. */
  public secret(): Check {
    return new Check(this.path, this.sink, true);
  }

  public isToken(value: unknown): boolean {
    return this.sink.isToken(value);
  }

  /** Reports a problem here. `says` reads on from the path: `is 12, expected at most 10`. */
  public problem(code: ProblemCode, says: string, fix: string): false {
    this.sink.problems.push({ path: this.path, code, says, fix });
    return false;
  }

  public warn(says: string): void {
    this.sink.warnings.push(`${this.path} ${says}`);
  }

  /** Something that the types allow and this version does not build. Never ignored, always refused by name. */
  public notSupportedYet(what: string, fix: string): false {
    return this.problem("not-supported-yet", `asks for ${what}, which this version does not build yet`, fix);
  }

  /** The value as a message may show it. */
  public show(value: unknown): string {
    if (this.hidden) return "a value that is not shown";
    const text = typeof value === "string" ? JSON.stringify(value) : String(value);
    return text.length > 80 ? `${text.slice(0, 77)}...` : text;
  }

  /** A plain object with no other fields than those named. */
  public object(value: unknown, fields: Readonly<Record<string, true>>): value is object {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return this.problem(
        "wrong-type",
        `is ${this.kindOf(value)}, expected an object`,
        "see the type's documentation",
      );
    }
    for (const key of Object.keys(value)) {
      if (Object.hasOwn(fields, key)) continue;
      const near = nearest(key, Object.keys(fields));
      this.at(key).problem(
        "unknown-field",
        "is not a field here",
        near ? `did you mean ${near}?` : "remove it",
      );
    }
    return true;
  }

  /** A required value is there. */
  public present(value: unknown, fix = "set it"): boolean {
    return value === undefined || value === null ? this.problem("required", "is missing", fix) : true;
  }

  public text(value: unknown, rule: TextRule = {}): value is string {
    if (!this.present(value, rule.fix)) return false;
    if (this.isToken(value)) return true;
    const fix = rule.fix ?? "correct it";
    if (typeof value !== "string")
      return this.problem("wrong-type", `is ${this.kindOf(value)}, expected text`, fix);
    if (rule.max !== undefined && value.length > rule.max) {
      return this.problem("too-long", `has ${value.length} characters, expected at most ${rule.max}`, fix);
    }
    if (rule.min !== undefined && value.length < rule.min) {
      return this.problem("wrong-form", `has ${value.length} characters, expected at least ${rule.min}`, fix);
    }
    if (rule.pattern && !rule.pattern.test(value)) {
      return this.problem(
        "wrong-form",
        `is ${this.show(value)}, expected ${rule.form ?? String(rule.pattern)}`,
        fix,
      );
    }
    return true;
  }

  public integer(value: unknown, rule: IntegerRule): value is number {
    if (!this.present(value, rule.fix)) return false;
    if (this.isToken(value)) return rule.known ? this.literal(value) : true;
    const unit = rule.unit ? ` ${rule.unit}` : "";
    const expected = `${rule.min} to ${rule.max}${unit}`;
    if (typeof value !== "number") {
      return this.problem(
        "wrong-type",
        `is ${this.kindOf(value)}, expected ${expected}`,
        rule.fix ?? "use a number",
      );
    }
    if (!Number.isInteger(value) || value < rule.min || value > rule.max) {
      const fix =
        rule.fix ?? (value > rule.max ? "lower it" : value < rule.min ? "raise it" : "use a whole number");
      return this.problem("out-of-range", `is ${this.show(value)}, expected ${expected}`, fix);
    }
    return true;
  }

  /** True or false. A token is refused: as an object it would count as true, whatever it becomes. */
  public boolean(value: unknown): value is boolean {
    if (!this.present(value)) return true;
    if (!this.literal(value)) return false;
    return (
      typeof value === "boolean" ||
      this.problem("wrong-type", `is ${this.kindOf(value)}, expected true or false`, "use a boolean")
    );
  }

  /** One of a closed list. A token is refused: what is built depends on the answer. */
  public oneOf<T extends string>(value: unknown, allowed: readonly T[], fix?: string): value is T {
    if (!this.literal(value)) return false;
    if (allowed.includes(value as T)) return true;
    const near = typeof value === "string" ? nearest(value, allowed) : undefined;
    return this.problem(
      "unknown-kind",
      `is ${this.show(value)}, expected one of ${allowed.join(", ")}`,
      near ? `did you mean ${near}?` : (fix ?? "choose one of them"),
    );
  }

  /** There, and known at synth: decides what is built or names a resource, so a token cannot stand here. */
  public literal(value: unknown, fix = "write the value itself; what is built depends on it"): boolean {
    if (!this.present(value)) return false;
    return this.isToken(value) ? this.problem("token-not-allowed", "is known only at deployment", fix) : true;
  }

  /**
   * A list, each item with its check. A list token has no items, which would lose them: refused, unless `token` says that
   * the list is handed on as a whole.
   */
  public list<T>(
    value: readonly T[] | undefined,
    rule: { min?: number; max?: number; fix?: string; token?: true } = {},
  ): [T, Check][] {
    if (!this.present(value, rule.fix) || value === undefined) return [];
    if (this.isToken(value)) {
      if (!rule.token) this.literal(value, "write the list itself; its items decide what is built");
      return [];
    }
    if (!Array.isArray(value)) {
      this.problem("wrong-type", `is ${this.kindOf(value)}, expected a list`, "write it in [ ]");
      return [];
    }
    const { min = 0, max = Number.MAX_SAFE_INTEGER } = rule;
    if (value.length < min)
      this.problem(
        "too-few",
        `has ${value.length} entries, expected at least ${min}`,
        rule.fix ?? "add some",
      );
    if (value.length > max)
      this.problem(
        "over-budget",
        `has ${value.length} entries, expected at most ${max}`,
        rule.fix ?? "remove some",
      );
    return value.map((item, index) => [item as T, this.at(index)]);
  }

  /** A map with names as keys, each entry with its check. A key that is a token or of the wrong form is reported. */
  public entries<T>(
    value: Readonly<Record<string, T>> | undefined,
    key: { pattern: RegExp; form: string; max: number },
  ): [string, T, Check][] {
    if (value === undefined) return [];
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      this.problem(
        "wrong-type",
        `is ${this.kindOf(value)}, expected names with values`,
        "write it as { name: … }",
      );
      return [];
    }
    const usable: [string, T, Check][] = [];
    // In one order, whatever order they were written in: what changes nothing must not start tasks anew.
    const sorted = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
    for (const [name, item] of sorted) {
      const check = this.at(name);
      if (this.isToken(name) || name.includes("TfToken[")) {
        this.problem(
          "token-not-allowed",
          "has a key that is known only at deployment",
          "addresses derive from names: write the name itself",
        );
      } else if (name.length > key.max) {
        check.problem(
          "too-long",
          `is a name of ${name.length} characters, expected at most ${key.max}`,
          "shorten it",
        );
      } else if (!key.pattern.test(name)) {
        check.problem("wrong-form", `is a name, expected ${key.form}`, "rename it");
      } else usable.push([name, item, check]);
    }
    return usable;
  }

  private kindOf(value: unknown): string {
    if (value === null) return "null";
    if (Array.isArray(value)) return "a list";
    return typeof value === "object"
      ? "an object"
      : typeof value === "undefined"
        ? "missing"
        : `a ${typeof value}`;
  }
}

/** Names of servers, clients, secrets and the like: they become construct ids and parts of resource names. */
export const NAME = {
  pattern: /^[a-z][a-z0-9-]*$/,
  form: "lower-case letters, digits and dashes, beginning with a letter",
  max: 32,
} as const;
