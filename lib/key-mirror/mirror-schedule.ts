import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule";
import { SchedulerScheduleGroup } from "@cdktf/provider-aws/lib/scheduler-schedule-group";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { Role } from "../access/role";
import { allow, json, trustService, type Deployment, type Statement } from "../terraform";

/** What is called how often. */
export interface MirrorScheduleProps {
  readonly on: Deployment;
  /** End of the names. */
  readonly name: string;
  readonly functionArn: string;
  readonly everyMinutes: number;
  /** Customer key of the schedule. */
  readonly keyArn: string;
  /** Where calls lie that never reached the function. */
  readonly deadLetters: { readonly queueArn: string; readonly rights: readonly Statement[] };
  /** The first copy comes first: two at once are refused. */
  readonly after: readonly ITerraformDependable[];
}

/** Calls the mirror's function every few minutes. */
export class MirrorSchedule extends Construct {
  public constructor(scope: Construct, id: string, props: MirrorScheduleProps) {
    super(scope, id);
    const { on, name, functionArn, everyMinutes, keyArn, deadLetters } = props;
    const { account } = on;
    const group = new SchedulerScheduleGroup(this, "group", {
      name: on.naming.name(name),
      tags: { ...on.tags },
    });
    const role = new Role(this, "role", {
      on,
      name: `${name}_schedule`,
      description: "Calls the function that copies an issuer's keys",
      trust: [trustService("scheduler.amazonaws.com", { accountId: account.id, sourceArns: [group.arn] })],
      rights: [
        allow("CallTheFunction", { actions: ["lambda:InvokeFunction"], on: { resources: [functionArn] } }),
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
      description: "Copies an issuer's public keys",
      scheduleExpression: `rate(${everyMinutes} minutes)`,
      flexibleTimeWindow: { mode: "OFF" },
      kmsKeyArn: keyArn,
      target: {
        arn: functionArn,
        roleArn: role.arn,
        input: json({ action: "mirror" }),
        retryPolicy: { maximumRetryAttempts: 3, maximumEventAgeInSeconds: everyMinutes * 60 },
        deadLetterConfig: { arn: deadLetters.queueArn },
      },
      dependsOn: [...(role.policy ? [role.policy] : []), ...props.after],
    });
  }
}
