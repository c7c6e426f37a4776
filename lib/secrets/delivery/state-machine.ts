import { SfnStateMachine } from "@cdktf/provider-aws/lib/sfn-state-machine";
import { Construct } from "constructs";
import { Role } from "../../access/role";
import { allow, json, trustService, type Deployment, type Statement } from "../../terraform";
import { FailureAlarm } from "../../alarms/failure-alarm";

/** What a state machine does, and what it may touch. */
export interface StateMachineProps {
  readonly on: Deployment;
  /** End of its name and its role's. */
  readonly name: string;
  readonly description: string;
  /** In the Amazon States Language. */
  readonly definition: object;
  /** Rights to what it looks at and changes. */
  readonly rights: readonly Statement[];
  /** Key of the definition and of what executions leave behind for 90 days. */
  readonly keyArn: string;
  /** Who hears of every execution that failed or ran out of time, and what to do first. @default nobody */
  readonly failure?: { readonly description: string; readonly topicArn: string };
}

/**
 * A few calls of AWS in order, without code of ours. Its history, which holds names and times and never a value, lies in
 * Step Functions for 90 days under the customer's key. It has no log of its own: delivery to one needs rights over the
 * account's log deliveries and log policies, which no role of ours has. Cost: 0.025 US dollars per 1,000 steps.
 */
export class StateMachine extends Construct {
  public readonly resource: SfnStateMachine;
  public readonly arn: string;

  public constructor(scope: Construct, id: string, props: StateMachineProps) {
    super(scope, id);
    const { on, keyArn, failure } = props;
    const name = on.naming.name(props.name, 64);
    this.arn = on.account.arn("states", `stateMachine:${name}`);
    const role = new Role(this, "role", {
      on,
      name: props.name,
      description: props.description,
      trust: [trustService("states.amazonaws.com", { accountId: on.account.id, sourceArns: [this.arn] })],
      rights: [
        ...props.rights,
        allow("EncryptItsHistory", {
          actions: ["kms:Decrypt", "kms:GenerateDataKey"],
          on: { resources: [keyArn] },
          when: { StringEquals: { "kms:EncryptionContext:aws:states:stateMachineArn": this.arn } },
        }),
      ],
    });
    this.resource = new SfnStateMachine(this, "resource", {
      name,
      type: "STANDARD",
      roleArn: role.arn,
      definition: json(props.definition),
      encryptionConfiguration: {
        type: "CUSTOMER_MANAGED_KMS_KEY",
        kmsKeyId: keyArn,
        kmsDataKeyReusePeriodSeconds: 900,
      },
      tags: { ...on.tags },
      dependsOn: role.policy ? [role.policy] : [],
    });
    if (failure === undefined) return;
    for (const [child, metric] of [
      ["failed", "ExecutionsFailed"],
      ["late", "ExecutionsTimedOut"],
    ] as const) {
      new FailureAlarm(this, child, {
        on,
        name: `${props.name}-${child}`,
        description: failure.description,
        metric: {
          namespace: "AWS/States",
          name: metric,
          stat: "Sum",
          dimensions: { StateMachineArn: this.resource.arn },
        },
        topicArn: failure.topicArn,
      });
    }
  }
}
