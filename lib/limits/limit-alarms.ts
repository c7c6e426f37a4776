import { Construct } from "constructs";
import { CatalogueAlarm } from "../alarms/catalogue-alarm";
import type { Deployment } from "../terraform";
import { limitsAlarms } from "./alarms";
import type { LimitsModel } from "./model";

/** What tells that limits do not hold as they are meant to. */
export interface LimitAlarmsProps {
  readonly on: Deployment;
  readonly slice: Pick<LimitsModel, "scope">;
  readonly server: string;
  readonly auditLogGroupName: string;
  readonly topicArn: string;
  readonly thresholds: Readonly<Record<string, number>>;
}

/** The alarms about a server's limits. Cost: 0.40 US dollars a month each. */
export class LimitAlarms extends Construct {
  public constructor(scope: Construct, id: string, props: LimitAlarmsProps) {
    super(scope, id);
    const { on, slice, server, auditLogGroupName, topicArn, thresholds } = props;
    for (const alarm of limitsAlarms(slice.scope)) {
      const threshold = thresholds[alarm.id] ?? alarm.threshold;
      const values = { "audit-log-group": auditLogGroupName };
      new CatalogueAlarm(this, alarm.id, { on, alarm, server, threshold, topicArn, values });
    }
  }
}
