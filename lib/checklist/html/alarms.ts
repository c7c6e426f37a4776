import type { ReportedAlarms } from "../alarms";
import { html, table, type Markup } from "./markup";

/** Every alarm: what it rings for, and who hears it. */
export function alarms({ alarms: all, heardBy }: ReportedAlarms): Markup {
  if (all.length === 0) return html`<p>There is no alarm in this file.</p>`;
  return html`<p>
      ${
        heardBy.length === 0
          ? "Nobody is subscribed in this file."
          : html`Heard by ${heardBy.join(", ")}, once confirmed.`
      }
    </p>
    ${table(
      "Alarms",
      ["alarm", "rings for", "without data"],
      all.map(({ name, says, ringsWithoutData }) => [
        html`<code>${name}</code>`,
        says,
        ringsWithoutData ? "rings" : "is quiet",
      ]),
    )}`;
}
