import { createHash } from "node:crypto";
import { TOOL_NAME } from "../policy/tools";

/** Values in the conditions of one rule, of which host and path take one each: an AWS limit that cannot be raised. */
const VALUES_PER_RULE = 5;
/** Names of tools in one rule. */
export const NAMES_PER_RULE = VALUES_PER_RULE - 2;
/** Rules of one load balancer, before AWS is asked for more. */
export const RULES_PER_LOAD_BALANCER = 100;

/** Priorities of a split server: its rules for tools that write take the first ones, the rule for everything else the last. */
export const PRIORITIES_PER_SERVER = 50;
/** Rules for tools that write of one server. */
export const MOST_WRITE_RULES = PRIORITIES_PER_SERVER - 1;
/** The first priority that a server may begin with; and the last, above which there is room for what AWS numbers itself. */
export const FIRST_PRIORITY = { min: 1, max: 40_000 } as const;

/** Header that repeats the tool's name: an AWS rule compares it without regard to case. */
export const NAME_HEADER = "Mcp-Name";

/** One rule for tools that write. */
export interface WriteRule {
  readonly priority: number;
  /** Names of tools, one to three. */
  readonly names: readonly string[];
}

/** How many rules this many tools that write need. */
export function writeRuleCount(tools: number): number {
  return Math.ceil(tools / NAMES_PER_RULE);
}

/** How many rules servers need together, by how many tools each has split off: one each, and those for the tools. */
export function ruleCount(splitOff: readonly number[]): number {
  return splitOff.reduce((sum, tools) => sum + 1 + writeRuleCount(tools), 0);
}

/** Whether the priorities of two split servers, which begin here and there, meet. */
export function prioritiesMeet(rulesFrom: number, other: number): boolean {
  return Math.abs(rulesFrom - other) < PRIORITIES_PER_SERVER;
}

/**
 * The rules for tools that write, in the order of the tools: one that is added at the end changes no other rule.
 * @throws Error where a name holds what the load balancer reads as a wildcard, or there are too many
 */
export function writeRules(tools: readonly string[], rulesFrom: number): WriteRule[] {
  const wrong = tools.find((tool) => !TOOL_NAME.pattern.test(tool));
  if (wrong !== undefined)
    throw new Error(
      `${JSON.stringify(wrong)} is no tool's name: the load balancer would read it as a pattern`,
    );
  const count = writeRuleCount(tools.length);
  if (count > MOST_WRITE_RULES)
    throw new Error(`${tools.length} tools do not fit into ${MOST_WRITE_RULES} rules`);
  return Array.from({ length: count }, (_, index) => ({
    priority: rulesFrom + index,
    names: tools.slice(index * NAMES_PER_RULE, (index + 1) * NAMES_PER_RULE),
  }));
}

/** Priority of the rule for everything else of a split server: behind all of its others. */
export function lastPriority(rulesFrom: number): number {
  return rulesFrom + PRIORITIES_PER_SERVER - 1;
}

/** Blocks that servers begin in, and how far they lie apart: in between lie those that AWS gives to other rules. */
const BLOCKS = { from: 1_050, apart: 100, count: 390 } as const;

/** Where a server's priorities begin when nobody says: made of its name, so that no other server's rules move it. */
export function defaultRulesFrom(server: string): number {
  const block = createHash("sha256").update(server).digest().readUInt32BE(0) % BLOCKS.count;
  return BLOCKS.from + BLOCKS.apart * block;
}

/** The first of those blocks that meets the priorities of no server which begins at one of these; nothing where all do. */
export function freeRulesFrom(taken: readonly number[]): number | undefined {
  return Array.from({ length: BLOCKS.count }, (_, block) => BLOCKS.from + BLOCKS.apart * block).find((from) =>
    taken.every((other) => !prioritiesMeet(from, other)),
  );
}
