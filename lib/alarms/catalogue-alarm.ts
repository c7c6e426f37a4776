import { CloudwatchLogMetricFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-metric-filter";
import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import type { Deployment } from "../terraform";
import { COMPARISON, type Alarm, type AwsMetric, type DimensionSource } from "./alarm";
import { ALARM_TAGS, metricNamespace } from "./names";

/** Values of the dimensions' sources, as far as this scope has them. */
export type DimensionValues = Readonly<Partial<Record<Extract<DimensionSource, string>, string>>>;

/** What an alarm of the catalogue needs to become real. */
export interface CatalogueAlarmProps {
  readonly on: Deployment;
  readonly alarm: Alarm;
  /** Name of the server, for alarms of a server. */
  readonly server?: string;
  readonly threshold: number;
  readonly topicArn: string;
  readonly values: DimensionValues;
}

/** One alarm of the catalogue, with its metric filter where it counts audit lines. Cost: 0.10 US dollars a month per metric. */
export class CatalogueAlarm extends Construct {
  public constructor(scope: Construct, id: string, props: CatalogueAlarmProps) {
    super(scope, id);
    const { on, alarm, server, topicArn } = props;
    new CloudwatchMetricAlarm(this, "resource", {
      alarmName: on.naming.name(server === undefined ? alarm.id : `${server}-${alarm.id}`, 255),
      alarmDescription: `${alarm.title}. ${alarm.why} ${alarm.then}`,
      ...this.signal(props),
      comparisonOperator: COMPARISON[alarm.fires],
      threshold: props.threshold,
      evaluationPeriods: alarm.periods.of,
      datapointsToAlarm: alarm.periods.bad,
      treatMissingData: alarm.missing,
      actionsEnabled: true,
      alarmActions: [topicArn],
      okActions: [topicArn],
      tags: {
        ...on.tags,
        [ALARM_TAGS.id]: alarm.id,
        ...(server === undefined ? {} : { [ALARM_TAGS.server]: server }),
      },
    });
  }

  private signal(props: CatalogueAlarmProps): Partial<CloudwatchMetricAlarmConfig> {
    const { on, alarm, server, values } = props;
    const { signal, periodSeconds: period } = alarm;
    switch (signal.kind) {
      case "metric":
        return {
          namespace: signal.namespace,
          metricName: signal.name,
          dimensions: dimensions(signal, values),
          period,
          ...statistic(signal.stat),
        };
      case "audit-lines": {
        const metric = { namespace: metricNamespace(on.naming), name: `${server ?? ""}-${alarm.id}` };
        new CloudwatchLogMetricFilter(this, "filter", {
          name: alarm.id,
          logGroupName: value("audit-log-group", values),
          pattern: signal.pattern,
          // A default of 0 makes silence visible. AWS allows it only without dimensions, so the server is in the name.
          metricTransformation: { ...metric, value: "1", defaultValue: "0", unit: "Count" },
        });
        return { namespace: metric.namespace, metricName: metric.name, period, statistic: "Sum" };
      }
      case "calculation":
        return {
          metricQuery: [
            { id: "result", expression: signal.expression, label: alarm.title, returnData: true },
            ...Object.entries(signal.of).map(([name, metric]) => ({
              id: name,
              returnData: false,
              metric: {
                namespace: metric.namespace,
                metricName: metric.name,
                dimensions: dimensions(metric, values),
                period,
                stat: metric.stat,
              },
            })),
          ],
        };
    }
  }
}

function statistic(
  stat: string,
): Pick<
  CloudwatchMetricAlarmConfig,
  "statistic" | "extendedStatistic" | "evaluateLowSampleCountPercentiles"
> {
  // A percentile of a handful of requests is noise.
  if (stat.startsWith("p")) return { extendedStatistic: stat, evaluateLowSampleCountPercentiles: "ignore" };
  return { statistic: stat };
}

function dimensions(metric: AwsMetric, values: DimensionValues): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metric.dimensions).map(([name, source]) => [name, value(source, values)]),
  );
}

function value(source: DimensionSource, values: DimensionValues): string {
  if (typeof source !== "string") return source.is;
  const found = values[source];
  if (found === undefined)
    throw new Error(`an alarm of the catalogue needs ${source}, which its scope lacks`);
  return found;
}
