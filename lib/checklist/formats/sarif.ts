import type { Result } from "../engine";
import type { Report, ReportedVerdict } from "../report";
import { because, where } from "./lines";

/** How SARIF 2.1.0 calls our results: `kind` says what was found, `level` how bad it is. */
const KINDS: Readonly<Record<Result, { kind: string; level: string }>> = {
  pass: { kind: "pass", level: "none" },
  fail: { kind: "fail", level: "error" },
  waived: { kind: "fail", level: "error" },
  unknown: { kind: "open", level: "none" },
  "not-applicable": { kind: "notApplicable", level: "none" },
  "not-built": { kind: "fail", level: "warning" },
};

/** Where it counts as failed it has to be an alert, which only a failure is. */
const UNKNOWN_IS_NOT_ENOUGH = { kind: "fail", level: "warning" };

/** For code scanning: SARIF 2.1.0. Waived results are suppressed, with the waiver's reason as justification. */
export function sarif(report: Report): string {
  const rules = [...new Map(report.verdicts.map((verdict) => [verdict.control, verdict])).values()];
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: report.tool.name,
            version: report.tool.version,
            rules: rules.map(({ control, says, why, item, maps }) => ({
              id: control,
              shortDescription: { text: says },
              fullDescription: { text: why },
              properties: { tags: ["security"], item, ...maps },
            })),
          },
        },
        results: report.verdicts.map((verdict) => result(verdict, rules, report)),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function result(verdict: ReportedVerdict, rules: readonly ReportedVerdict[], { strict }: Report): object {
  return {
    ruleId: verdict.control,
    ruleIndex: rules.findIndex(({ control }) => control === verdict.control),
    ...(strict && verdict.result === "unknown" ? UNKNOWN_IS_NOT_ENOUGH : KINDS[verdict.result]),
    message: { text: plain(`${verdict.says}: ${because(verdict) || "it holds"}`) },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: uri(verdict.file) } },
        logicalLocations: [{ fullyQualifiedName: printable(where(verdict)), kind: "resource" }],
      },
    ],
    // Stable from run to run, so that a known finding is not a new one.
    partialFingerprints: { "hardenedMcp/v1": printable(`${verdict.control}@${where(verdict)}`) },
    ...(verdict.result === "waived" && verdict.waiver
      ? {
          suppressions: [
            { kind: "external", status: "accepted", justification: printable(verdict.waiver.reason) },
          ],
        }
      : {}),
  };
}

/**
 * A text of a message: SARIF reads `[words](1)` in it as a link and a backslash before brackets as no link (3.11.6), and
 * viewers show what looks like markup as markup. Angle brackets of the file become ones that no viewer takes for tags.
 */
function plain(text: string): string {
  return printable(text)
    .replace(/[\\[\]]/g, (character) => `\\${character}`)
    .replace(/</g, "\u2039")
    .replace(/>/g, "\u203a");
}

/** Without characters that steer what shows a text, or turn it around; a break becomes a blank. */
function printable(text: string): string {
  return text
    .replace(/\s*[\t\n\r\u2028\u2029]+\s*/g, " ")
    .replace(/[\p{Cc}\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\p{Cs}\ufffe\uffff]/gu, "\ufffd");
}

/** A relative reference as RFC 3986 wants it. */
function uri(file: string): string {
  return file.split(/[\\/]/).map(encodeURIComponent).join("/");
}
