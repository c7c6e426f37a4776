import type { Estimate } from "../../cost/estimate";
import { html, table, type Markup } from "./markup";

/** A month's bill with what was assumed. */
export function costs({ lines, total, assumptions }: Estimate): Markup {
  return html`<p>About <strong>${total.toFixed(0)} US dollars a month</strong>, assuming:</p>
    <ul>
      ${assumptions.map((assumption) => html`<li>${assumption}</li>`)}
    </ul>
    ${table(
      "Cost of a month",
      ["part", "counted", "US dollars"],
      lines.map(({ part, of, month }) => [part, of, month.toFixed(2)]),
    )}`;
}
