import { DataAwsS3Bucket } from "@cdktf/provider-aws/lib/data-aws-s3-bucket";
import { DataAwsS3BucketPolicy } from "@cdktf/provider-aws/lib/data-aws-s3-bucket-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { expressionOf } from "../terraform";
import { bucketDemands, type BucketDemand } from "./policy-demands";

/** Which bucket, and what this deployment was written for. */
export interface GivenBucketProps {
  readonly name: string;
  readonly region: string;
  /** What it is to be fit for: "the audit archive". */
  readonly purpose: string;
  /** What its policy has to say. */
  readonly policy: readonly BucketDemand[];
}

/** A bucket that is there already, read at every plan, which stops where it is not fit. */
export class GivenBucket extends Construct {
  public readonly arn: string;
  public readonly name: string;
  /** To be waited for by what writes into it. */
  public readonly policy: ITerraformDependable;

  public constructor(scope: Construct, id: string, { name, region, purpose, policy }: GivenBucketProps) {
    super(scope, id);
    const written = (demands: readonly BucketDemand[], who: string) => ({
      postcondition: demands.map(({ says, condition }) => ({
        condition: `\${${condition}}`,
        errorMessage: `The bucket ${name} is not fit for ${purpose}: ${who} ${says}.`,
      })),
    });
    const bucket = new DataAwsS3Bucket(this, "resource", { bucket: name });
    bucket.lifecycle = written(bucketDemands(expressionOf(region)), "it has to");
    const document = new DataAwsS3BucketPolicy(this, "policy", { bucket: name });
    document.lifecycle = written(policy, "its policy has to");
    // Of what was read, so that nothing is written to a bucket that is not fit.
    this.arn = bucket.arn;
    this.name = bucket.id;
    this.policy = document;
  }
}
