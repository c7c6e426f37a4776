import { S3BucketLoggingA } from "@cdktf/provider-aws/lib/s3-bucket-logging";
import { S3BucketObjectLockConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-object-lock-configuration";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { CustomerKey } from "../access/customer-key";
import { Account, allow, type Deployment, type Statement } from "../terraform";
import { useProvider } from "../terraform/providers";
import { delivered, encrypts, protectedObjects, writerOf } from "./archive-statements";
import type { NewArchiveModel } from "./model";
import { PrivateBucket } from "./private-bucket";

/** What the archive is made of. */
export interface ArchiveProps {
  readonly on: Deployment;
  readonly slice: NewArchiveModel;
  /** Days that who read it is known. */
  readonly logRetainDays: number;
  readonly keyArn: string;
  /** The one role that may write. */
  readonly writerArn: string;
  /** Of another account, which then has a key of its own. @default as everything else, and under `keyArn` */
  readonly provider: TerraformProvider | undefined;
}

/** Where lines are delivered to. */
export interface ArchiveTarget {
  readonly bucketArn: string;
  readonly bucketName: string;
  /** Key of the objects. */
  readonly keyArn: string;
  /** Beginning of the names of all objects, `/` at its end; empty: the bucket is for this alone. */
  readonly folder: string;
  /** Account that the bucket has to be of. @default whichever: it is made here */
  readonly ownerId?: string;
  /** To be waited for before the first object: an object takes the lock that holds when it is written. */
  readonly ready: readonly ITerraformDependable[];
}

/** Beginning of the names of access logs. */
const PREFIX = "archive/";

/**
 * The bucket whose objects nobody can change or delete until their time is over, and a second one that says who read
 * it. Cost: storage, about 0.023 US dollars per GB and month.
 */
export class Archive extends Construct implements ArchiveTarget {
  public readonly bucketArn: string;
  public readonly bucketName: string;
  public readonly keyArn: string;
  public readonly folder = "";
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, { slice, writerArn, provider, ...props }: ArchiveProps) {
    super(scope, id);
    const days = slice.retainDays;
    useProvider(this, provider);
    const away = provider && this.elsewhere(props.on, writerArn);
    const { on, keyArn } = away ?? props;
    this.keyArn = keyArn;
    const bucket = new PrivateBucket(this, "bucket", {
      on,
      name: "audit",
      lockable: true,
      encryption: { keyArn },
      noncurrentDays: days,
      emptied: false,
      policy: (bucketArn) => {
        const objectsArn = `${bucketArn}/*`;
        return [
          ...protectedObjects(objectsArn, writerArn),
          ...(away ? delivered({ bucketArn, objectsArn }, away.writer) : []),
        ];
      },
    });
    this.bucketArn = bucket.arn;
    this.bucketName = bucket.id;
    const lock = new S3BucketObjectLockConfigurationA(this, "lock", {
      bucket: bucket.id,
      objectLockEnabled: "Enabled",
      rule: { defaultRetention: { mode: slice.mode, days } },
      dependsOn: [bucket.versioning],
    });
    this.ready = [lock, bucket.policy];
    const readers = new PrivateBucket(this, "readers", {
      on,
      name: "audit-access",
      lockable: false,
      // S3 delivers access logs to buckets with its own keys only, and never to a locked one.
      encryption: "s3",
      expireDays: props.logRetainDays,
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

  /** The account that the archive lies in, and a key there that the writer of ours may use through S3. */
  private elsewhere(ours: Deployment, writerArn: string) {
    const on = { ...ours, account: new Account(this, "account") };
    const writer = writerOf(ours.account.globalArn("iam", "root"), writerArn);
    const key = new CustomerKey(this, "key", {
      on,
      name: "archive",
      description: "The audit archive",
      statements: [encrypts(writer, on.account.region)],
    });
    return { on, keyArn: key.arn, writer };
  }
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
