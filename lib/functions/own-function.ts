import { LambdaFunction, type LambdaFunctionConfig } from "@cdktf/provider-aws/lib/lambda-function";
import { AssetType, TerraformAsset } from "cdktf";
import type { Construct } from "constructs";
import type { Role } from "../access/role";
import type { LogGroup } from "../audit/log-group";
import type { Deployment } from "../terraform";
import { builtCode } from "./built-code";

/** What differs between functions of ours. */
export interface OwnFunctionProps extends Pick<LambdaFunctionConfig, "vpcConfig" | "deadLetterConfig"> {
  readonly on: Deployment;
  /** Whole, with the deployment's prefix. */
  readonly functionName: string;
  readonly description: string;
  /** Below `runtime/`, as `rotation/generated.zip`. */
  readonly code: string;
  readonly role: Role;
  readonly log: LogGroup;
  readonly timeoutSeconds: number;
  /** Customer key of its variables. */
  readonly keyArn: string;
  readonly variables: Readonly<Record<string, string>>;
}

const MEMORY_MIB = 256;

/**
 * A function of ours: one at a time, which reserves one of the account's concurrent executions (1,000 by default, in
 * new accounts fewer), with its variables under a customer key, its log in a group of its own, and its rights before it.
 */
export function ownFunction(scope: Construct, props: OwnFunctionProps): LambdaFunction {
  const { on, functionName, description, role, log, timeoutSeconds, keyArn, variables, ...place } = props;
  const code = builtCode(props.code);
  const asset = new TerraformAsset(scope, "code", { path: code.file, type: AssetType.FILE });
  return new LambdaFunction(scope, "resource", {
    functionName,
    description,
    role: role.arn,
    runtime: "nodejs22.x",
    architectures: ["arm64"],
    handler: "index.handler",
    filename: asset.path,
    sourceCodeHash: code.hash,
    timeout: timeoutSeconds,
    memorySize: MEMORY_MIB,
    reservedConcurrentExecutions: 1,
    kmsKeyArn: keyArn,
    environment: { variables },
    ...(place.vpcConfig && { vpcConfig: place.vpcConfig }),
    ...(place.deadLetterConfig && { deadLetterConfig: place.deadLetterConfig }),
    loggingConfig: {
      logFormat: "JSON",
      applicationLogLevel: "INFO",
      systemLogLevel: "WARN",
      logGroup: log.name,
    },
    // Active would send traces to X-Ray, which the network has no way to: it asks whoever calls instead.
    tracingConfig: { mode: "PassThrough" },
    tags: { ...on.tags },
    dependsOn: role.policy ? [role.policy] : [],
  });
}
