import { beyondTheFile } from "./beyond";
import { duplicateKeyIn } from "./duplicate-keys";
import {
  kindOf,
  nameIn,
  readWritten,
  REFERENCE,
  typeOf,
  type Mode,
  type Reading,
  type WrittenBlock,
} from "./written";

/** One block of a synthesised file. */
export interface Block {
  /** `aws_lb.mcp_ingress_lb_A10C8816`, or `data.aws_region.…`. */
  readonly address: string;
  /** By its newest name: `aws_alb` is an `aws_lb`. */
  readonly type: string;
  readonly name: string;
  readonly mode: Mode;
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

/** A synthesised file, opened for judging: every block, references between them, JSON inside strings. Pure. */
export class Plan {
  public readonly all: readonly Block[];
  /** What will be deployed or done that no block of the file shows, as ends of sentences. */
  public readonly beyond: readonly string[];
  /** Addresses of blocks that Terraform leaves as it finds them, whatever the file says. */
  public readonly ignored: ReadonlySet<string>;
  private readonly others: readonly Reading[];
  private readonly byAddress: ReadonlyMap<string, Block>;
  private readonly byId: ReadonlyMap<string, Block>;
  private readonly byType: ReadonlyMap<string, readonly Block[]>;
  private readonly pointers = new Map<string, ReadonlyMap<string, readonly Block[]>>();
  private doubtful: readonly Plan[] | undefined;

  /** @throws NotTerraform when there are blocks that are none */
  public constructor(
    public readonly source: TerraformJson,
    reading: Reading = "most",
  ) {
    const { blocks, others } = readWritten(source, reading);
    const isAddressed = addressed.has(source);
    const pairs = blocks.map((written) => [written, blockOf(written, isAddressed)] as const);
    this.all = pairs.map(([, block]) => block);
    this.beyond = beyondTheFile(source, blocks);
    this.ignored = new Set(pairs.flatMap(([{ isIgnored }, { address }]) => (isIgnored ? [address] : [])));
    this.others = others;
    this.byAddress = new Map(
      pairs.map(([written, block]) => [nameIn(written.mode, written.type, written.name), block]),
    );
    const existing = new Map<string, Block>();
    const byType = new Map<string, Block[]>();
    for (const block of this.all) {
      for (const id of idsOf(block)) if (!existing.has(id)) existing.set(id, block);
      const kind = kindOf(block);
      const known = byType.get(kind);
      if (known) known.push(block);
      else byType.set(kind, [block]);
    }
    this.byId = existing;
    this.byType = byType;
  }

  /**
   * The same file where everything that may not come to be (by `count`, `for_each`, a dynamic block) does not, where
   * values that are known only at deployment are not there, and where those whose changes are ignored are once not there
   * and once not known. None where all is certain.
   */
  public least(): readonly Plan[] {
    this.doubtful ??= this.others.map((reading) => new Plan(this.source, reading));
    return this.doubtful;
  }

  /** Whether it was printed of a plan, which leaves out how Terraform goes about a resource. */
  public get isPrinted(): boolean {
    return addressed.has(this.source);
  }

  /** The same, where every resource is kept as carefully as it can be. */
  public withLifecycles(): Plan {
    const lifecycle = { create_before_destroy: true, prevent_destroy: true };
    const types = Object.entries(this.source.resource ?? {}).map(([type, all]): [string, object] => [
      type,
      Object.fromEntries(
        Object.entries(all).map(([name, body]) => [name, { ...(body as object), lifecycle }]),
      ),
    ]);
    const source = { ...this.source, resource: Object.fromEntries(types) } as TerraformJson;
    return new Plan(this.isPrinted ? withAddresses(source) : source);
  }

  /** All resources of these types, in the order of the file; as `data.TYPE` or `ephemeral.TYPE` what is read. */
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
    const key = `${type} ${attribute}`;
    const known = this.pointers.get(key) ?? this.pointersOf(type, attribute);
    this.pointers.set(key, known);
    return [...(known.get(block.address) ?? [])];
  }

  /** Blocks of a type by the address that an attribute refers to. */
  private pointersOf(type: string, attribute: string): ReadonlyMap<string, readonly Block[]> {
    const found = new Map<string, Block[]>();
    for (const other of this.blocks(type)) {
      const address = this.target(other.body[attribute])?.address;
      if (address === undefined) continue;
      const others = found.get(address);
      if (others) others.push(other);
      else found.set(address, [other]);
    }
    return found;
  }
}

const addressed = new WeakSet<TerraformJson>();

/** Says that the blocks of a source carry their addresses in their comments. In a file such comments mean nothing. */
export function withAddresses(source: TerraformJson): TerraformJson {
  addressed.add(source);
  return source;
}

function blockOf(written: WrittenBlock, isAddressed: boolean): Block {
  const { mode, type, name, body } = written;
  return {
    address: (isAddressed ? writtenAddress(body) : undefined) ?? nameIn(mode, type, name),
    type: typeOf(type),
    name,
    mode,
    body,
    path: constructPath(body),
  };
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
export function embedded(written: unknown): unknown {
  if (typeof written !== "string") return undefined;
  try {
    const holes = written.replace(
      /(^|[[{:,]\s*)(\$\{jsonencode\([^}]*\)\})/g,
      (_all, before: string, hole: string) => `${before}${JSON.stringify(hole)}`,
    );
    // Texts inside an expression have quotes of their own.
    const quoted = holes.replace(/(?<!\$)\$\{(?!jsonencode\()[^{}]*\}/g, (hole) => hole.replace(/"/g, '\\"'));
    const text = quoted.replace(/\$\$\{/g, "${").replace(/%%\{/g, "%{");
    const value: unknown = JSON.parse(text);
    // Who reads it later may keep the other one.
    return duplicateKeyIn(text) === undefined ? value : undefined;
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
  return typeof value === "string" && /(^|[^$])\$\{|(^|[^%])%\{/.test(value);
}
