import { createHash } from "node:crypto";
import type { Construct } from "constructs";
import { allow, type Deployment } from "../terraform";
import type { DeadLetters } from "./dead-letters";
import { ScheduledCall } from "./delivery/scheduled-call";

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
export class Redelivery extends ScheduledCall {
  public constructor(scope: Construct, id: string, props: RedeliveryProps) {
    const { on, server, cluster, serviceName, keyArn, deadLetters } = props;
    const { account } = on;
    const name = `${server}-redelivery`;
    super(scope, id, {
      on,
      name,
      description: `Tasks of ${server} take rotated secrets`,
      roleDescription: `Starts the tasks of ${server} anew`,
      expression: `cron(${minuteOf(on.naming.name(name))} ${HOUR} * * ? *)`,
      target: {
        arn: `arn:${account.partition}:scheduler:::aws-sdk:ecs:updateService`,
        input: { Cluster: cluster.arn, Service: serviceName, ForceNewDeployment: true },
      },
      right: allow("StartTasksAnew", {
        actions: ["ecs:UpdateService"],
        on: { resources: [account.arn("ecs", `service/${cluster.name}/${serviceName}`)] },
        when: { ArnEquals: { "ecs:cluster": cluster.arn } },
      }),
      keyArn,
      deadLetters,
    });
  }
}

/** A minute of its own for each name, so that not all servers of an account start anew at once. */
function minuteOf(name: string): number {
  return createHash("sha256").update(name).digest().readUInt8(0) % 60;
}
