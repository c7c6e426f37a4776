import Ajv from "ajv/dist/2020";
import { AUDIT_LINE_SCHEMA, type AuditLine } from "../../lib/gateway/audit-line";

const fits = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(AUDIT_LINE_SCHEMA);
/** Lines that were read before: tests wait for one by reading all again and again. */
const read = new Map<string, AuditLine>();

/** One line of the audit record, as its published schema says. @throws Error where it is not as that says */
export function readAuditLine(text: string): AuditLine {
  const known = read.get(text);
  if (known !== undefined) return known;
  const line = JSON.parse(text) as AuditLine;
  if (!fits(line)) throw new Error(`no audit line: ${text}\n${JSON.stringify(fits.errors)}`);
  read.set(text, line);
  return line;
}
