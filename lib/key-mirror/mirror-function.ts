import { LambdaFunctionEventInvokeConfig } from "@cdktf/provider-aws/lib/lambda-function-event-invoke-config";
import { LambdaInvocation } from "@cdktf/provider-aws/lib/lambda-invocation";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { Role } from "../access/role";
import { LogGroup } from "../audit/log-group";
import { ownFunction } from "../functions/own-function";
import type { KeyAlgorithm } from "../runtime/mirror/keys";
import { MIRROR_ENV } from "../runtime/mirror-env";
import { allow, json, trustService, type Deployment, type Statement } from "../terraform";
import type { KeysBucket } from "./keys-bucket";
import type { KeyMirrorModel } from "./model";

/** Whose keys are copied to where. */
export interface MirrorFunctionProps {
  readonly on: Deployment;
  /** Name of function and role, without the deployment's prefix. */
  readonly name: string;
  readonly slice: KeyMirrorModel;
  readonly bucket: KeysBucket;
  /** What the issuer signs with: other keys are not copied. @default RS256 alone */
  readonly algorithms?: readonly KeyAlgorithm[];
  /** Customer key of the function's variables. */
  readonly keyArn: string;
  readonly logs: { readonly keyArn: string; readonly retainDays: number };
}

/** Ten seconds for the issuer, two calls to S3, a cold start. */
const TIMEOUT_SECONDS = 30;

/**
 * The function that copies an issuer's keys, and its first call, without which nothing starts. It stands outside the
 * VPC: it is the only thing of a server that reads the internet, and there it has nothing else within reach, no subnet,
 * no secret, no database. In the VPC it would need a NAT gateway, a way out that everything beside it could take. Cost: nothing worth mentioning, its log group aside.
 */
export class MirrorFunction extends Construct {
  public readonly arn: string;
  public readonly functionName: string;
  /** The first copy is there. */
  public readonly seeded: ITerraformDependable;

  public constructor(scope: Construct, id: string, props: MirrorFunctionProps) {
    super(scope, id);
    const { on, slice, bucket, keyArn, logs, algorithms = ["RS256"] } = props;
    const functionName = on.naming.name(props.name);
    const functionArn = on.account.arn("lambda", `function:${functionName}`);
    const group = new LogGroup(this, "log", { on, name: `/aws/lambda/${functionName}`, ...logs });
    const role = new Role(this, "role", {
      on,
      name: props.name,
      description: "Copies an issuer's public keys",
      trust: [
        trustService("lambda.amazonaws.com", {
          accountId: on.account.id,
          sourceArns: [functionArn, `${functionArn}:*`],
        }),
      ],
      rights: rights(props, functionArn, group.arn),
    });
    // Two copies at once would each undo the other's overlap; S3 refuses the later one, too.
    const resource = ownFunction(this, {
      ...{ on, functionName, role, log: group, keyArn },
      description: "Copies an issuer's public keys to the bucket that gateways read",
      code: "mirror/key-mirror.zip",
      timeoutSeconds: TIMEOUT_SECONDS,
      variables: {
        [MIRROR_ENV.uri]: slice.uri,
        [MIRROR_ENV.bucket]: bucket.name,
        [MIRROR_ENV.overlapMinutes]: String(slice.overlapMinutes),
        ...(algorithms.join() !== "RS256" && { [MIRROR_ENV.algorithms]: algorithms.join(" ") }),
      },
    });
    // A copy that failed twice more is overtaken by the next one.
    new LambdaFunctionEventInvokeConfig(this, "retries", {
      functionName: resource.functionName,
      maximumRetryAttempts: 2,
      maximumEventAgeInSeconds: slice.everyMinutes * 60,
    });
    this.arn = resource.arn;
    this.functionName = functionName;
    this.seeded = new LambdaInvocation(this, "seed", {
      functionName: resource.functionName,
      lifecycleScope: "CREATE_ONLY",
      // The address stands here so that another issuer is read before tasks ask for its keys.
      input: json({ action: "mirror", uri: slice.uri }),
      dependsOn: [...bucket.ready],
    });
  }
}

/** Role's name in ARNs, for policies that must exist before it. */
export function mirrorRoleArn(on: Deployment, name: string): string {
  return on.account.globalArn("iam", `role${on.iam.path}${on.naming.name(name)}`);
}

function rights(
  { bucket, keyArn }: MirrorFunctionProps,
  functionArn: string,
  logGroupArn: string,
): Statement[] {
  return [
    allow("CopyTheKeys", {
      actions: ["s3:GetObject", "s3:PutObject"],
      on: { resources: [bucket.objectArn] },
    }),
    // Else S3 answers 403 where there is no object yet, and a lack of rights would look the same.
    allow("TellThatThereAreNone", { actions: ["s3:ListBucket"], on: { resources: [bucket.arn] } }),
    allow("ReadItsVariables", {
      actions: ["kms:Decrypt"],
      on: { resources: [keyArn] },
      when: { StringEquals: { "kms:EncryptionContext:aws:lambda:FunctionArn": functionArn } },
    }),
    allow("WriteItsLog", {
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      on: { resources: [`${logGroupArn}:*`] },
    }),
  ];
}
