import { createHash } from "node:crypto";
import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule";
import { SchedulerScheduleGroup } from "@cdktf/provider-aws/lib/scheduler-schedule-group";
import { Construct } from "constructs";
import { Role } from "../access/role";
import { allow, json, trustService, type Deployment } from "../terraform";
import type { DeadLetters } from "./dead-letters";

/** The service whose tasks take their secrets anew. */
export interface RedeliveryProps {
  readonly on: Deployment;
  /** The server's name. */
  readonly server: string;
  readonly cluster: { readonly arn: string; readonly name: string };
  readonly serviceName: string;
  readonly keyArn: string;
  readonly deadLetters: DeadLetters;
}

/** UTC. Few people work then between America and Japan. */
const HOUR = 3;

/**
 * Starts a server's tasks anew every day: a running task never sees a rotated value. One by one, as in every
 * deployment, so that no call is lost. Values are announced a rotation ahead (every two days at most), so that a day's
 * delay refuses nobody. After `revoke` do the same by hand.
 */
export class Redelivery extends Construct {
  public constructor(scope: Construct, id: string, props: RedeliveryProps) {
    super(scope, id);
    const { on, server, cluster, serviceName, keyArn, deadLetters } = props;
    const { account } = on;
    const name = `${server}-redelivery`;
    const group = new SchedulerScheduleGroup(this, "group", {
      name: on.naming.name(name),
      tags: { ...on.tags },
    });
    const role = new Role(this, "role", {
      on,
      name,
      description: `Starts the tasks of ${server} anew`,
      trust: [trustService("scheduler.amazonaws.com", { accountId: account.id, sourceArns: [group.arn] })],
      rights: [
        allow("StartTasksAnew", {
          actions: ["ecs:UpdateService"],
          on: { resources: [account.arn("ecs", `service/${cluster.name}/${serviceName}`)] },
          when: { ArnEquals: { "ecs:cluster": cluster.arn } },
        }),
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
      description: `Tasks of ${server} take rotated secrets`,
      scheduleExpression: `cron(${minuteOf(on.naming.name(name))} ${HOUR} * * ? *)`,
      scheduleExpressionTimezone: "UTC",
      flexibleTimeWindow: { mode: "OFF" },
      kmsKeyArn: keyArn,
      target: {
        arn: `arn:${account.partition}:scheduler:::aws-sdk:ecs:updateService`,
        roleArn: role.arn,
        input: json({ Cluster: cluster.arn, Service: serviceName, ForceNewDeployment: true }),
        retryPolicy: { maximumRetryAttempts: 10, maximumEventAgeInSeconds: 7200 },
        deadLetterConfig: { arn: deadLetters.queueArn },
      },
      dependsOn: role.policy ? [role.policy] : [],
    });
  }
}

/** A minute of its own for each name, so that not all servers of an account start anew at once. */
function minuteOf(name: string): number {
  return createHash("sha256").update(name).digest().readUInt8(0) % 60;
}
