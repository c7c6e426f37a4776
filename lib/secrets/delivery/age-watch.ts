import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import { allow, type Deployment } from "../../terraform";
import type { DeadLetters } from "../dead-letters";
import { ageDefinition, type WatchedSecret } from "./age-definition";
import { ScheduledCall } from "./scheduled-call";
import { StateMachine } from "./state-machine";

/** Secrets whose age is watched. */
export interface AgeWatchProps {
  readonly on: Deployment;
  /** The server's name. */
  readonly server: string;
  /** At least one. */
  readonly secrets: readonly WatchedSecret[];
  readonly keyArn: string;
  readonly topicArn: string;
  readonly deadLetters: DeadLetters;
}

/** Long enough for three looks, so that a single failed call rings nobody. */
const PERIOD_SECONDS = 6 * 3600;

/**
 * Rings while a secret's newest value is older than its schedule and a day, whatever the reason: a rotation that fails, one
 * that never starts, a writer who has stopped. The alarm hears of good looks only, so that a watch that does not run
 * rings too; after the first deployment it rings until the first look, within two hours. The role may see when versions came,
 * and read none.
 */
export class AgeWatch extends Construct {
  public constructor(scope: Construct, id: string, props: AgeWatchProps) {
    super(scope, id);
    const { on, server, secrets, keyArn, deadLetters } = props;
    const name = `${server}-secret-age`;
    const machine = new StateMachine(this, "machine", {
      on,
      name,
      description: `Looks at the age of the secrets of ${server}`,
      definition: ageDefinition(on.account.partition, secrets),
      rights: [
        allow("SeeWhenVersionsCame", {
          actions: ["secretsmanager:ListSecretVersionIds"],
          on: { resources: secrets.map(({ arn }) => arn) },
        }),
      ],
      keyArn,
    });
    const { arn } = machine.resource;
    new ScheduledCall(this, "schedule", {
      on,
      name: `${name}-schedule`,
      description: `Secrets of ${server} are looked at`,
      roleDescription: `Starts the look at the secrets of ${server}`,
      expression: "rate(2 hours)",
      target: { arn, input: {} },
      right: allow("StartTheMachine", { actions: ["states:StartExecution"], on: { resources: [arn] } }),
      keyArn,
      deadLetters,
    });
    new CloudwatchMetricAlarm(this, "alarm", {
      alarmName: on.naming.name(`${name}-late`, 255),
      alarmDescription: `A secret of ${server} is older than its schedule and a day, or nobody looks. The last execution of the state machine names it; then read the log of its function.`,
      namespace: "AWS/States",
      metricName: "ExecutionsSucceeded",
      dimensions: { StateMachineArn: arn },
      statistic: "Sum",
      period: PERIOD_SECONDS,
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      // No look is no good news.
      treatMissingData: "breaching",
      actionsEnabled: true,
      alarmActions: [props.topicArn],
      okActions: [props.topicArn],
      tags: { ...on.tags },
    });
  }
}
