import { failsBy, type Report, type ReportedVerdict } from "../report";
import { because, where } from "./lines";

/** For build servers: one suite per stack, one case per control and block. */
export function junit(report: Report): string {
  const suites = report.stacks.map(({ stack }) => suite(stack, report));
  return ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>", ...suites, "</testsuites>", ""].join(
    "\n",
  );
}

function suite(stack: string, report: Report): string {
  const verdicts = report.verdicts.filter((verdict) => verdict.stack === stack);
  const failed = verdicts.filter((verdict) => failsBy(verdict.result, report)).length;
  const skipped = verdicts.filter((verdict) => isSkipped(verdict, report)).length;
  const attributes = `name="${escape(stack)}" tests="${verdicts.length}" failures="${failed}" skipped="${skipped}" errors="0" time="0"`;
  return [
    `  <testsuite ${attributes}>`,
    ...verdicts.map((verdict) => testCase(verdict, report)),
    "  </testsuite>",
  ].join("\n");
}

function testCase(verdict: ReportedVerdict, report: Report): string {
  const open = `    <testcase classname="${escape(verdict.control)}" name="${escape(where(verdict))}" time="0"`;
  const message = escape(`${verdict.says}: ${because(verdict)}`);
  if (failsBy(verdict.result, report)) {
    return `${open}><failure type="${verdict.result}" message="${message}">${escape(verdict.why)}</failure></testcase>`;
  }
  if (isSkipped(verdict, report)) return `${open}><skipped message="${message}"/></testcase>`;
  return `${open}/>`;
}

function isSkipped({ result }: ReportedVerdict, report: Report): boolean {
  return result !== "pass" && !failsBy(result, report);
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** XML 1.0 has no place for control characters and halves of pairs, escaped or not; of breaks it would make blanks. */
function escape(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? "")
    .replace(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}
