import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import { Construct } from "constructs";
import { allow, deny, json, policyDocument, type Deployment } from "../terraform";
import { FailureAlarm } from "./failure-alarm";
import { LONGEST_KEPT_SECONDS } from "./messages";

/** Whose events wait for a person. */
export interface EventQueueProps {
  readonly on: Deployment;
  /** End of its name. */
  readonly name: string;
  /** The one rule that may leave events here. */
  readonly ruleArn: string;
  readonly failure: { readonly description: string; readonly topicArn: string };
}

/**
 * Events that somebody must look at; rings while one lies here. EventBridge comes by itself, without a role, so that a
 * customer's key would have to be open to it: they hold ARNs and times, never a value, and lie under SQS's own key.
 */
export class EventQueue extends Construct {
  public readonly queueArn: string;
  public readonly policy: SqsQueuePolicy;

  public constructor(scope: Construct, id: string, { on, ruleArn, failure, ...props }: EventQueueProps) {
    super(scope, id);
    const name = on.naming.name(props.name, 80);
    const queue = new SqsQueue(this, "resource", {
      name,
      sqsManagedSseEnabled: true,
      messageRetentionSeconds: LONGEST_KEPT_SECONDS,
      tags: { ...on.tags },
    });
    this.queueArn = queue.arn;
    this.policy = new SqsQueuePolicy(this, "policy", {
      queueUrl: queue.url,
      policy: json(
        policyDocument([
          {
            ...allow("TheRuleAlone", {
              actions: ["sqs:SendMessage"],
              on: { resources: [queue.arn] },
              when: { ArnEquals: { "aws:SourceArn": ruleArn } },
            }),
            Principal: { Service: "events.amazonaws.com" },
          },
          {
            ...deny("TlsOnly", {
              actions: ["sqs:*"],
              on: { resources: [queue.arn] },
              when: { Bool: { "aws:SecureTransport": "false" } },
            }),
            Principal: "*",
          },
        ]),
      ),
    });
    new FailureAlarm(this, "alarm", {
      on,
      name: props.name,
      description: failure.description,
      metric: {
        namespace: "AWS/SQS",
        name: "ApproximateNumberOfMessagesVisible",
        stat: "Maximum",
        dimensions: { QueueName: name },
      },
      topicArn: failure.topicArn,
    });
  }
}
