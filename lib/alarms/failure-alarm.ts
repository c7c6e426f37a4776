import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import type { Deployment } from "../terraform";

/** What is watched, and what its failure means. */
export interface FailureAlarmProps {
  readonly on: Deployment;
  /** End of its name. */
  readonly name: string;
  /** What has happened and what to do first. */
  readonly description: string;
  readonly metric: {
    readonly namespace: string;
    readonly name: string;
    readonly stat: "Sum" | "Maximum";
    readonly dimensions: Readonly<Record<string, string>>;
  };
  readonly topicArn: string;
}

/** Rings at the first failure within five minutes. Cost: 0.10 US dollars a month. */
export class FailureAlarm extends Construct {
  public constructor(
    scope: Construct,
    id: string,
    { on, name, description, metric, topicArn }: FailureAlarmProps,
  ) {
    super(scope, id);
    new CloudwatchMetricAlarm(this, "resource", {
      alarmName: on.naming.name(name, 255),
      alarmDescription: description,
      namespace: metric.namespace,
      metricName: metric.name,
      statistic: metric.stat,
      dimensions: { ...metric.dimensions },
      period: 300,
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      // Nothing is written while nothing runs, which is most of the time.
      treatMissingData: "notBreaching",
      actionsEnabled: true,
      alarmActions: [topicArn],
      okActions: [topicArn],
      tags: { ...on.tags },
    });
  }
}
