import { createHash } from "node:crypto";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { Construct } from "constructs";
import { CustomerKey } from "../access/customer-key";
import { allow, deny, json, policyDocument, type Conditions, type Deployment } from "../terraform";
import type { AlarmsModel } from "./model";

/** What the topic is made of. */
export interface AlarmTopicProps {
  readonly on: Deployment;
  readonly slice: AlarmsModel;
  /** Key of a topic of ours, where it is given. @default a new one */
  readonly keyArn?: string | undefined;
}

/** Where all alarms go: a topic of ours, or the one that was named. */
export class AlarmTopic extends Construct {
  public readonly topicArn: string;

  public constructor(scope: Construct, id: string, { on, slice, keyArn }: AlarmTopicProps) {
    super(scope, id);
    this.topicArn =
      slice.topic.kind === "existing"
        ? slice.topic.arn
        : new NewTopic(this, "new", { on, emails: slice.topic.emails, keyArn }).arn;
  }
}

/** An encrypted topic that CloudWatch's alarms of this account publish to. Cost: its key, 1 US dollar a month. */
class NewTopic extends Construct {
  public readonly arn: string;

  public constructor(
    scope: Construct,
    id: string,
    props: {
      readonly on: Deployment;
      readonly emails: readonly string[];
      readonly keyArn: string | undefined;
    },
  ) {
    super(scope, id);
    const { on } = props;
    const alarms: Conditions = {
      StringEquals: { "aws:SourceAccount": on.account.id },
      ArnLike: { "aws:SourceArn": on.account.arn("cloudwatch", "alarm:*") },
    };
    const cloudwatch = { Service: "cloudwatch.amazonaws.com" };
    const keyArn =
      props.keyArn ??
      new CustomerKey(this, "key", {
        on,
        name: "alarms",
        description: "Alarm messages",
        statements: [
          {
            ...allow("AlarmsOfThisAccount", {
              actions: ["kms:Decrypt", "kms:GenerateDataKey"],
              on: { everythingBecause: "in a key policy it means this key" },
              when: alarms,
            }),
            Principal: cloudwatch,
          },
        ],
      }).arn;
    const topic = new SnsTopic(this, "resource", {
      name: on.naming.name("alarms", 256),
      kmsMasterKeyId: keyArn,
      tags: { ...on.tags },
    });
    this.arn = topic.arn;
    const publish = { actions: ["sns:Publish"], on: { resources: [this.arn] } };
    new SnsTopicPolicy(this, "policy", {
      arn: this.arn,
      policy: json(
        policyDocument([
          { ...allow("AlarmsOfThisAccount", { ...publish, when: alarms }), Principal: cloudwatch },
          {
            ...deny("TlsOnly", { ...publish, when: { Bool: { "aws:SecureTransport": "false" } } }),
            Principal: "*",
          },
        ]),
      ),
    });
    for (const email of props.emails) {
      new SnsTopicSubscription(this, subscriptionId(email), {
        topicArn: this.arn,
        protocol: "email",
        endpoint: email,
      });
    }
  }
}

/** An id that reads like the address and is its alone. */
function subscriptionId(email: string): string {
  const hash = createHash("sha256").update(email).digest("hex").slice(0, 6);
  return `mail-${email.toLowerCase().replace(/[^a-z0-9]+/g, "-")}-${hash}`;
}
