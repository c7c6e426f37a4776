/**
 * The part of MessagePack that Terraform speaks to its providers: values, and one extension that stands for a value
 * that is not known yet (type 0, or 12 when something about it is known).
 */

/** A value that is known only after apply. */
export class Unknown {}
/** The one unknown value. */
export const UNKNOWN = new Unknown();

/** A decoded value. */
export type Value = null | boolean | number | string | Unknown | Value[] | { [key: string]: Value };

/** Bytes to a value. */
export function decode(bytes: Uint8Array): Value {
  return new Reader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)).value();
}

class Reader {
  private at = 0;
  public constructor(private readonly bytes: Buffer) {}

  public value(): Value {
    const tag = this.uint(1);
    if (tag < 0x80) return tag;
    if (tag < 0x90) return this.map(tag & 0x0f);
    if (tag < 0xa0) return this.list(tag & 0x0f);
    if (tag < 0xc0) return this.text(tag & 0x1f);
    if (tag >= 0xe0) return tag - 0x100;
    switch (tag) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this.extension(this.uint(2 ** (tag - 0xc7)));
      case 0xca:
        return this.take(4).readFloatBE();
      case 0xcb:
        return this.take(8).readDoubleBE();
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.uint(2 ** (tag - 0xcc));
      case 0xcf:
        return Number(this.take(8).readBigUInt64BE());
      case 0xd0:
      case 0xd1:
      case 0xd2:
        return this.take(2 ** (tag - 0xd0)).readIntBE(0, 2 ** (tag - 0xd0));
      case 0xd3:
        return Number(this.take(8).readBigInt64BE());
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.extension(2 ** (tag - 0xd4));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.text(this.uint(2 ** (tag - 0xd9)));
      case 0xdc:
      case 0xdd:
        return this.list(this.uint(2 ** (tag - 0xdb)));
      case 0xde:
      case 0xdf:
        return this.map(this.uint(2 ** (tag - 0xdd)));
      default:
        throw new Error(`unexpected MessagePack tag 0x${tag.toString(16)}`);
    }
  }

  private take(length: number): Buffer {
    return this.bytes.subarray(this.at, (this.at += length));
  }

  private uint(length: number): number {
    return this.take(length).readUIntBE(0, length);
  }

  private text(length: number): string {
    return this.take(length).toString("utf8");
  }

  private list(length: number): Value[] {
    return Array.from({ length }, () => this.value());
  }

  private map(length: number): { [key: string]: Value } {
    return Object.fromEntries(Array.from({ length }, () => [String(this.value()), this.value()]));
  }

  /** Whatever is known about an unknown value is of no use to a provider that only invents. */
  private extension(length: number): Unknown {
    this.take(1 + length);
    return UNKNOWN;
  }
}

/** A value to bytes. */
export function encode(value: Value): Buffer {
  if (value === null) return Buffer.from([0xc0]);
  if (value instanceof Unknown) return Buffer.from([0xd4, 0x00, 0x00]);
  if (typeof value === "boolean") return Buffer.from([value ? 0xc3 : 0xc2]);
  if (typeof value === "number") return number(value);
  if (typeof value === "string") return text(value);
  if (Array.isArray(value)) return Buffer.concat([head(0xdd, value.length), ...value.map(encode)]);
  const entries = Object.entries(value);
  return Buffer.concat([
    head(0xdf, entries.length),
    ...entries.flatMap(([key, each]) => [text(key), encode(each)]),
  ]);
}

/** The widest form of every tag: a little longer, and one case instead of four. */
function head(tag: number, length: number): Buffer {
  const buffer = Buffer.alloc(5);
  buffer.writeUInt8(tag);
  buffer.writeUInt32BE(length, 1);
  return buffer;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, "utf8");
  return Buffer.concat([head(0xdb, bytes.length), bytes]);
}

function number(value: number): Buffer {
  const buffer = Buffer.alloc(9);
  if (Number.isSafeInteger(value)) {
    buffer.writeUInt8(0xd3);
    buffer.writeBigInt64BE(BigInt(value), 1);
  } else {
    buffer.writeUInt8(0xcb);
    buffer.writeDoubleBE(value, 1);
  }
  return buffer;
}
