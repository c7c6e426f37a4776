import type { Result } from "../engine";
import { because, where } from "../formats/lines";
import { failsBy, type Report, type ReportedItem, type ReportedVerdict } from "../report";
import { html, table, type Markup } from "./markup";

/** A result in words and colour: the word alone says it too. */
export function resultOf(result: Result): Markup {
  return html`<span class="result ${result}">${result}</span>`;
}

/** The fifteen items, each with what was found, worst first, and where. */
export function evidence(report: Report): Markup {
  const { items, verdicts } = report;
  return html`<h2 id="checklist">Checklist and evidence</h2>
    ${items.map((item) =>
      itemEvidence(
        item,
        verdicts.filter((verdict) => verdict.item === item.item),
        failsBy(item.result, report),
      ),
    )}`;
}

function itemEvidence(
  { item, title, result, counts }: ReportedItem,
  verdicts: readonly ReportedVerdict[],
  isOpen: boolean,
): Markup {
  const shown = verdicts.filter((verdict) => verdict.result !== "not-applicable");
  // Open where somebody has to look.
  const open = isOpen ? html` open` : html``;
  return html`<details${open}><summary>${item}. ${title}: ${resultOf(result)}
(${counts.pass} pass, ${counts.fail} fail, ${counts.waived} waived, ${counts.unknown} unknown)</summary>
${evidenceTable(`What was found for ${title.toLowerCase()}`, shown)}</details>`;
}

/** Verdicts with where they were found and why, worst first. */
export function evidenceTable(caption: string, verdicts: readonly ReportedVerdict[]): Markup {
  return table(
    caption,
    ["control", "result", "where", "because"],
    [...grouped(verdicts).values()].map(evidenceRow),
  );
}

/** Verdicts of one control with one result stand in one row: forty passes are no forty findings. */
function grouped(verdicts: readonly ReportedVerdict[]): Map<string, ReportedVerdict[]> {
  const groups = new Map<string, ReportedVerdict[]>();
  const order: readonly Result[] = ["fail", "not-built", "unknown", "waived", "pass"];
  for (const verdict of [...verdicts].sort((a, b) => order.indexOf(a.result) - order.indexOf(b.result))) {
    const key = JSON.stringify([verdict.control, verdict.result, because(verdict)]);
    groups.set(key, [...(groups.get(key) ?? []), verdict]);
  }
  return groups;
}

function evidenceRow(group: readonly ReportedVerdict[]): readonly (Markup | string)[] {
  const [verdict] = group as readonly [ReportedVerdict];
  const places = group.map((each) => html`<li><code>${where(each)}</code></li>`);
  return [
    html`${verdict.says} <code>${verdict.control}</code>`,
    resultOf(verdict.result),
    places.length === 1
      ? html`<code>${where(verdict)}</code>`
      : html`<details>
          <summary>${places.length} places</summary>
          <ul>
            ${places}
          </ul>
        </details>`,
    because(verdict) || verdict.why,
  ];
}
