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
  private readonly byId: ReadonlyMap<string, Block>;
  private readonly byType: ReadonlyMap<string, readonly Block[]>;

  public constructor(public readonly source: TerraformJson) {
    this.all = [...blocksOf(source.resource, "resource"), ...blocksOf(source.data, "data")];
    this.byAddress = new Map(this.all.map((block) => [referenceTo(block), block]));
    const existing = new Map<string, Block>();
    const byType = new Map<string, Block[]>();
    for (const block of this.all) {
      for (const id of idsOf(block)) if (!existing.has(id)) existing.set(id, block);
      if (block.mode !== "resource") continue;
      const known = byType.get(block.type);
      if (known) known.push(block);
      else byType.set(block.type, [block]);
    }
    this.byId = existing;
    this.byType = byType;
  }

  /** All resources of these types, in the order of the file. */
  public blocks(...types: readonly string[]): Block[] {
    if (types.length === 1) return [...(this.byType.get(types[0] ?? "") ?? [])];
    const found = new Set(types.flatMap((type) => this.byType.get(type) ?? []));
    return found.size === 0 ? [] : this.all.filter((block) => found.has(block));
  }

  /** The block that a reference such as `${aws_lb.x.arn}` points to; in a plan of what exists, also an id or an ARN. */
  public target(reference: unknown): Block | undefined {
    if (typeof reference !== "string") return undefined;
    const match = REFERENCE.exec(reference);
    return match?.[1] === undefined ? this.byId.get(reference) : this.byAddress.get(match[1]);
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
        address: writtenAddress(body) ?? `${mode === "data" ? "data." : ""}${type}.${name}`,
        type,
        name,
        mode,
        body,
        path: constructPath(body),
      };
    }),
  );
}

/** How a block is pointed to: by its name in the file, which is not its address where it stands in a module. */
function referenceTo({ mode, type, name }: Block): string {
  return `${mode === "data" ? "data." : ""}${type}.${name}`;
}

/** Ids and ARNs, which only plans of what exists know. Ids that are names are left out: several things share one. */
function idsOf({ body }: Block): string[] {
  return [body.id, body.arn].filter(
    (key): key is string => typeof key === "string" && /^(arn:|[a-z]+-[0-9a-f]{8,}$)/.test(key),
  );
}

/** Address of a block that cannot be told by type and name: one in a module, or one of many. */
function writtenAddress(body: Record<string, unknown>): string | undefined {
  return (body["//"] as { address?: string } | undefined)?.address;
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
    // Texts inside an expression have quotes of their own.
    const quoted = holes.replace(/(?<!\$)\$\{(?!jsonencode\()[^{}]*\}/g, (hole) => hole.replace(/"/g, '\\"'));
    return JSON.parse(quoted.replace(/\$\$\{/g, "${").replace(/%%\{/g, "%{"));
  } catch {
    return undefined;
  }
}

/** How many texts are kept open: those of the largest plan that was measured, several times over. */
const KEPT = 20_000;
const open = new Map<string, unknown>();

/**
 * The same, opened once for all who ask: a task definition holds 60 KB that dozens of controls look at. What comes back
 * is everybody's, and frozen.
 */
export function opened(text: unknown): unknown {
  if (typeof text !== "string") return undefined;
  if (open.has(text)) return open.get(text);
  if (open.size >= KEPT) open.clear();
  const value = frozen(embedded(text));
  open.set(text, value);
  return value;
}

function frozen(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  for (const inner of Object.values(value)) frozen(inner);
  return Object.freeze(value);
}

/** Whether a value of the file is an expression whose result is known only at deployment. */
export function isExpression(value: unknown): boolean {
  return typeof value === "string" && /(^|[^$])\$\{/.test(value);
}
