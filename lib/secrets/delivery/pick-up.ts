import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { Construct } from "constructs";
import { Role } from "../../access/role";
import { allow, json, trustService, type Deployment } from "../../terraform";
import { EventQueue } from "../../alarms/event-queue";
import { FailureAlarm } from "../../alarms/failure-alarm";
import { pickUpDefinition, ROTATED } from "./pick-up-definition";
import { StateMachine } from "./state-machine";

/** The service whose tasks take a changed secret within minutes. */
export interface PickUpProps {
  readonly on: Deployment;
  /** The server's name. */
  readonly server: string;
  readonly cluster: { readonly arn: string; readonly name: string };
  readonly serviceName: string;
  /** Secrets whose changes count, as an event pattern writes them: 2,048 characters in all. */
  readonly heard: readonly (string | { readonly prefix: string })[];
  readonly keyArn: string;
  readonly topicArn: string;
}

/**
 * Starts a server's tasks anew minutes after a rotation, once for all that come together, beside the restart of every
 * day. Without code of ours: a rule, and a state machine that may look at one service and start it anew.
 */
export class PickUp extends Construct {
  public constructor(scope: Construct, id: string, props: PickUpProps) {
    super(scope, id);
    const { on, server, cluster, serviceName, keyArn, topicArn } = props;
    const { account } = on;
    const name = `${server}-pick-up`;
    const failure = {
      topicArn,
      description: `Tasks of ${server} were not started anew after a rotation. The restart at 3 UTC still comes. Read the failed execution or the message.`,
    };
    const machine = new StateMachine(this, "machine", {
      on,
      name,
      description: `Starts the tasks of ${server} anew after a rotation`,
      definition: pickUpDefinition({ partition: account.partition, clusterArn: cluster.arn, serviceName }),
      rights: [
        allow("StartTasksAnew", {
          actions: ["ecs:DescribeServices", "ecs:UpdateService"],
          on: { resources: [account.arn("ecs", `service/${cluster.name}/${serviceName}`)] },
          when: { ArnEquals: { "ecs:cluster": cluster.arn } },
        }),
      ],
      keyArn,
      failure,
    });
    const ruleName = on.naming.name(name);
    const rule = new CloudwatchEventRule(this, "rule", {
      name: ruleName,
      description: `Secrets of ${server} have changed`,
      eventPattern: json({
        ...ROTATED,
        detail: { ...ROTATED.detail, additionalEventData: { SecretId: props.heard } },
      }),
      state: "ENABLED",
      tags: { ...on.tags },
    });
    const role = new Role(this, "role", {
      on,
      name: `${name}-events`,
      description: `Tells of changed secrets of ${server}`,
      trust: [trustService("events.amazonaws.com", { accountId: account.id, sourceArns: [rule.arn] })],
      rights: [
        allow("StartTheMachine", {
          actions: ["states:StartExecution"],
          on: { resources: [machine.resource.arn] },
        }),
      ],
    });
    const lost = new EventQueue(this, "dead-letters", {
      on,
      name: `${name}-undelivered`,
      ruleArn: rule.arn,
      failure,
    });
    new CloudwatchEventTarget(this, "target", {
      rule: rule.name,
      targetId: "machine",
      arn: machine.resource.arn,
      roleArn: role.arn,
      inputTransformer: { inputPaths: { time: "$.time" }, inputTemplate: '{"time":<time>}' },
      retryPolicy: { maximumEventAgeInSeconds: 7200, maximumRetryAttempts: 20 },
      deadLetterConfig: { arn: lost.queueArn },
      dependsOn: role.policy ? [role.policy, lost.policy] : [lost.policy],
    });
    new FailureAlarm(this, "alarm", {
      on,
      name: `${name}-not-started`,
      description: failure.description,
      metric: {
        namespace: "AWS/Events",
        name: "FailedInvocations",
        stat: "Sum",
        dimensions: { RuleName: ruleName },
      },
      topicArn,
    });
  }
}
