import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import type { Deployment } from "../terraform";
import { MISSED_COPIES } from "./model";

/** Whose copy is watched. */
export interface AgeAlarmProps {
  readonly on: Deployment;
  /** The server's name. */
  readonly server: string;
  readonly functionName: string;
  readonly everyMinutes: number;
  readonly topicArn: string;
}

/**
 * Rings when the keys are older than four copies. Counts calls without an error by Lambda's own metrics, so that a
 * schedule that is gone, a function that is gone and an issuer that does not answer all look like what they are: no
 * success. Cost: 0.20 US dollars a month.
 */
export class AgeAlarm extends Construct {
  public constructor(scope: Construct, id: string, props: AgeAlarmProps) {
    super(scope, id);
    const { on, server, functionName, everyMinutes, topicArn } = props;
    const metric = (name: string) => ({
      id: name.toLowerCase(),
      returnData: false,
      metric: {
        namespace: "AWS/Lambda",
        metricName: name,
        dimensions: { FunctionName: functionName },
        period: everyMinutes * 60,
        stat: "Sum",
      },
    });
    new CloudwatchMetricAlarm(this, "resource", {
      alarmName: on.naming.name(`${server}-keys-old`, 255),
      alarmDescription:
        `Keys of the issuer of ${server} were not copied for ${MISSED_COPIES * everyMinutes} minutes (${functionName}). ` +
        "Those that were copied go on working; tokens of a newer key are refused. Read the function's log.",
      metricQuery: [
        { id: "copies", expression: "invocations - errors", label: "Copies", returnData: true },
        metric("Invocations"),
        metric("Errors"),
      ],
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      evaluationPeriods: MISSED_COPIES,
      datapointsToAlarm: MISSED_COPIES,
      // Nobody calls it any more.
      treatMissingData: "breaching",
      actionsEnabled: true,
      alarmActions: [topicArn],
      okActions: [topicArn],
      tags: { ...on.tags },
    });
  }
}
