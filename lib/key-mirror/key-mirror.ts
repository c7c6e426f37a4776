import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { ScheduledCall, type ScheduledCallProps } from "../secrets/delivery/scheduled-call";
import { allow, type Deployment } from "../terraform";
import { AgeAlarm } from "./age-alarm";
import { KeysBucket } from "./keys-bucket";
import { MirrorFunction, mirrorRoleArn, type MirrorFunctionProps } from "./mirror-function";
import type { KeyMirrorModel } from "./model";

/** A server's issuer, and what its mirror stands on. */
export interface KeyMirrorProps
  extends Pick<MirrorFunctionProps, "keyArn" | "logs">, Pick<ScheduledCallProps, "deadLetters"> {
  readonly on: Deployment;
  readonly slice: KeyMirrorModel;
  /** What the issuer signs with. @default RS256 alone */
  readonly algorithms?: MirrorFunctionProps["algorithms"];
  /** The server's name. */
  readonly server: string;
  /** The S3 gateway endpoint of the tasks' network. */
  readonly s3EndpointId: string;
  readonly topicArn: string;
}

/** An issuer's public keys, copied where tasks can read them without the internet. */
export class KeyMirror extends Construct {
  /** Host of the bucket, for the gateway's configuration. */
  public readonly host: string;
  /** What must be there before a task starts: the first copy, and the right to read it. */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: KeyMirrorProps) {
    super(scope, id);
    const { on, slice, server, keyArn, topicArn } = props;
    // Names of servers have no `_`: it meets no other.
    const name = `${server}_keys`;
    const bucket = new KeysBucket(this, "bucket", {
      on,
      server,
      writerArn: mirrorRoleArn(on, name),
      s3EndpointId: props.s3EndpointId,
    });
    const made = new MirrorFunction(this, "function", {
      ...{ on, name, slice, bucket, keyArn, logs: props.logs },
      ...(props.algorithms && { algorithms: props.algorithms }),
    });
    const { functionName, arn } = made;
    const { everyMinutes } = slice;
    new ScheduledCall(this, "schedule", {
      on,
      name,
      roleName: `${name}_schedule`,
      description: "Copies an issuer's public keys",
      roleDescription: "Calls the function that copies an issuer's keys",
      expression: `rate(${everyMinutes} minutes)`,
      target: { arn, input: { action: "mirror" } },
      right: allow("CallTheFunction", { actions: ["lambda:InvokeFunction"], on: { resources: [arn] } }),
      keyArn,
      deadLetters: props.deadLetters,
      retry: { times: 3, withinSeconds: everyMinutes * 60 },
      // The first copy comes first: two at once are refused.
      after: [made.seeded],
    });
    new AgeAlarm(this, "alarm", { on, server, functionName, everyMinutes, topicArn });
    this.host = bucket.host;
    this.ready = [...bucket.ready, made.seeded];
  }
}
