import { CloudwatchLogStream } from "@cdktf/provider-aws/lib/cloudwatch-log-stream";
import { KinesisFirehoseDeliveryStream } from "@cdktf/provider-aws/lib/kinesis-firehose-delivery-stream";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { Role } from "../access/role";
import { allow, trustService, type Deployment, type Statement } from "../terraform";
import { Archive, type ArchiveTarget } from "./archive";
import { GivenArchive } from "./given-archive";
import { LogGroup } from "./log-group";
import type { AuditModel } from "./model";

/** What the way from CloudWatch to the archive is made of. */
export interface DeliveryProps {
  readonly on: Deployment;
  readonly slice: AuditModel;
  readonly keyArn: string;
  readonly archiveProvider: TerraformProvider | undefined;
}

const ROLE = "audit-delivery";
const ERRORS = "delivery";

/** Firehose from subscribed log groups into the archive. Cost: about 0.03 US dollars per GB. */
export class Delivery extends Construct {
  public readonly streamArn: string;
  public readonly streamName: string;
  public readonly archive: Archive | GivenArchive;

  public constructor(scope: Construct, id: string, { on, slice, keyArn, archiveProvider }: DeliveryProps) {
    super(scope, id);
    const name = on.naming.name("audit", 64);
    // By name: the role's rights name the bucket, and the bucket's policy names the role.
    const writerArn = on.account.globalArn("iam", `role${on.iam.path}${on.naming.name(ROLE)}`);
    const { archive, retainDays: logRetainDays } = slice;
    const to = { on, writerArn, provider: archiveProvider };
    this.archive =
      archive.kind === "existing"
        ? new GivenArchive(this, "archive", { ...to, slice: archive })
        : new Archive(this, "archive", { ...to, slice: archive, logRetainDays, keyArn });
    const errors = new LogGroup(this, "errors", {
      on,
      name: `/aws/kinesisfirehose/${name}`,
      retainDays: slice.retainDays,
      keyArn,
    });
    const errorStream = new CloudwatchLogStream(this, "error-stream", {
      name: ERRORS,
      logGroupName: errors.name,
    });
    const { bucketArn, keyArn: archiveKeyArn, folder } = this.archive;
    const role = new Role(this, "role", {
      on,
      name: ROLE,
      description: "Firehose writes the audit archive",
      trust: [
        trustService("firehose.amazonaws.com", {
          accountId: on.account.id,
          sourceArns: [on.account.arn("firehose", `deliverystream/${name}`)],
        }),
      ],
      rights: rights(this.archive, `${errors.arn}:log-stream:${ERRORS}`, on),
    });
    const stream = new KinesisFirehoseDeliveryStream(this, "resource", {
      name,
      destination: "extended_s3",
      serverSideEncryption: { enabled: true, keyType: "CUSTOMER_MANAGED_CMK", keyArn },
      extendedS3Configuration: {
        roleArn: role.arn,
        bucketArn,
        kmsKeyArn: archiveKeyArn,
        prefix: `${folder}audit/!{timestamp:yyyy/MM/dd}/`,
        errorOutputPrefix: `${folder}failed/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd}/`,
        compressionFormat: "GZIP",
        bufferingInterval: 300,
        bufferingSize: 16,
        processingConfiguration: { enabled: true, processors: UNPACK },
        cloudwatchLoggingOptions: {
          enabled: true,
          logGroupName: errors.name,
          logStreamName: errorStream.name,
        },
      },
      tags: { ...on.tags },
      dependsOn: [...this.archive.ready, ...(role.policy ? [role.policy] : [])],
    });
    this.streamArn = stream.arn;
    this.streamName = stream.name;
  }
}

/** Subscriptions send gzip envelopes of many lines: without this nothing could query the archive. */
const UNPACK = [
  {
    type: "Decompression",
    parameters: [{ parameterName: "CompressionFormat", parameterValue: "GZIP" }],
  },
  {
    type: "CloudWatchLogProcessing",
    parameters: [{ parameterName: "DataMessageExtraction", parameterValue: "true" }],
  },
];

function rights(to: ArchiveTarget, errorsArn: string, on: Deployment): Statement[] {
  // A bucket's ARN says no account: one that was deleted may come back as somebody else's.
  const when = to.ownerId !== undefined && {
    when: { StringEquals: { "s3:ResourceAccount": to.ownerId } },
  };
  return [
    allow("WriteObjects", {
      actions: ["s3:PutObject", "s3:AbortMultipartUpload"],
      on: { resources: [`${to.bucketArn}/${to.folder}*`] },
      ...when,
    }),
    allow("FindTheBucket", {
      actions: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
      on: { resources: [to.bucketArn] },
      ...when,
    }),
    allow("EncryptObjects", {
      actions: ["kms:GenerateDataKey", "kms:Decrypt"],
      on: { resources: [to.keyArn] },
      when: {
        StringEquals: { "kms:ViaService": `s3.${on.account.region}.amazonaws.com` },
        // The bucket, not the object: that is the context under a bucket key.
        ArnLike: { "kms:EncryptionContext:aws:s3:arn": [to.bucketArn, `${to.bucketArn}/${to.folder}*`] },
      },
    }),
    allow("SayWhatFailed", { actions: ["logs:PutLogEvents"], on: { resources: [errorsArn] } }),
  ];
}
