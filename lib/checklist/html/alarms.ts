import type { Plan } from "../../terraform/plan";
import { html, table, type Markup } from "./markup";

/** Every alarm: what it rings for, and who hears it. */
export function alarms(plan: Plan): Markup {
  const blocks = plan.blocks("aws_cloudwatch_metric_alarm");
  const heard = plan
    .blocks("aws_sns_topic_subscription")
    .map(({ body }) => `${text(body["protocol"])} ${text(body["endpoint"])}`);
  if (blocks.length === 0) return html`<p>There is no alarm in this file.</p>`;
  return html`<p>
      ${
        heard.length === 0
          ? "Nobody is subscribed in this file."
          : html`Heard by ${heard.join(", ")}, once confirmed.`
      }
    </p>
    ${table(
      "Alarms",
      ["alarm", "rings for", "without data"],
      blocks.map(({ body }) => [
        html`<code>${text(body["alarm_name"])}</code>`,
        text(body["alarm_description"]),
        body["treat_missing_data"] === "breaching" ? "rings" : "is quiet",
      ]),
    )}`;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "?";
}
