import { LambdaInvocation } from "@cdktf/provider-aws/lib/lambda-invocation";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { SecretsmanagerSecretRotation } from "@cdktf/provider-aws/lib/secretsmanager-secret-rotation";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { LogGroup } from "../audit/log-group";
import { ownFunction } from "../functions/own-function";
import { ROTATION_ENV } from "../runtime/rotation-env";
import { json, type Deployment, type Statement } from "../terraform";
import { FailureAlarm } from "../alarms/failure-alarm";
import type { Schedule } from "./delivery/schedule";
import type { RotationKind } from "./rotation-kind";
import { rotationRole, type Administrator } from "./rotation-role";
import type { RotationSurroundings } from "./rotation-surroundings";

/** One secret, and how its values are made. */
export interface RotationFunctionProps {
  readonly on: Deployment;
  /** Name of function and role, without the deployment's prefix. */
  readonly name: string;
  readonly secretArn: string;
  readonly kind: RotationKind;
  /** What the kind must know, no secret: see `runtime/rotation`. */
  readonly settings: object;
  readonly schedule: Schedule;
  readonly surroundings: RotationSurroundings;
  /** Who makes the users of its database. @default none */
  readonly administrator?: Administrator;
  /** What it may beside its secret: where the kind tells somebody else of its values by a call to AWS. @default nothing */
  readonly rights?: readonly Statement[];
  /** Its own group and what must be there before it can reach anything. @default the group of its surroundings, which reaches AWS's endpoints alone */
  readonly way?: RotationWay;
}

/** A function's place in the network. */
export interface RotationWay {
  readonly securityGroupId: string;
  readonly ready: readonly ITerraformDependable[];
}

/** A step is a handful of calls, each ended after seconds; the rest is for a cold start. */
const TIMEOUT_SECONDS = 60;

/**
 * Makes a secret's first value while it is deployed, and changes it on schedule from then on. Terraform gets `{}` for
 * an answer, never a value. One runs at a time, so that steps and seeds cannot overlap. Cost: nothing worth mentioning, its log group aside.
 */
export class RotationFunction extends Construct {
  /** The first value is there. */
  public readonly seeded: ITerraformDependable;

  public constructor(scope: Construct, id: string, props: RotationFunctionProps) {
    super(scope, id);
    const { on, secretArn, surroundings, administrator, way = surroundings } = props;
    const { keyArn, logs, deadLetters } = surroundings;
    const functionName = on.naming.name(props.name);
    const group = new LogGroup(this, "log", {
      on,
      name: `/aws/lambda/${functionName}`,
      keyArn: logs.keyArn,
      retainDays: logs.retainDays,
    });
    const role = rotationRole(this, {
      on,
      name: props.name,
      functionArn: on.account.arn("lambda", `function:${functionName}`),
      secretArn,
      keyArn,
      logGroupArn: group.arn,
      ...(administrator === undefined ? {} : { administrator }),
      ...(props.rights === undefined ? {} : { more: props.rights }),
      deadLetterRights: deadLetters.rights,
    });
    const resource = ownFunction(this, {
      ...{ on, functionName, role, log: group, keyArn },
      description: `Rotates ${props.name.replace(/_rotation$/, "").replace("_", "/")}`,
      code: `rotation/${props.kind}.zip`,
      timeoutSeconds: TIMEOUT_SECONDS,
      variables: {
        [ROTATION_ENV.secretArn]: secretArn,
        [ROTATION_ENV.minAgeSeconds]: String(props.schedule.minAgeSeconds),
        [ROTATION_ENV.settings]: json(props.settings),
      },
      vpcConfig: {
        // Not copied: it may be one list token.
        subnetIds: surroundings.subnetIds as string[],
        securityGroupIds: [way.securityGroupId],
      },
      deadLetterConfig: { targetArn: deadLetters.queueArn },
    });
    const permission = new LambdaPermission(this, "permission", {
      statementId: "SecretsManagerForThisSecret",
      action: "lambda:InvokeFunction",
      functionName: resource.functionName,
      principal: "secretsmanager.amazonaws.com",
      sourceAccount: on.account.id,
      sourceArn: secretArn,
    });
    const seed = new LambdaInvocation(this, "seed", {
      functionName: resource.functionName,
      lifecycleScope: "CREATE_ONLY",
      input: json({ action: "seed", secretId: secretArn }),
      dependsOn: [permission, ...way.ready],
    });
    new SecretsmanagerSecretRotation(this, "schedule", {
      secretId: secretArn,
      rotationLambdaArn: resource.arn,
      // The first value has just been made.
      rotateImmediately: false,
      rotationRules: props.schedule.rules,
      dependsOn: [permission, seed],
    });
    new FailureAlarm(this, "alarm", {
      on,
      name: `${props.name}-failed`,
      description: `A secret was not rotated (${functionName}). The old value goes on working. Read the function's log, then start the rotation again.`,
      metric: {
        namespace: "AWS/Lambda",
        name: "Errors",
        stat: "Sum",
        dimensions: { FunctionName: functionName },
      },
      topicArn: surroundings.topicArn,
    });
    this.seeded = seed;
  }
}
