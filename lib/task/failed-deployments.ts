import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { Construct } from "constructs";
import { EventQueue } from "../alarms/event-queue";
import { json, type Deployment } from "../terraform";
import { GIVEN_UP } from "./given-up";

/** The service whose deployments are watched. */
export interface FailedDeploymentsProps {
  readonly on: Deployment;
  /** The server's name. */
  readonly server: string;
  readonly clusterName: string;
  readonly serviceName: string;
  readonly topicArn: string;
}

/**
 * Rings when a deployment is rolled back: an image that cannot be pulled, a secret that cannot be read, a server that does
 * not start. The old tasks go on meanwhile, so that nothing else would say that new values or new code never arrived.
 * Rings until the event is taken out of its queue, 14 days at most.
 */
export class FailedDeployments extends Construct {
  public constructor(scope: Construct, id: string, props: FailedDeploymentsProps) {
    super(scope, id);
    const { on, server } = props;
    const name = `${server}-failed-deployments`;
    const rule = new CloudwatchEventRule(this, "rule", {
      name: on.naming.name(name),
      description: `A deployment of ${server} was rolled back`,
      eventPattern: json({
        ...GIVEN_UP,
        resources: [on.account.arn("ecs", `service/${props.clusterName}/${props.serviceName}`)],
      }),
      state: "ENABLED",
      tags: { ...on.tags },
    });
    const queue = new EventQueue(this, "queue", {
      on,
      name,
      ruleArn: rule.arn,
      failure: {
        topicArn: props.topicArn,
        description: `ECS rolled a deployment of ${server} back: its tasks go on with old code and old secrets. Read the service's events, mend, deploy, then purge the queue.`,
      },
    });
    new CloudwatchEventTarget(this, "target", {
      rule: rule.name,
      targetId: "queue",
      arn: queue.queueArn,
      dependsOn: [queue.policy],
    });
  }
}
