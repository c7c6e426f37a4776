import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { Construct } from "constructs";
import type { Deployment } from "../terraform";

/** What a log group is made of. */
export interface LogGroupProps {
  readonly on: Deployment;
  /** Its whole name, at most 512 characters. */
  readonly name: string;
  readonly retainDays: number;
  /** Key whose policy lets CloudWatch Logs use it. */
  readonly keyArn: string;
}

/** A log group under a customer's key, which cannot be deleted while the deployment is protected. Cost: about 0.50 US dollars per GB. */
export class LogGroup extends Construct {
  public readonly resource: CloudwatchLogGroup;
  public readonly name: string;
  public readonly arn: string;

  public constructor(scope: Construct, id: string, { on, name, retainDays, keyArn }: LogGroupProps) {
    super(scope, id);
    const group = (this.resource = new CloudwatchLogGroup(this, "resource", {
      name,
      retentionInDays: retainDays,
      kmsKeyId: keyArn,
      deletionProtectionEnabled: on.lifecycle === "protected",
      skipDestroy: false,
      tags: { ...on.tags },
    }));
    this.name = group.name;
    this.arn = group.arn;
  }
}
