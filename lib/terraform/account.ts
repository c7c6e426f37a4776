import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import { Construct } from "constructs";

/** Account, region and partition that the stack's provider works in. Known only at deployment. */
export class Account extends Construct {
  public readonly id: string;
  public readonly region: string;
  public readonly partition: string;

  public constructor(scope: Construct, id: string) {
    super(scope, id);
    this.id = new DataAwsCallerIdentity(this, "identity").accountId;
    // `id`, not `region` or `name`: the one attribute that every version of the provider has.
    this.region = new DataAwsRegion(this, "region").id;
    this.partition = new DataAwsPartition(this, "partition").partition;
  }

  /** ARN in this account and region: `arn("logs", "log-group:/x")`. */
  public arn(service: string, rest: string): string {
    return `arn:${this.partition}:${service}:${this.region}:${this.id}:${rest}`;
  }

  /** ARN without a region, as IAM's: `globalArn("iam", "role/x")`. */
  public globalArn(service: string, rest: string): string {
    return `arn:${this.partition}:${service}::${this.id}:${rest}`;
  }
}
