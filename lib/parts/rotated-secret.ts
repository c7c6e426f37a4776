import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { auditKey } from "../audit/key";
import { POSTURES } from "../posture";
import { secretsKey } from "../secrets/secrets-key";
import { scheduleOf } from "../secrets/delivery/schedule";
import { ManagedSecret } from "../secrets/managed-secret";
import { RotationFunction } from "../secrets/rotation-function";
import { rotationRoleArn } from "../secrets/rotation-role";
import { RotationSurroundings } from "../secrets/rotation-surroundings";
import { ROTATED_SECRET_NODES, type RotatedSecretNodes } from "../nodes/parts";
import { nodesOf } from "../nodes/table";
import { inheritedTags } from "../tags/inherited";
import { isToken } from "../terraform";
import type { RotatedSecretConfig } from "./config";
import { finishPart, startPart } from "./part";
import { placeOf } from "./place-model";
import { resolveRotatedSecret } from "./rotated-secret-model";

/**
 * One secret that makes its own value and changes it on schedule. No value ever enters Terraform, and nobody but its readers
 * can read one. Cost: 0.40 US dollars a month, 1 for each new key, 0.20 for alarms.
 */
export class RotatedSecret extends Construct {
  public readonly arn: string;
  /** Key that its readers decrypt by, through Secrets Manager. */
  public readonly keyArn: string;
  /** What must be there before it is read: its first value, and who may read it. */
  public readonly ready: readonly ITerraformDependable[];

  /** @throws ConfigurationError with every problem; nothing is made then */
  public constructor(scope: Construct, id: string, config: RotatedSecretConfig) {
    const resolved = resolveRotatedSecret(config, isToken, inheritedTags(scope, config));
    super(scope, id);
    const { base, slice } = resolved;
    const { secretName, network, logRetainDays } = slice;
    const on = startPart(this, config, resolved, { of: "rotated-secret", iam: slice.iam });
    const logs = { name: `${secretName}-rotation-logs`, description: `Log of what rotates ${secretName}` };
    this.keyArn =
      slice.keyArn ??
      secretsKey(this, "key", on, { name: `${secretName}-secret`, description: `The secret ${secretName}` })
        .arn;
    const surroundings = new RotationSurroundings(this, "rotation", {
      on,
      server: secretName,
      keyArn: this.keyArn,
      logs: {
        keyArn: slice.logsKeyArn ?? auditKey(this, "logs-key", on, logs).arn,
        retainDays: logRetainDays,
      },
      network: placeOf(network),
      topicArn: slice.topicArn,
    });
    const name = `${secretName}_rotation`;
    const writer = rotationRoleArn(on, name);
    const { arn, policy } = new ManagedSecret(this, "secret", {
      on,
      name: secretName,
      description: `${secretName}, made and changed at run time`,
      keyArn: this.keyArn,
      // A window keeps names taken, so that what was destroyed on purpose could not be deployed again.
      recoveryDays: POSTURES[on.lifecycle === "disposable" ? "sandbox" : "production"].secretRecoveryDays,
      ours: [writer],
      writer,
      readers: slice.readers,
    });
    const { seeded } = new RotationFunction(this, "secret-rotation", {
      on,
      name,
      secretArn: arn,
      kind: "generated",
      settings: slice.settings,
      schedule: scheduleOf(slice.rotateDays, undefined),
      surroundings,
    });
    this.arn = arn;
    this.ready = [policy, seeded];
    const given = slice.keyArn !== undefined || slice.logsKeyArn !== undefined;
    finishPart(this, base, on, {
      part: "rotated-secret",
      waivers: [],
      existing: ["topic", ...(given ? ["keys"] : [])],
      chosen: { logDays: { all: logRetainDays }, thresholds: {} },
    });
  }

  /** The resources that are made here, to override an attribute or to read one: docs/overrides.md. */
  public get nodes(): RotatedSecretNodes {
    return nodesOf(this, ROTATED_SECRET_NODES);
  }
}
