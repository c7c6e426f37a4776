import { S3BucketLoggingA } from "@cdktf/provider-aws/lib/s3-bucket-logging";
import { S3BucketObjectLockConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-object-lock-configuration";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { CustomerKey } from "../access/customer-key";
import { Account, allow, deny, type Conditions, type Deployment, type Statement } from "../terraform";
import { useProvider } from "../terraform/providers";
import type { AuditModel } from "./model";
import { PrivateBucket } from "./private-bucket";

/** What the archive is made of. */
export interface ArchiveProps {
  readonly on: Deployment;
  readonly slice: AuditModel;
  readonly keyArn: string;
  /** The one role that may write. */
  readonly writerArn: string;
  /** Of another account, which then has a key of its own. @default as everything else, and under `keyArn` */
  readonly provider: TerraformProvider | undefined;
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
  /** Key of the objects. */
  public readonly keyArn: string;
  /** To be waited for before the first object: an object takes the lock that holds when it is written. */
  public readonly ready: ITerraformDependable[];

  public constructor(scope: Construct, id: string, { slice, writerArn, provider, ...props }: ArchiveProps) {
    super(scope, id);
    const days = slice.archive.retainDays;
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
      policy: (arn) => [...protectedObjects(arn, writerArn), ...(away ? delivered(arn, away.writer) : [])],
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

  /** The account that the archive lies in, and a key there that the writer of ours may use through S3. */
  private elsewhere(ours: Deployment, writerArn: string) {
    const on = { ...ours, account: new Account(this, "account") };
    // By its account and name: a policy that names a role is refused while there is none.
    const writer: Writer = {
      Principal: { AWS: ours.account.globalArn("iam", "root") },
      when: { ArnEquals: { "aws:PrincipalArn": writerArn } },
    };
    const key = new CustomerKey(this, "key", {
      on,
      name: "archive",
      description: "The audit archive",
      statements: [
        {
          ...allow("DeliveryEncrypts", {
            actions: ["kms:GenerateDataKey", "kms:Decrypt"],
            on: { everythingBecause: "in a key policy it means this key" },
            when: {
              ...writer.when,
              StringEquals: { "kms:ViaService": `s3.${on.account.region}.amazonaws.com` },
            },
          }),
          Principal: writer.Principal,
        },
      ],
    });
    return { on, keyArn: key.arn, writer };
  }
}

/** A role of another account, as a policy names it. */
interface Writer {
  readonly Principal: { readonly AWS: string };
  readonly when: Conditions;
}

/** Another account lets a writer in by its own policy, too; the writer's rights alone reach no further than theirs. */
function delivered(bucketArn: string, { Principal, when }: Writer): Statement[] {
  return [
    {
      ...allow("DeliveryWrites", {
        actions: ["s3:PutObject", "s3:AbortMultipartUpload"],
        on: { resources: [`${bucketArn}/*`] },
        when,
      }),
      Principal,
    },
    {
      ...allow("DeliveryFindsTheBucket", {
        actions: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
        on: { resources: [bucketArn] },
        when,
      }),
      Principal,
    },
  ];
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
