import { endings } from "../ending";
import { alone } from "../parts";
import { summary, type Report } from "../report";
import { because, isNotable, where } from "./lines";

/** For a pull request. */
export function markdown(report: Report): string {
  const lines = [
    `## Security checklist: ${report.ok ? "ok" : "not ok"}`,
    "",
    `${summary(report)}; as of ${report.asOf}, hardened-mcp ${report.tool.version}.`,
    "",
    "| | item | result | pass | fail | waived | unknown |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...report.items.map(({ item, title, result, counts }) =>
      row([item, title, result, counts.pass, counts.fail, counts.waived, counts.unknown]),
    ),
  ];
  const notable = report.verdicts.filter(isNotable);
  if (notable.length > 0) {
    lines.push("", "| result | what | where | because |", "| --- | --- | --- | --- |");
    lines.push(
      ...notable.map((verdict) =>
        row([
          verdict.result,
          `${verdict.says} (\`${verdict.control}\`)`,
          `\`${where(verdict)}\``,
          because(verdict),
        ]),
      ),
    );
  }
  const ends = [...alone(report.stacks), ...endings(report.stacks)];
  if (ends.length > 0) lines.push("", ...ends.map((end) => `- ${end}`));
  return `${lines.join("\n")}\n`;
}

function row(cells: readonly (string | number)[]): string {
  return `| ${cells
    .map((cell) =>
      String(cell)
        .replace(/</g, "&lt;")
        .replace(/\|/g, "\\|")
        .replace(/\s*\n\s*/g, " "),
    )
    .join(" | ")} |`;
}
