import { Fn, Token } from "cdktf";
import { Construct } from "constructs";
import { AlarmTopic } from "../alarms/alarm-topic";
import { PlatformAlarms } from "../alarms/platform-alarms";
import { ALARM_SET_NODES, type AlarmSetNodes } from "../nodes/parts";
import { nodesOf } from "../nodes/table";
import { inheritedTags } from "../tags/inherited";
import { isToken } from "../terraform";
import { resolveAlarmSet } from "./alarm-set-model";
import type { AlarmSetConfig } from "./config";
import { finishPart, startPart } from "./part";

/**
 * The alarms alone, over a load balancer, a firewall and a delivery that somebody else has made. Cost: 0.10 US dollars a
 * month per alarm, 1 for the key of a new topic.
 */
export class AlarmSet extends Construct {
  /** Where they go: the topic that is made here, or the one that was named. */
  public readonly topicArn: string;

  /** @throws ConfigurationError with every problem; nothing is made then */
  public constructor(scope: Construct, id: string, config: AlarmSetConfig) {
    const resolved = resolveAlarmSet(config, isToken, inheritedTags(scope, config));
    super(scope, id);
    const { base, slice } = resolved;
    const { alarms, keyArn, loadBalancerArn, webAcl, deliveryStreamName } = slice;
    const on = startPart(this, config, resolved);
    this.topicArn = new AlarmTopic(this, "topic", { on, slice: alarms, keyArn }).topicArn;
    new PlatformAlarms(this, "alarms", {
      on,
      slice: alarms,
      topicArn: this.topicArn,
      loadBalancerSuffix: loadBalancerArn === undefined ? undefined : suffixOf(loadBalancerArn),
      webAclMetricName: webAcl?.metricName,
      ownWebAcl: webAcl?.ownRules === true,
      deliveryStreamName,
    });
    finishPart(this, base, on, {
      part: "alarm-set",
      waivers: [],
      existing: [
        ...(alarms.topic.kind === "existing" ? ["topic"] : []),
        ...(keyArn === undefined ? [] : ["keys"]),
      ],
      chosen: { logDays: {}, thresholds: alarms.thresholds, countries: alarms.expectedCountries },
    });
  }

  /** The resources that are made here, to override an attribute or to read one: docs/overrides.md. */
  public get nodes(): AlarmSetNodes {
    return nodesOf(this, ALARM_SET_NODES);
  }
}

/** Dimension `LoadBalancer`: what stands in its ARN after the word. */
function suffixOf(arn: string): string {
  const word = ":loadbalancer/";
  return Token.isUnresolved(arn)
    ? Token.asString(Fn.element(Fn.split(word, arn), 1))
    : arn.slice(arn.indexOf(word) + word.length);
}
