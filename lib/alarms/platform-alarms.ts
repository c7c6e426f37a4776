import { Construct } from "constructs";
import type { Deployment } from "../terraform";
import { CatalogueAlarm } from "./catalogue-alarm";
import { alarmsFor } from "./catalogue";
import type { AlarmsModel } from "./model";

/** What the platform's alarms watch. */
export interface PlatformAlarmsProps {
  readonly on: Deployment;
  readonly slice: AlarmsModel;
  readonly topicArn: string;
  /** Part of the load balancer's ARN after `loadbalancer/`. */
  readonly loadBalancerSuffix: string;
  readonly webAclMetricName: string;
  /** Whether its rules are ours. */
  readonly ownWebAcl: boolean;
  readonly deliveryStreamName: string;
}

/** Alarms about what servers share. */
export class PlatformAlarms extends Construct {
  public constructor(scope: Construct, id: string, props: PlatformAlarmsProps) {
    super(scope, id);
    const { on, slice, topicArn } = props;
    const values = {
      region: on.account.region,
      "load-balancer": props.loadBalancerSuffix,
      "web-acl": props.webAclMetricName,
      "delivery-stream": props.deliveryStreamName,
    };
    for (const alarm of alarmsFor("platform", { ...slice, ownWebAcl: props.ownWebAcl })) {
      const threshold = slice.thresholds[alarm.id] ?? alarm.threshold;
      new CatalogueAlarm(this, alarm.id, { on, alarm, threshold, topicArn, values });
    }
  }
}
