import { estimate } from "../../cost/estimate";
import type { Plan } from "../../terraform/plan";
import { html, table, type Markup } from "./markup";

/** A month's bill with what was assumed. */
export function costs(plan: Plan): Markup {
  const { lines, total, assumptions } = estimate(plan);
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
