import { endings } from "../ending";
import { alone } from "../parts";
import { summary, type Report } from "../report";
import { because, isNotable, where } from "./lines";

/** For a terminal: the fifteen items, then whatever is not a pass. */
export function table(report: Report): string {
  const notable = report.verdicts.filter(isNotable);
  const lines = [
    ...report.items.map(({ item, title, result, counts }) => {
      const judged = Object.entries(counts)
        .filter(([name, many]) => many > 0 && name !== "not-applicable")
        .map(([name, many]) => `${many} ${name}`);
      return `${String(item).padStart(2)}  ${result.padEnd(14)}  ${title.padEnd(40)}  ${judged.join(", ")}`.trimEnd();
    }),
    "",
    ...notable.flatMap((verdict) => [
      `${verdict.result.toUpperCase()}  ${verdict.says} [${verdict.control}]`,
      `      ${where(verdict)}: ${because(verdict)}`,
    ]),
    ...(notable.length === 0 ? [] : [""]),
    ...alone(report.stacks),
    ...endings(report.stacks),
    `${report.ok ? "ok" : "not ok"} as of ${report.asOf}: ${summary(report)}`,
  ];
  return `${lines.join("\n")}\n`;
}
