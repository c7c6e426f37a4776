import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import type { Deployment } from "../../terraform";
import { nodesOf, STORE_ALARMS, storeAlarmBody } from "./alarms";

/** The store that is watched. */
export interface StoreAlarmsProps {
  readonly on: Deployment;
  /** The server's name. */
  readonly server: string;
  /** Its id at ElastiCache. */
  readonly storeId: string;
  readonly nodes: number;
  readonly topicArn: string;
}

/** Alarms over all nodes of a store. Cost: 0.10 US dollars a month each and node. */
export class StoreAlarms extends Construct {
  public constructor(scope: Construct, id: string, props: StoreAlarmsProps) {
    super(scope, id);
    const { on, server, storeId, topicArn } = props;
    for (const alarm of STORE_ALARMS) {
      const body = storeAlarmBody(alarm, nodesOf(storeId, props.nodes));
      new CloudwatchMetricAlarm(this, alarm.id, {
        alarmName: on.naming.name(`${server}-${alarm.id}`, 255),
        alarmDescription: `${alarm.title}. ${alarm.why} ${alarm.then}`,
        comparisonOperator: body.comparison_operator,
        threshold: body.threshold,
        evaluationPeriods: body.evaluation_periods,
        datapointsToAlarm: body.datapoints_to_alarm,
        treatMissingData: body.treat_missing_data,
        metricQuery: body.metric_query.map(({ return_data: returnData, ...query }) =>
          "metric" in query
            ? {
                id: query.id,
                returnData,
                metric: {
                  namespace: query.metric.namespace,
                  metricName: query.metric.metric_name,
                  dimensions: { ...query.metric.dimensions },
                  period: query.metric.period,
                  stat: query.metric.stat,
                },
              }
            : { ...query, returnData },
        ),
        actionsEnabled: true,
        alarmActions: [topicArn],
        okActions: [topicArn],
        tags: { ...on.tags },
      });
    }
  }
}
