/** A text as a regular expression that matches just it. */
export function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** A stretch of code points, both ends included. */
type Range = readonly [number, number];

/** A regular expression, read. */
interface Node {
  /** As RE2 text that cannot match a line feed. */
  readonly re2: string;
  /** Code points that the node may begin with; used to tell repetitions apart. */
  readonly first: readonly Range[];
  /** Code points anywhere in it. */
  readonly all: readonly Range[];
  /** Whether different texts lengths match. */
  readonly varies: boolean;
  /** Whether the empty text matches. */
  readonly empty: boolean;
  /** Whether it begins with one fixed character that occurs nowhere else in it: then repeating it stays linear. */
  readonly delimited: boolean;
}

/** What `readPattern` found: the pattern for RE2, or why it is refused. */
export type PatternResult = { readonly re2: string } | { readonly refused: string };

const MAX_LENGTH = 256;
const MAX_REPEAT = 1000;
const ANY: readonly Range[] = [[0, 0x10ffff]];
const CLASSES: Readonly<Record<string, readonly Range[]>> = {
  d: [[48, 57]],
  w: [
    [48, 57],
    [65, 90],
    [95, 95],
    [97, 122],
  ],
};

/**
 * Reads a regular expression in the subset that RE2 and JavaScript (with the `u` flag) understand alike: literals,
 * classes, `\d`, `\w`, `.`, groups without capture, alternatives, greedy repetition. Refuses what one of them lacks
 * (look-around, back references), what they read differently (`\s`, `\b`), anchors (the pattern is for the whole value)
 * and repetitions that a backtracking engine would need exponential time for.
 *
 * The result never matches a line feed: the gateway joins the values of one pattern by line feeds and checks them at
 * once, so a class that matched one could take two wrong values for a right one.
 */
export function readPattern(pattern: string): PatternResult {
  if (pattern.length > MAX_LENGTH) return { refused: `has more than ${MAX_LENGTH} characters` };
  try {
    // The subset is JavaScript's own first: whatever does not compile there is refused in its words.
    new RegExp(`^(?:${pattern})$`, "u");
    return { re2: new Reader(pattern).read().re2 };
  } catch (error) {
    return { refused: error instanceof Refusal ? error.message : "is not a regular expression" };
  }
}

class Refusal extends Error {}

class Reader {
  private at = 0;

  public constructor(private readonly text: string) {}

  public read(): Node {
    const node = this.alternatives();
    if (this.at < this.text.length) throw new Refusal("has an unmatched parenthesis");
    return node;
  }

  private alternatives(): Node {
    const options = [this.sequence()];
    while (this.take("|")) options.push(this.sequence());
    if (options.length === 1) return options[0] as Node;
    return {
      re2: options.map((option) => option.re2).join("|"),
      first: options.flatMap((option) => option.first),
      all: options.flatMap((option) => option.all),
      varies: true,
      empty: options.some((option) => option.empty),
      delimited: false,
    };
  }

  private sequence(): Node {
    const parts: Node[] = [];
    while (this.at < this.text.length && !"|)".includes(this.text[this.at] as string))
      parts.push(this.repeated());
    const [head, ...rest] = parts;
    const delimited =
      head !== undefined &&
      !head.varies &&
      !head.empty &&
      !rest.some((part) => overlap(part.all, head.all)) &&
      head.all.length > 0;
    const until = parts.findIndex((part) => !part.empty);
    return {
      re2: parts.map((part) => part.re2).join(""),
      first: parts.slice(0, until < 0 ? parts.length : until + 1).flatMap((part) => part.first),
      all: parts.flatMap((part) => part.all),
      varies: parts.some((part) => part.varies),
      empty: parts.every((part) => part.empty),
      delimited,
    };
  }

  private repeated(): Node {
    const node = this.atom();
    const [quantifier, min, max] = this.quantifier();
    if (quantifier === "") return node;
    if (max > 1 && node.empty) throw new Refusal("repeats something that can be empty");
    if (max > 1 && node.varies && !node.delimited) {
      throw new Refusal("repeats a group of changing length, which can take exponential time");
    }
    return {
      ...node,
      re2: node.re2 + quantifier,
      varies: min !== max,
      empty: min === 0 || node.empty,
      delimited: false,
    };
  }

  private quantifier(): [string, number, number] {
    const match = /^(?:[*+?]|\{(\d+)(,(\d*))?\})/.exec(this.text.slice(this.at));
    if (match === null) return ["", 1, 1];
    this.at += match[0].length;
    if (/^[?+]/.test(this.text.slice(this.at))) throw new Refusal("has a lazy or possessive repetition");
    const sign = match[0][0];
    if (sign === "*") return [match[0], 0, Infinity];
    if (sign === "+") return [match[0], 1, Infinity];
    if (sign === "?") return [match[0], 0, 1];
    const min = Number(match[1]);
    const max = match[2] === undefined ? min : match[3] === "" ? Infinity : Number(match[3]);
    if (Math.max(min, max === Infinity ? 0 : max) > MAX_REPEAT) {
      throw new Refusal(`repeats more than ${MAX_REPEAT} times`);
    }
    return [match[0], min, max];
  }

  private atom(): Node {
    if (this.take("(")) return this.group();
    if (this.take("[")) return this.characterClass();
    if (this.take(".")) {
      // JavaScript's dot stops at four line ends, RE2's at one: written out.
      return single("[^\\n\\r\\x{2028}\\x{2029}]", ANY);
    }
    if (this.take("\\")) return this.escape();
    const character = this.next();
    if (character === "^" || character === "$") {
      throw new Refusal("has an anchor, and the pattern is for the whole value anyway");
    }
    return single(character, [[code(character), code(character)]]);
  }

  private group(): Node {
    if (!this.take("?:")) {
      throw new Refusal(
        this.text[this.at] === "?" ? "looks around or names a group" : "captures: write (?:…) instead of (…)",
      );
    }
    const inner = this.alternatives();
    if (!this.take(")")) throw new Refusal("has an unmatched parenthesis");
    return { ...inner, re2: `(?:${inner.re2})` };
  }

  private escape(): Node {
    const letter = this.next();
    const known = CLASSES[letter];
    if (known) return single(`\\${letter}`, known);
    if (/[A-Za-z0-9]/.test(letter)) throw new Refusal(`has \\${letter}, which engines read differently`);
    return single(`\\${letter}`, [[code(letter), code(letter)]]);
  }

  private characterClass(): Node {
    const negated = this.take("^");
    const ranges: Range[] = [];
    let re2 = "";
    while (!this.take("]")) {
      const [text, low] = this.classPart();
      re2 += text;
      if (Array.isArray(low)) ranges.push(...low);
      else if (this.text[this.at] === "-" && this.text[this.at + 1] !== "]") {
        this.at++;
        const [end, high] = this.classPart();
        if (Array.isArray(high)) throw new Refusal("has a range that ends in a class");
        re2 += `-${end}`;
        ranges.push([low as number, high as number]);
      } else ranges.push([low as number, low as number]);
    }
    if (ranges.length === 0) throw new Refusal("has an empty class");
    return negated ? single(`[^\\n${re2}]`, ANY) : single(`[${re2}]`, ranges);
  }

  private classPart(): [string, number | readonly Range[]] {
    const character = this.next();
    if (character !== "\\") {
      // RE2 reads [[:alpha:]] as a POSIX class, JavaScript as characters.
      if (character === "[") throw new Refusal("has [ in a class: write \\[");
      return [character, code(character)];
    }
    const letter = this.next();
    const known = CLASSES[letter];
    if (known) return [`\\${letter}`, known];
    if (/[A-Za-z0-9]/.test(letter)) throw new Refusal(`has \\${letter}, which engines read differently`);
    return [`\\${letter}`, code(letter)];
  }

  private next(): string {
    const point = this.text.codePointAt(this.at);
    if (point === undefined) throw new Refusal("ends too early");
    if (point < 32 || point === 127) throw new Refusal("has a control character");
    const character = String.fromCodePoint(point);
    this.at += character.length;
    return character;
  }

  private take(text: string): boolean {
    if (!this.text.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }
}

function single(re2: string, all: readonly Range[]): Node {
  return { re2, first: all, all, varies: false, empty: false, delimited: false };
}

function code(character: string): number {
  return character.codePointAt(0) as number;
}

function overlap(a: readonly Range[], b: readonly Range[]): boolean {
  return a.some(([from, to]) => b.some(([low, high]) => from <= high && low <= to));
}
