import type { ArgumentConfig } from "../../lib/policy/config";
import { modern } from "./lab";

/** Arguments of the tool whose calls are read: one of each kind, told of by value and by type. */
export const ARGUMENTS: Readonly<Record<string, ArgumentConfig>> = {
  text: { type: "string", maxLength: 2000, log: true },
  hidden: { type: "string", maxLength: 2000 },
  whole: { type: "integer", log: true },
  number: { type: "number", log: true },
  quiet: { type: "number" },
  flag: { type: "boolean", log: true },
  words: { type: "array", maxItems: 400, items: { type: "string", maxLength: 200, pattern: "[a-z]*" } },
  numbers: { type: "array", maxItems: 400, items: { type: "number" } },
  where: {
    type: "object",
    properties: {
      country: { type: "string", maxLength: 100, required: true },
      open: { type: "boolean" },
      rows: {
        type: "array",
        maxItems: 60,
        items: {
          type: "object",
          properties: { a: { type: "string", maxLength: 100 }, b: { type: "number" } },
        },
      },
    },
  },
};

const [BEFORE = "", BEHIND = ""] = JSON.stringify(
  modern("tools/call", { name: "read", arguments: "ARGUMENTS" }).body,
).split('"ARGUMENTS"');
export const HEADERS = modern("tools/call", { name: "read" }).headers;
/** What a byte of a message is replaced by, or what is put before it. */
const BREAKS = [
  ...'{}[],:"\\0123456789.-+eEtfnul \n\t\u0000\u001f\u007f\u0080\u00bf\u00c0\u00ed\u00f5\u00ff',
];
const CHARACTERS = [
  ...'abc xyz019-_/\u007f\u00e9\u00df\u2028\u2029\u20ac\ufeff\uffff\u{1f600}\u{10ffff}"\\\n\t\u0001\u001f',
];
const SHORT: Readonly<Record<string, string>> = {
  ...{ '"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "/": "\\/" },
};
const EDGES = [
  ...["0", "-0", "0.0", "-0.0e0", "1e15", "999999999999999", "9007199254740991", "-9007199254740991", "1E+2"],
  ...["9007199254740993", "123456789012345678", "0.1", "1e-999", "4.9e-324", "1.7976931348623157e308"],
];
const WRONG = [
  "1e999",
  "-1e400",
  "01",
  "-01",
  "1.",
  ".5",
  "+1",
  "-",
  "0x10",
  "NaN",
  "1e",
  "1e+",
  "00",
  "tru",
  "nul",
];

/** Messages one after the other: most of them calls that are allowed, the others broken somewhere. */
export class Messages {
  public constructor(private readonly next: () => number) {}

  public message(): Buffer {
    const text = this.object(
      Object.entries({
        text: () => this.text(),
        hidden: () => this.text(),
        whole: () => this.whole(),
        number: () => this.number(),
        quiet: () => this.number(),
        flag: () => this.pick(["true", "false"]),
        words: () => this.list(() => `"${this.word()}"`, 80),
        numbers: () => this.list(() => this.number(), 80),
        where: () => this.where(),
      }).filter(() => this.next() < 0.6),
    );
    const bytes = Buffer.from(text);
    return Buffer.concat([
      Buffer.from(BEFORE),
      this.next() < 0.25 ? this.broken(bytes) : bytes,
      Buffer.from(BEHIND),
    ]);
  }

  private where(): string {
    return this.object([
      ["country", () => this.text()],
      ...(this.next() < 0.5 ? [["open", () => "true"] as const] : []),
      ["rows", () => this.list(() => this.row(), 12)],
    ]);
  }

  private row(): string {
    return this.object(
      (
        [
          ["a", () => this.text(20)],
          ["b", () => this.number()],
        ] as const
      ).filter(() => this.next() < 0.7),
    );
  }

  private object(members: readonly (readonly [string, () => string])[]): string {
    const written = members.map(
      ([name, value]) => `${this.blank()}${this.quoted([...name])}${this.blank()}:${this.blank()}${value()}`,
    );
    return `{${written.join(`${this.blank()},`)}${this.blank()}}`;
  }

  private list(item: () => string, most: number): string {
    const count = Math.floor(this.next() ** 2 * most);
    return `[${Array.from({ length: count }, () => this.blank() + item() + this.blank()).join(",")}]`;
  }

  private word(): string {
    return "abcdefghijklmnopqrstuvwxyz".slice(0, Math.floor(this.next() * 27));
  }

  /** Half of them plain, so that all of a message is; the others with whatever a text may hold. */
  private text(most = 60): string {
    const length = this.next() < 0.05 ? 300 : Math.floor(this.next() * most);
    const plain = this.next() < 0.7;
    return this.quoted(
      Array.from({ length }, () => (plain ? this.pick(["a", "Z", " ", "{", "]"]) : this.pick(CHARACTERS))),
    );
  }

  /** As one of the ways in which JSON may write it. */
  private quoted(characters: readonly string[]): string {
    const written = characters.map((character) => {
      const must = character === '"' || character === "\\" || character < " ";
      if (!must && this.next() < 0.98) return character;
      if (character in SHORT && this.next() < 0.5) return SHORT[character] ?? "";
      return [...Array(character.length).keys()]
        .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`)
        .join("");
    });
    return `"${written.join("")}"`;
  }

  private whole(): string {
    if (this.next() < 0.2)
      return this.pick(["0", "-0", "1e3", "9007199254740991", "-9007199254740991", "9007199254740993"]);
    return `${Math.floor((this.next() - 0.3) * 10 ** Math.floor(this.next() * 16))}`;
  }

  private number(): string {
    if (this.next() < 0.15) return this.pick(EDGES);
    if (this.next() < 0.4) return `${Math.floor(this.next() * 1e6)}`;
    return `${(this.next() - 0.5) * 10 ** Math.floor(this.next() * 40 - 20)}`;
  }

  private blank(): string {
    return this.next() < 0.1 ? this.pick([" ", "\n", "\r", "\t", " \n  "]) : "";
  }

  private broken(bytes: Buffer): Buffer {
    const at = Math.floor(this.next() * bytes.length);
    const [before, behind] = [bytes.subarray(0, at), bytes.subarray(at)];
    const byte = Buffer.from(this.pick(BREAKS), "latin1");
    switch (Math.floor(this.next() * 7)) {
      case 0:
        return Buffer.concat([before, byte, behind]);
      case 1:
        return Buffer.concat([before, behind.subarray(1)]);
      case 2:
        return before;
      case 3:
        return Buffer.from(`{"number":${this.pick(WRONG)}}`);
      case 4:
        return Buffer.from(
          this.pick(['{"te\\u0078t":"a","text":"b"}', '{"text":"\\ud800"}', '{"text":"\\udc00\\ud800"}']),
        );
      case 5:
        return Buffer.from(
          this.pick(['{"text":"\\u0000"}', '{"flag":null}', '{"whole":0.5}', '{"other":1}', "[]", '"a"']),
        );
      default:
        return Buffer.concat([before, byte, behind.subarray(1)]);
    }
  }

  private pick<Of>(from: readonly Of[]): Of {
    return from[Math.floor(this.next() * from.length)] as Of;
  }
}
