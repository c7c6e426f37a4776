/** Deeper than any file that is meant for Terraform: what is nested further is there to make readers stumble. */
export const DEEPEST = 100;

/**
 * What a reader of JSON text does not tell of: the first key that stands twice in one object, as `resource.aws_lb`, of
 * which `JSON.parse` keeps the last one and Terraform may make both. Nothing where every key stands once. The text must
 * be valid JSON.
 * @throws RangeError when it is nested more than `DEEPEST` deep
 */
export function duplicateKeyIn(text: string): string | undefined {
  const open: Level[] = [];
  let isKey = false;
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case 0x22: {
        const end = endOfText(text, at);
        const level = open.at(-1);
        if (isKey && level?.keys) {
          // Escapes count: "a" and "\u0061" are the same key.
          level.key = JSON.parse(text.slice(at, end + 1)) as string;
          if (level.keys.has(level.key)) return open.map(({ key }) => key).join(".");
          level.keys.add(level.key);
          isKey = false;
        }
        at = end;
        break;
      }
      case 0x7b:
      case 0x5b: {
        const isObject = text.charCodeAt(at) === 0x7b;
        if (open.length >= DEEPEST) throw new RangeError(`is nested more than ${DEEPEST} deep`);
        open.push(isObject ? { keys: new Set(), key: "" } : { key: "[]" });
        isKey = isObject;
        break;
      }
      case 0x7d:
      case 0x5d:
        open.pop();
        isKey = false;
        break;
      case 0x2c:
        isKey = open.at(-1)?.keys !== undefined;
    }
  }
  return undefined;
}

interface Level {
  /** Of an object; a list has none. */
  readonly keys?: Set<string>;
  key: string;
}

/** Index of the quote that ends a text. */
function endOfText(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  for (; end !== -1; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === 0x5c) slashes += 1;
    if (slashes % 2 === 0) return end;
  }
  return text.length;
}
