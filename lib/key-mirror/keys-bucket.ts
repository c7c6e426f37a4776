import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { PrivateBucket } from "../audit/private-bucket";
import { MIRROR_OBJECT } from "../runtime/mirror-env";
import { deny, type Deployment, type Statement } from "../terraform";
import { HISTORY_DAYS } from "./model";
import { keysBucketName } from "./names";

/** Whose keys, who writes them, and the way by which they are read. */
export interface KeysBucketProps {
  readonly on: Deployment;
  /** The server's name. */
  readonly server: string;
  /** The only role that writes. */
  readonly writerArn: string;
  /** The S3 gateway endpoint of the tasks' network, `vpce-…`. */
  readonly s3EndpointId: string;
}

/**
 * The bucket with one object, the mirrored keys. Envoy signs no requests, so the object is read without credentials, and
 * only through our S3 endpoint. S3 does not call such a policy public: it grants a read to a fixed `aws:SourceVpce`
 * (S3 User Guide, *The meaning of "public"*), so all four blocks of public access stay on. Encrypted by S3's own key: a
 * customer's key opens for nobody without credentials, and what lies here is public by nature. What matters is who
 * *writes*: whoever could would sign tokens of his own, so everybody but the function is denied it, administrators too.
 */
export class KeysBucket extends Construct {
  /** Host under which S3 serves the bucket, and its certificate is valid. */
  public readonly host: string;
  public readonly name: string;
  public readonly arn: string;
  public readonly objectArn: string;
  /** It can be written and read. */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: KeysBucketProps) {
    super(scope, id);
    const { on, server } = props;
    const bucket = new PrivateBucket(this, "bucket", {
      on,
      name: keysBucketName(on.naming, server, on.account),
      exactName: true,
      lockable: false,
      encryption: "s3",
      noncurrentDays: HISTORY_DAYS,
      // Copied again in a minute.
      emptied: true,
      policy: (arn) => statements(arn, props),
    });
    this.name = bucket.id;
    this.arn = bucket.arn;
    this.objectArn = `${bucket.arn}/${MIRROR_OBJECT}`;
    this.host = bucket.host;
    this.ready = [bucket.policy, bucket.versioning];
  }
}

function statements(arn: string, { writerArn, s3EndpointId }: KeysBucketProps): Statement[] {
  return [
    {
      Sid: "TasksReadTheKeys",
      Effect: "Allow",
      Principal: "*",
      Action: ["s3:GetObject"],
      Resource: [`${arn}/${MIRROR_OBJECT}`],
      Condition: { StringEquals: { "aws:SourceVpce": [s3EndpointId] } },
    },
    {
      ...deny("TheFunctionAloneWrites", {
        actions: [
          "s3:DeleteObject",
          "s3:DeleteObjectVersion",
          "s3:PutObject",
          "s3:PutObjectAcl",
          "s3:ReplicateObject",
          "s3:RestoreObject",
        ],
        on: { resources: [`${arn}/*`] },
        when: { ArnNotEquals: { "aws:PrincipalArn": [writerArn] } },
      }),
      Principal: "*",
    },
  ];
}
