import { CloudwatchLogMetricFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-metric-filter";
import { Construct } from "constructs";
import type { Deployment } from "../terraform";
import { AUDIT_FIELDS } from "./alarm";
import { CatalogueAlarm } from "./catalogue-alarm";
import { alarmsFor } from "./catalogue";
import type { AlarmsModel } from "./model";
import { metricNamespace } from "./names";
import { toolCallsPattern } from "./tool-calls";

/** What a server's alarms watch. */
export interface ServerAlarmsProps {
  readonly on: Deployment;
  readonly slice: Pick<AlarmsModel, "thresholds">;
  readonly topicArn: string;
  /** The server's name. */
  readonly name: string;
  readonly auditLogGroupName: string;
  readonly loadBalancerSuffix: string;
  readonly targetGroupSuffix: string;
  readonly clusterName: string;
  readonly serviceName: string;
  /** Names of the server's tools: the values of the dimension `Tool`. */
  readonly tools: readonly string[];
}

/** Alarms about one server, and a metric of its calls per tool. */
export class ServerAlarms extends Construct {
  public constructor(scope: Construct, id: string, props: ServerAlarmsProps) {
    super(scope, id);
    const { on, slice, topicArn, name: server } = props;
    const values = {
      "load-balancer": props.loadBalancerSuffix,
      "target-group": props.targetGroupSuffix,
      cluster: props.clusterName,
      service: props.serviceName,
      "audit-log-group": props.auditLogGroupName,
    };
    for (const alarm of alarmsFor("server", { expectedCountries: [] })) {
      const threshold = slice.thresholds[alarm.id] ?? alarm.threshold;
      new CatalogueAlarm(this, alarm.id, { on, alarm, server, threshold, topicArn, values });
    }
    new CloudwatchLogMetricFilter(this, "tool-calls", {
      name: "tool-calls",
      logGroupName: props.auditLogGroupName,
      pattern: toolCallsPattern(props.tools),
      metricTransformation: {
        namespace: metricNamespace(on.naming),
        name: `${server}-tool-calls`,
        value: "1",
        unit: "Count",
        dimensions: { Tool: AUDIT_FIELDS.tool },
      },
    });
  }
}
