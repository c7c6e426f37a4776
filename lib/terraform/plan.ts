/** One resource or data block of a synthesised file. */
export interface Block {
  /** `aws_lb.mcp_ingress_lb_A10C8816`, or `data.aws_region.…`. */
  readonly address: string;
  readonly type: string;
  readonly name: string;
  readonly mode: "resource" | "data";
  readonly body: Readonly<Record<string, unknown>>;
  /** The construct's path, where cdktf wrote one. */
  readonly path: string;
}

/** Terraform JSON as cdktf writes it. */
export interface TerraformJson {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly data?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly [key: string]: unknown;
}

const REFERENCE = /^\$\{((?:data\.)?[a-z0-9_]+\.[A-Za-z0-9_-]+)((?:\.|\[)[^}]*)?\}$/;

/** A synthesised file, opened for judging: every block, references between them, JSON inside strings. Pure. */
export class Plan {
  public readonly all: readonly Block[];
  private readonly byAddress: ReadonlyMap<string, Block>;

  public constructor(public readonly source: TerraformJson) {
    this.all = [...blocksOf(source.resource, "resource"), ...blocksOf(source.data, "data")];
    this.byAddress = new Map(this.all.map((block) => [block.address, block]));
  }

  /** All resources of these types, in the order of the file. */
  public blocks(...types: readonly string[]): Block[] {
    return this.all.filter((block) => block.mode === "resource" && types.includes(block.type));
  }

  /** The block that a reference such as `${aws_lb.x.arn}` points to. */
  public target(reference: unknown): Block | undefined {
    if (typeof reference !== "string") return undefined;
    const match = REFERENCE.exec(reference);
    return match?.[1] === undefined ? undefined : this.byAddress.get(match[1]);
  }

  /** Resources of a type with an attribute that refers to `block`. */
  public referring(block: Block, type: string, attribute: string): Block[] {
    return this.blocks(type).filter((other) => this.target(other.body[attribute])?.address === block.address);
  }
}

function blocksOf(section: TerraformJson["resource"], mode: Block["mode"]): Block[] {
  return Object.entries(section ?? {}).flatMap(([type, instances]) =>
    Object.entries(instances).map(([name, value]) => {
      const body = value as Record<string, unknown>;
      return {
        address: `${mode === "data" ? "data." : ""}${type}.${name}`,
        type,
        name,
        mode,
        body,
        path: constructPath(body),
      };
    }),
  );
}

function constructPath(body: Record<string, unknown>): string {
  const comment = body["//"] as { metadata?: { path?: string } } | undefined;
  return comment?.metadata?.path ?? "";
}

/** Opens JSON in a string of the file: undoes Terraform's escapes; encoded holes become the text `${…}`. */
export function embedded(text: unknown): unknown {
  if (typeof text !== "string") return undefined;
  try {
    const holes = text.replace(
      /(^|[[{:,]\s*)(\$\{jsonencode\([^}]*\)\})/g,
      (_all, before: string, hole: string) => `${before}${JSON.stringify(hole)}`,
    );
    return JSON.parse(holes.replace(/\$\$\{/g, "${").replace(/%%\{/g, "%{"));
  } catch {
    return undefined;
  }
}

/** Whether a value of the file is an expression whose result is known only at deployment. */
export function isExpression(value: unknown): boolean {
  return typeof value === "string" && /(^|[^$])\$\{/.test(value);
}
