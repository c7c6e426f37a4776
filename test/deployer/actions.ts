/**
 * IAM's names of what botocore calls otherwise. Everything else has the same name in both.
 * Source: the service authorization reference.
 */
const S3: Readonly<Record<string, readonly string[]>> = {
  DeleteBucketEncryption: ["PutEncryptionConfiguration"],
  DeleteBucketLifecycle: ["PutLifecycleConfiguration"],
  DeleteBucketOwnershipControls: ["PutBucketOwnershipControls"],
  DeleteObjects: ["DeleteObject", "DeleteObjectVersion"],
  DeletePublicAccessBlock: ["PutBucketPublicAccessBlock"],
  GetBucketAccelerateConfiguration: ["GetAccelerateConfiguration"],
  GetBucketCors: ["GetBucketCORS"],
  GetBucketEncryption: ["GetEncryptionConfiguration"],
  GetBucketLifecycleConfiguration: ["GetLifecycleConfiguration"],
  GetBucketReplication: ["GetReplicationConfiguration"],
  GetObjectLockConfiguration: ["GetBucketObjectLockConfiguration"],
  GetPublicAccessBlock: ["GetBucketPublicAccessBlock"],
  HeadBucket: ["ListBucket"],
  ListObjectVersions: ["ListBucketVersions"],
  PutBucketEncryption: ["PutEncryptionConfiguration"],
  PutBucketLifecycleConfiguration: ["PutLifecycleConfiguration"],
  PutObjectLockConfiguration: ["PutBucketObjectLockConfiguration"],
  PutPublicAccessBlock: ["PutBucketPublicAccessBlock"],
};
const SERVICES: Readonly<Record<string, string>> = { elbv2: "elasticloadbalancing", stepfunctions: "states" };
/** Nobody is refused the first; the provider asks the second of itself, and goes on without an answer. */
const ASKED_BY_ANYBODY = ["sts:GetCallerIdentity", "iam:GetUser"];

/** What IAM decides about when the provider has made these calls, `service:Operation` each. */
export function actionsOf(calls: readonly string[]): string[] {
  const actions = calls.flatMap((call) => {
    const [service = "", operation = ""] = call.split(":");
    if (service === "s3") return (S3[operation] ?? [operation]).map((name) => `s3:${name}`);
    if (call === "lambda:Invoke") return ["lambda:InvokeFunction"];
    return [`${SERVICES[service] ?? service}:${operation}`];
  });
  return [...new Set(actions)].filter((action) => !ASKED_BY_ANYBODY.includes(action)).sort();
}
