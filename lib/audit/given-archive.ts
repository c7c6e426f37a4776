import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { expressionOf, json, policyDocument, type Deployment } from "../terraform";
import { useProvider } from "../terraform/providers";
import type { ArchiveTarget } from "./archive";
import { delivered, encrypts, protectedObjects, writerOf } from "./archive-statements";
import { GivenBucket } from "./given-bucket";
import { policyDemands } from "./given-demands";
import type { GivenArchiveModel } from "./given-model";
import { tlsOnly } from "./private-bucket";

/** Which bucket, and who writes to it. */
export interface GivenArchiveProps {
  readonly on: Deployment;
  readonly slice: GivenArchiveModel;
  /** The one role that may write. */
  readonly writerArn: string;
  /** Of the bucket's account, for reading. @default as everything else */
  readonly provider: TerraformProvider | undefined;
}

/** What the owner of an archive's bucket has to write into two policies, as JSON. */
export interface ArchiveOwner {
  /** A bucket policy, with the statements that have to be in the bucket's. */
  readonly bucketPolicy: string;
  /** A statement for the policy of the key, where the key is another account's. */
  readonly keyStatement: string;
}

/** An archive that is there already: nothing of it is made or changed here, its region and policy are read at every plan. */
export class GivenArchive extends Construct implements ArchiveTarget {
  public readonly bucketArn: string;
  public readonly bucketName: string;
  public readonly keyArn: string;
  public readonly folder: string;
  public readonly ownerId: string;
  public readonly ready: readonly ITerraformDependable[];
  public readonly owner: ArchiveOwner;

  public constructor(scope: Construct, id: string, { on, slice, writerArn, provider }: GivenArchiveProps) {
    super(scope, id);
    useProvider(this, provider);
    const { name, folder } = slice;
    this.bucketName = name;
    this.keyArn = slice.keyArn;
    this.folder = folder;
    this.ownerId = slice.accountId;
    const bucketArn = `arn:${on.account.partition}:s3:::${name}`;
    const objectsArn = `${bucketArn}/${folder}*`;
    const writer = writerOf(on.account.globalArn("iam", "root"), writerArn);
    this.owner = {
      bucketPolicy: json(
        policyDocument([
          ...protectedObjects(objectsArn, writerArn),
          ...delivered({ bucketArn, objectsArn }, writer),
          ...tlsOnly([bucketArn, objectsArn]),
        ]),
      ),
      keyStatement: json(encrypts(writer, on.account.region)),
    };
    if (slice.read === "never") {
      this.bucketArn = bucketArn;
      this.ready = [];
      return;
    }
    const bucket = new GivenBucket(this, "read", {
      name,
      region: on.account.region,
      purpose: "the audit archive",
      policy: policyDemands({
        objects: expressionOf(objectsArn),
        whole: expressionOf(`${bucketArn}/*`),
        writer: expressionOf(writerArn),
      }),
    });
    this.bucketArn = bucket.arn;
    this.ready = [bucket.policy];
  }
}
