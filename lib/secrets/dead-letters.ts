import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import { Construct } from "constructs";
import { allow, deny, json, policyDocument, type Deployment, type Statement } from "../terraform";
import { FailureAlarm } from "../alarms/failure-alarm";
import { LONGEST_KEPT_SECONDS } from "../alarms/messages";

/** Whose undelivered events are kept. */
export interface DeadLettersProps {
  readonly on: Deployment;
  /** The server's name. */
  readonly server: string;
  readonly keyArn: string;
  readonly topicArn: string;
}

/**
 * Where events of a server's rotations and redeployments lie that could not be handled. They hold names and version
 * ids, never a value. Anything here rings.
 */
export class DeadLetters extends Construct {
  public readonly queueArn: string;
  /** What a role needs to put an event here. */
  public readonly rights: readonly Statement[];

  public constructor(scope: Construct, id: string, { on, server, keyArn, topicArn }: DeadLettersProps) {
    super(scope, id);
    const name = on.naming.name(`${server}-undelivered`, 80);
    const queue = new SqsQueue(this, "resource", {
      name,
      kmsMasterKeyId: keyArn,
      messageRetentionSeconds: LONGEST_KEPT_SECONDS,
      tags: { ...on.tags },
    });
    this.queueArn = queue.arn;
    new SqsQueuePolicy(this, "policy", {
      queueUrl: queue.url,
      policy: json(
        policyDocument([
          {
            ...deny("TlsOnly", {
              actions: ["sqs:*"],
              on: { resources: [this.queueArn] },
              when: { Bool: { "aws:SecureTransport": "false" } },
            }),
            Principal: "*",
          },
        ]),
      ),
    });
    new FailureAlarm(this, "alarm", {
      on,
      name: `${server}-undelivered`,
      description: `Rotation or redeployment of ${server} was given up. Read the message, then the function's log; running tasks may hold old values.`,
      metric: {
        namespace: "AWS/SQS",
        name: "ApproximateNumberOfMessagesVisible",
        stat: "Maximum",
        dimensions: { QueueName: name },
      },
      topicArn,
    });
    this.rights = [
      allow("KeepWhatFailed", { actions: ["sqs:SendMessage"], on: { resources: [this.queueArn] } }),
      allow("EncryptWhatFailed", {
        actions: ["kms:Decrypt", "kms:GenerateDataKey"],
        on: { resources: [keyArn] },
        when: { StringEquals: { "kms:ViaService": `sqs.${on.account.region}.amazonaws.com` } },
      }),
    ];
  }
}
