type Fields = Readonly<Record<string, unknown>>;

/** Longer lists of blocks are not sorted out. */
const MOST = 500;

/**
 * Blocks as they are written, in the order in which they are planned: a set is planned in another. None where it is not
 * certain which is which: what is written of one block must not be taken for another's.
 */
export function inPlannedOrder(
  planned: readonly unknown[],
  written: readonly unknown[],
): readonly unknown[] | undefined {
  if (planned.length !== written.length || written.length > MOST) return undefined;
  if (planned.every((one, index) => agrees(one, written[index]))) return written;
  const left = new Set(written);
  const found: unknown[] = [];
  for (const one of planned) {
    const fitting = [...left].filter((each) => agrees(one, each));
    if (fitting.length !== 1) return undefined;
    found.push(fitting[0]);
    left.delete(fitting[0]);
  }
  return found;
}

/** Whether a planned block can be a written one: it has its constants, and as many blocks in it, which can be its blocks. */
function agrees(planned: unknown, written: unknown): boolean {
  if (typeof planned !== "object" || planned === null || typeof written !== "object" || written === null)
    return false;
  return Object.entries(written).every(([name, one]: [string, unknown]) => {
    const value = (planned as Fields)[name];
    if (Array.isArray(one)) {
      const blocks: readonly unknown[] = Array.isArray(value) ? value : [];
      return blocks.length === one.length && one.every((each) => blocks.some((block) => agrees(block, each)));
    }
    if (typeof one !== "object" || one === null || "references" in one) return true;
    const constant: unknown = (one as Fields).constant_value;
    return !isScalar(constant) || !isScalar(value) || String(constant) === String(value);
  });
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
