import Ajv from "ajv/dist/2020";
import {
  AUDIT_LINE_SCHEMA,
  type AuditCaller,
  type AuditCall,
  type AuditLine,
  type AuditMessage,
} from "../../lib/gateway/audit-line";

const fits = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(AUDIT_LINE_SCHEMA);
/** Lines that were read before: tests wait for one by reading all again and again. */
const read = new Map<string, ReadLine>();

type OrNull<T> = { readonly [Name in keyof T]-?: Exclude<T[Name], undefined> | null };

/** A line, with what it tells of its call by single names: null for what it does not tell. */
export type ReadLine = Omit<AuditLine, "call"> &
  OrNull<AuditCaller> &
  OrNull<AuditMessage> &
  OrNull<Pick<AuditCall, "answer">>;

const NOTHING: OrNull<AuditCaller> & OrNull<AuditMessage> & OrNull<Pick<AuditCall, "answer">> = {
  ...{ client: null, proof: null, credential: null, traceparent: null },
  ...{ method: null, tool: null, args: null, answer: null },
};

/** All whole lines of what a gateway has printed. */
export function readAuditLines(printed: string): ReadLine[] {
  return printed.split("\n").slice(0, -1).map(readAuditLine);
}

/** One line of the audit record, as its published schema says. @throws Error where it is not as that says */
export function readAuditLine(text: string): ReadLine {
  const known = read.get(text);
  if (known !== undefined) return known;
  const line = JSON.parse(text) as AuditLine;
  if (!fits(line)) throw new Error(`no audit line: ${text}\n${JSON.stringify(fits.errors)}`);
  const { call, ...rest } = line;
  const { answer = null } = call ?? {};
  const told = { ...NOTHING, ...rest, ...call?.caller, ...call?.message, answer };
  read.set(text, told);
  return told;
}
