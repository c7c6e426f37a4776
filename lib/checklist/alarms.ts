import type { Plan } from "../terraform/plan";

/** An alarm as people know it. */
export interface ReportedAlarm {
  readonly name: string;
  /** What it rings for. */
  readonly says: string;
  /** Whether it rings where there is no data. */
  readonly ringsWithoutData: boolean;
}

/** Every alarm of a file, and who hears them. */
export interface ReportedAlarms {
  readonly alarms: readonly ReportedAlarm[];
  readonly heardBy: readonly string[];
}

/** The alarms that stand in a file. */
export function alarmsOf(plan: Plan): ReportedAlarms {
  return {
    alarms: plan.blocks("aws_cloudwatch_metric_alarm").map(({ body }) => ({
      name: text(body.alarm_name),
      says: text(body.alarm_description),
      ringsWithoutData: body.treat_missing_data === "breaching",
    })),
    heardBy: plan
      .blocks("aws_sns_topic_subscription")
      .map(({ body }) => `${text(body.protocol)} ${text(body.endpoint)}`),
  };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "?";
}
