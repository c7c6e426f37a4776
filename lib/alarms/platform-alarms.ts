import { Construct } from "constructs";
import type { Deployment } from "../terraform";
import { CatalogueAlarm, type DimensionValues } from "./catalogue-alarm";
import { alarmsFor, sourcesOf } from "./catalogue";
import type { AlarmsModel } from "./model";

/** What the platform's alarms watch. */
export interface PlatformAlarmsProps {
  readonly on: Deployment;
  readonly slice: AlarmsModel;
  readonly topicArn: string;
  /** Part of the load balancer's ARN after `loadbalancer/`. Of what is absent, as of the next ones, no alarm is made. */
  readonly loadBalancerSuffix?: string | undefined;
  readonly webAclMetricName?: string | undefined;
  /** Whether its rules are ours. */
  readonly ownWebAcl: boolean;
  readonly deliveryStreamName?: string | undefined;
}

/** Alarms about what servers share. */
export class PlatformAlarms extends Construct {
  public constructor(scope: Construct, id: string, props: PlatformAlarmsProps) {
    super(scope, id);
    const { on, slice, topicArn } = props;
    const { loadBalancerSuffix, webAclMetricName, deliveryStreamName } = props;
    const values: DimensionValues = {
      region: on.account.region,
      ...(loadBalancerSuffix !== undefined && { "load-balancer": loadBalancerSuffix }),
      ...(webAclMetricName !== undefined && { "web-acl": webAclMetricName }),
      ...(deliveryStreamName !== undefined && { "delivery-stream": deliveryStreamName }),
    };
    for (const alarm of alarmsFor("platform", { ...slice, ownWebAcl: props.ownWebAcl })) {
      if (sourcesOf(alarm).some((source) => values[source] === undefined)) continue;
      const threshold = slice.thresholds[alarm.id] ?? alarm.threshold;
      new CatalogueAlarm(this, alarm.id, { on, alarm, threshold, topicArn, values });
    }
  }
}
