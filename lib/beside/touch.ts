import { fails, HOLDS, unknown, type Control, type Finding, type Item } from "../checklist/control";
import type { Block, Plan } from "../terraform/plan";
import { isMadeByUs, oursIn, withEach } from "./ours";

/** What a type does to what it points to, when somebody else than a construct of ours has written it. */
export interface Touch {
  /** Attributes by which it points; all of them when none is named. */
  readonly by: readonly string[];
  /** Types that it may point to; of others nothing is said. */
  readonly at: readonly string[];
  /** Whether it opens something whatever else there is, or only as far as nobody here can tell. */
  readonly holds: false | "unknown";
  /** The end of a sentence that begins with what it points to: `is also read by it`. */
  readonly says: string;
  /** Constructs of ours write such blocks, too. @default false */
  readonly ours?: boolean;
}

/** A table by type. */
export type Touches = Readonly<Record<string, Touch>>;

/** A control over every block of a table's types. */
export function touching(
  { id, item, says, why }: { id: string; item: Item; says: string; why: string },
  table: Touches,
): Control {
  return {
    ...{ id, item, says, why, on: Object.keys(table) },
    judge: (block, plan) => {
      const touch = table[block.type];
      return touch === undefined ? HOLDS : judge(block, touch, plan);
    },
  };
}

function judge(block: Block, { by, at, holds, says, ours = false }: Touch, plan: Plan): Finding {
  if (ours && isMadeByUs(block, plan)) return HOLDS;
  const { depends_on: _, lifecycle: __, ...body } = block.body;
  const written = withEach(by.length === 0 ? [body] : by.map((attribute) => body[attribute]), block);
  const [target] = written.flatMap((value) => oursIn(value, plan, ...at));
  if (target === undefined) return HOLDS;
  const sentence = `${target.address} ${says}`;
  return holds === false ? fails(sentence) : unknown(sentence);
}
