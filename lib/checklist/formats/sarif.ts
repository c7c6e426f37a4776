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
    message: { text: `${verdict.says}: ${because(verdict) || "it holds"}` },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: uri(verdict.file) } },
        logicalLocations: [{ fullyQualifiedName: where(verdict), kind: "resource" }],
      },
    ],
    // Stable from run to run, so that a known finding is not a new one.
    partialFingerprints: { "hardenedMcp/v1": `${verdict.control}@${where(verdict)}` },
    ...(verdict.result === "waived" && verdict.waiver
      ? { suppressions: [{ kind: "external", status: "accepted", justification: verdict.waiver.reason }] }
      : {}),
  };
}

/** A relative reference as RFC 3986 wants it. */
function uri(file: string): string {
  return file.split(/[\\/]/).map(encodeURIComponent).join("/");
}
