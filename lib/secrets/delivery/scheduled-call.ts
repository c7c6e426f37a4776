import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule";
import { SchedulerScheduleGroup } from "@cdktf/provider-aws/lib/scheduler-schedule-group";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { Role } from "../../access/role";
import { allow, json, trustService, type Deployment, type Statement } from "../../terraform";
import type { DeadLetters } from "../dead-letters";

/** What is called, and when. */
export interface ScheduledCallProps {
  readonly on: Deployment;
  /** End of the names of schedule and group. */
  readonly name: string;
  /** End of the role's name. @default `name` */
  readonly roleName?: string;
  readonly description: string;
  readonly roleDescription: string;
  /** A `cron` is meant in UTC. */
  readonly expression: string;
  /** What the scheduler calls, and with what. */
  readonly target: { readonly arn: string; readonly input: object };
  /** The right to call it. */
  readonly right: Statement;
  readonly keyArn: string;
  readonly deadLetters: Pick<DeadLetters, "queueArn" | "rights">;
  /** How long a call that fails is tried again. @default 10 times within 2 hours */
  readonly retry?: { readonly times: number; readonly withinSeconds: number };
  /** What must be there before the first call. @default nothing but the role's rights */
  readonly after?: readonly ITerraformDependable[];
}

/** One call of AWS on a schedule, by a role that can do nothing else, in a group of its own that the role trusts. */
export class ScheduledCall extends Construct {
  public constructor(scope: Construct, id: string, props: ScheduledCallProps) {
    super(scope, id);
    const { on, name, keyArn, deadLetters, retry = { times: 10, withinSeconds: 7200 } } = props;
    const { account } = on;
    const group = new SchedulerScheduleGroup(this, "group", {
      name: on.naming.name(name),
      tags: { ...on.tags },
    });
    const role = new Role(this, "role", {
      on,
      name: props.roleName ?? name,
      description: props.roleDescription,
      trust: [trustService("scheduler.amazonaws.com", { accountId: account.id, sourceArns: [group.arn] })],
      rights: [
        props.right,
        allow("ReadItsSchedule", {
          actions: ["kms:Decrypt"],
          on: { resources: [keyArn] },
          when: { StringEquals: { "kms:ViaService": `scheduler.${account.region}.amazonaws.com` } },
        }),
        ...deadLetters.rights,
      ],
    });
    new SchedulerSchedule(this, "resource", {
      name: on.naming.name(name),
      groupName: group.name,
      description: props.description,
      scheduleExpression: props.expression,
      scheduleExpressionTimezone: "UTC",
      flexibleTimeWindow: { mode: "OFF" },
      kmsKeyArn: keyArn,
      target: {
        arn: props.target.arn,
        roleArn: role.arn,
        input: json(props.target.input),
        retryPolicy: { maximumRetryAttempts: retry.times, maximumEventAgeInSeconds: retry.withinSeconds },
        deadLetterConfig: { arn: deadLetters.queueArn },
      },
      dependsOn: [...(role.policy ? [role.policy] : []), ...(props.after ?? [])],
    });
  }
}
