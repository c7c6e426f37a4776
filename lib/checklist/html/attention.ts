import { isNotable } from "../formats/lines";
import type { Report } from "../report";
import { evidenceTable } from "./evidence";
import { html, type Markup } from "./markup";

/** What did not simply pass, worst first: whoever opens the page looks for this. */
export function attention({ verdicts }: Report): Markup {
  const found = verdicts.filter(isNotable);
  if (found.length === 0) return html``;
  return html`<h2 id="attention">What to look at</h2>
    ${evidenceTable("What did not simply pass", found)}`;
}
