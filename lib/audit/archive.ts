import { S3BucketLoggingA } from "@cdktf/provider-aws/lib/s3-bucket-logging";
import { S3BucketObjectLockConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-object-lock-configuration";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { allow, deny, type Deployment, type Statement } from "../terraform";
import type { AuditModel } from "./model";
import { PrivateBucket } from "./private-bucket";

/** What the archive is made of. */
export interface ArchiveProps {
  readonly on: Deployment;
  readonly slice: AuditModel;
  readonly keyArn: string;
  /** The one role that may write. */
  readonly writerArn: string;
}

/** Beginning of the names of access logs. */
const PREFIX = "archive/";

/**
 * The bucket whose objects nobody can change or delete until their time is over, and a second one that says who read
 * it. Cost: storage, about 0.023 US dollars per GB and month.
 */
export class Archive extends Construct {
  public readonly bucketArn: string;
  public readonly bucketName: string;
  /** To be waited for before the first object: an object takes the lock that holds when it is written. */
  public readonly ready: ITerraformDependable[];

  public constructor(scope: Construct, id: string, { on, slice, keyArn, writerArn }: ArchiveProps) {
    super(scope, id);
    const days = slice.archive.retainDays;
    const bucket = new PrivateBucket(this, "bucket", {
      on,
      name: "audit",
      lockable: true,
      encryption: { keyArn },
      noncurrentDays: days,
      emptied: false,
      policy: (arn) => protectedObjects(arn, writerArn),
    });
    this.bucketArn = bucket.arn;
    this.bucketName = bucket.id;
    const lock = new S3BucketObjectLockConfigurationA(this, "lock", {
      bucket: bucket.id,
      objectLockEnabled: "Enabled",
      rule: { defaultRetention: { mode: slice.archive.mode, days } },
      dependsOn: [bucket.versioning],
    });
    this.ready = [lock, bucket.policy];
    const readers = new PrivateBucket(this, "readers", {
      on,
      name: "audit-access",
      lockable: false,
      // S3 delivers access logs to buckets with its own keys only, and never to a locked one.
      encryption: "s3",
      expireDays: slice.retainDays,
      noncurrentDays: 1,
      // Every request is logged, so it is never empty by itself.
      emptied: on.lifecycle === "disposable",
      policy: (arn) => [accessLogsOf(bucket.arn, arn, on)],
    });
    new S3BucketLoggingA(this, "logging", {
      bucket: bucket.id,
      targetBucket: readers.id,
      targetPrefix: PREFIX,
      dependsOn: [readers.policy],
    });
  }
}

/**
 * Denials on objects only, for everybody: whoever wants to undo them must change this policy first, which is seen.
 * Denials on the bucket's settings would bind the deployer as well; what guards the objects from those is the lock.
 */
function protectedObjects(bucketArn: string, writerArn: string): Statement[] {
  const on = { resources: [`${bucketArn}/*`] };
  return [
    {
      ...deny("NobodyDeletesOrUnlocks", {
        actions: [
          "s3:DeleteObject",
          "s3:DeleteObjectVersion",
          "s3:PutObjectRetention",
          "s3:PutObjectLegalHold",
          "s3:BypassGovernanceRetention",
        ],
        on,
      }),
      Principal: "*",
    },
    {
      ...deny("OnlyDeliveryWrites", {
        actions: ["s3:PutObject"],
        on,
        when: { ArnNotEquals: { "aws:PrincipalArn": writerArn } },
      }),
      Principal: "*",
    },
  ];
}

function accessLogsOf(archiveArn: string, readersArn: string, on: Deployment): Statement {
  return {
    ...allow("S3WritesWhoRead", {
      actions: ["s3:PutObject"],
      on: { resources: [`${readersArn}/${PREFIX}*`] },
      when: {
        ArnLike: { "aws:SourceArn": archiveArn },
        StringEquals: { "aws:SourceAccount": on.account.id },
      },
    }),
    Principal: { Service: "logging.s3.amazonaws.com" },
    // One text, not a list of one: the emulator that the tests apply to compares it literally.
    Resource: `${readersArn}/${PREFIX}*`,
  };
}
