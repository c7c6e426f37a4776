import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { deny, json, policyDocument, type Deployment, type Statement } from "../terraform";

/** What a private bucket is made of. */
export interface PrivateBucketProps {
  readonly on: Deployment;
  /** End of its name. AWS adds 26 characters, so that a new one may come while an old one is still locked. */
  readonly name: string;
  /** Whether the name is the bucket's whole one, for who must know it beforehand. @default false */
  readonly exactName?: boolean;
  /** Whether Object Lock is possible in it. Can never be changed. */
  readonly lockable: boolean;
  /** A customer's key, or S3's own where AWS's log delivery takes no other. */
  readonly encryption: { readonly keyArn: string } | "s3";
  /** Days after which current objects go; absent: never. */
  readonly expireDays?: number;
  /** Days after which versions that were replaced go. */
  readonly noncurrentDays: number;
  /** Whether what is in it goes with it when Terraform destroys it. */
  readonly emptied: boolean;
  /** Statements of the bucket's policy beside those that demand TLS, given its ARN. */
  readonly policy: (bucketArn: string) => readonly Statement[];
}

/** A bucket that nobody outside the account reaches: private, versioned, encrypted, TLS 1.2 or later only. */
export class PrivateBucket extends Construct {
  public readonly id: string;
  public readonly arn: string;
  /** Where S3 serves it, in its region. */
  public readonly host: string;
  /** To be waited for by what writes into it. */
  public readonly versioning: ITerraformDependable;
  public readonly policy: ITerraformDependable;

  public constructor(scope: Construct, id: string, props: PrivateBucketProps) {
    super(scope, id);
    const { on } = props;
    const bucket = new S3Bucket(this, "resource", {
      ...(props.exactName === true
        ? { bucket: props.name }
        : { bucketPrefix: `${on.naming.name(props.name, 36)}-` }),
      ...(props.lockable ? { objectLockEnabled: true } : {}),
      forceDestroy: props.emptied,
      tags: { ...on.tags },
    });
    this.id = bucket.id;
    this.arn = bucket.arn;
    this.host = bucket.bucketRegionalDomainName;
    const { id: name } = this;
    this.versioning = new S3BucketVersioningA(this, "versioning", {
      bucket: name,
      versioningConfiguration: { status: "Enabled" },
    });
    new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket: name,
      rule: [
        props.encryption === "s3"
          ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }
          : {
              applyServerSideEncryptionByDefault: {
                sseAlgorithm: "aws:kms",
                kmsMasterKeyId: props.encryption.keyArn,
              },
              bucketKeyEnabled: true,
            },
      ],
    });
    const closed = new S3BucketPublicAccessBlock(this, "public-access", {
      bucket: name,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketOwnershipControls(this, "ownership", {
      bucket: name,
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
    new S3BucketLifecycleConfiguration(this, "lifecycle", {
      bucket: name,
      rule: [
        {
          id: "tidy",
          status: "Enabled",
          filter: [{}],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
          noncurrentVersionExpiration: [{ noncurrentDays: props.noncurrentDays }],
          ...(props.expireDays === undefined ? {} : { expiration: [{ days: props.expireDays }] }),
        },
      ],
      // S3 refuses rules about versions while the bucket has none.
      dependsOn: [this.versioning],
    });
    this.policy = new S3BucketPolicy(this, "policy", {
      bucket: name,
      policy: json(policyDocument([...props.policy(this.arn), ...tlsOnly([this.arn, `${this.arn}/*`])])),
      // S3 answers 409 to a policy that meets a change of public access.
      dependsOn: [closed],
    });
  }
}

/** Denials of everything that is not said over TLS 1.2 or later, on a bucket and what is in it. */
export function tlsOnly(resources: readonly string[]): Statement[] {
  const right = { actions: ["s3:*"], on: { resources } };
  return [
    {
      ...deny("TlsOnly", { ...right, when: { Bool: { "aws:SecureTransport": "false" } } }),
      Principal: "*",
    },
    {
      ...deny("Tls12OrLater", { ...right, when: { NumericLessThan: { "s3:TlsVersion": "1.2" } } }),
      Principal: "*",
    },
  ];
}
