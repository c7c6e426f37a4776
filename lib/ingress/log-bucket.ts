import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { json, policyDocument, type Deployment, type Statement } from "../terraform";
import { NONCURRENT_DAYS } from "./log-days";

/** How long the logs are kept. */
export interface LogBucketProps {
  readonly on: Deployment;
  readonly retainDays: number;
}

/** Folders of the three logs. */
export const LOG_PREFIXES = {
  access: "access",
  connection: "connection",
  healthCheck: "health-check",
} as const;

/**
 * The load balancer's own logs. SSE-S3, because delivery refuses buckets under a customer key. Only load balancers of
 * this account and region may write, below this account's folder. Cost: storage, 0.023 US dollars per GB and month.
 */
export class LogBucket extends Construct {
  public readonly name: string;
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
      policy: json(policyDocument(statements(on, resource.arn))),
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

function statements({ account }: Deployment, bucketArn: string): Statement[] {
  const folders = Object.values(LOG_PREFIXES).map(
    (prefix) => `${bucketArn}/${prefix}/AWSLogs/${account.id}/*`,
  );
  return [
    {
      Sid: "LoadBalancersDeliver",
      Effect: "Allow",
      Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: folders,
      // The account stands in the ARN; aws:SourceAccount is not documented for this delivery, and would close it if absent.
      Condition: { ArnLike: { "aws:SourceArn": account.arn("elasticloadbalancing", "loadbalancer/*") } },
    },
    {
      Sid: "OnlyOverTls",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: [bucketArn, `${bucketArn}/*`],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ];
}
