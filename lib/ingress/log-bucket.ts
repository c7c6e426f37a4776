import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { json, policyDocument, type Deployment } from "../terraform";
import { NONCURRENT_DAYS } from "./log-days";
import { logStatements } from "./log-statements";

/** How long the logs are kept. */
export interface LogBucketProps {
  readonly on: Deployment;
  readonly retainDays: number;
}

/**
 * The load balancer's own logs. SSE-S3, because delivery refuses buckets under a customer key. Only load balancers of
 * this account and region may write, below this account's folder. Cost: storage, 0.023 US dollars per GB and month.
 */
export class LogBucket extends Construct {
  public readonly name: string;
  /** It is for this alone. */
  public readonly folder = "";
  /** What must stand before a load balancer may be told to write here: AWS tries it at once. */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, { on, retainDays }: LogBucketProps) {
    super(scope, id);
    const resource = new S3Bucket(this, "resource", {
      bucketPrefix: `${on.naming.name("lb-logs", 36)}-`,
      forceDestroy: on.lifecycle === "disposable",
      tags: { ...on.tags },
    });
    const bucket = resource.bucket;
    this.name = bucket;
    const access = new S3BucketPublicAccessBlock(this, "public-access", {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    const ownership = new S3BucketOwnershipControls(this, "ownership", {
      bucket,
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
    const encryption = new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket,
      rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    });
    const versioning = new S3BucketVersioningA(this, "versioning", {
      bucket,
      versioningConfiguration: { status: "Enabled" },
    });
    this.expire(bucket, retainDays, versioning);
    const policy = new S3BucketPolicy(this, "policy", {
      bucket,
      policy: json(policyDocument(logStatements(on.account, resource.arn, ""))),
      // At the same time as the block, S3 answers with a conflict now and then.
      dependsOn: [access],
    });
    this.ready = [policy, ownership, encryption];
  }

  private expire(bucket: string, days: number, versioning: S3BucketVersioningA): void {
    new S3BucketLifecycleConfiguration(this, "expiry", {
      bucket,
      rule: [
        {
          id: "expire",
          status: "Enabled",
          filter: [{ prefix: "" }],
          expiration: [{ days }],
          noncurrentVersionExpiration: [{ noncurrentDays: NONCURRENT_DAYS }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
        },
      ],
      dependsOn: [versioning],
    });
  }
}
