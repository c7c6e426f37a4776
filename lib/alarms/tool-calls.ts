import { AUDIT_FIELDS } from "./alarm";

/** Longest filter pattern that CloudWatch takes, in characters. */
const MAX_PATTERN = 1024;

/**
 * Pattern of the lines that are counted per tool. The tool's name becomes a dimension, and CloudWatch switches a filter
 * off that meets a thousand values: so only tools of the table count, never names that a caller made up. Where the
 * table is too long for a pattern, the reason tells: only calls of known tools come to `ok`.
 */
export function toolCallsPattern(tools: readonly string[]): string {
  const listed = [...tools].sort().map((tool) => `(${AUDIT_FIELDS.tool} = "${tool}")`);
  const exact = `{ ${listed.join(" || ")} }`;
  if (tools.length > 0 && exact.length <= MAX_PATTERN) return exact;
  return `{ (${AUDIT_FIELDS.reason} = "ok") && (${AUDIT_FIELDS.method} = "tools/call") }`;
}
