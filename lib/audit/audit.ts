import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import type { CustomerKey } from "../access/customer-key";
import { Role } from "../access/role";
import { allow, trustService, type Deployment } from "../terraform";
import { Delivery } from "./delivery";
import { GivenArchive, type ArchiveOwner } from "./given-archive";
import { auditKey } from "./key";
import type { AuditModel } from "./model";

/** Where log groups are subscribed to. Both may come from another stack. */
export interface AuditDelivery {
  readonly streamArn: string;
  readonly subscriptionRoleArn: string;
}

/** The platform's part of the audit record: key, delivery, archive. */
export interface AuditProps {
  readonly on: Deployment;
  readonly slice: AuditModel;
  /** Key of logs and archive, where it is given. @default a new one */
  readonly keyArn?: string | undefined;
  /** Of the archive's account. @default as everything else */
  readonly archiveProvider?: TerraformProvider | undefined;
}

/** What is paid once for the audit record of all servers. */
export class Audit extends Construct {
  /** Key of logs and archive; CloudWatch Logs may use it for every log group of this account and region. */
  public readonly keyArn: string;
  public readonly delivery: AuditDelivery;
  public readonly archiveBucketArn: string;
  public readonly archiveBucketName: string;
  public readonly deliveryStreamName: string;
  /** What the owner of an archive that is there has to write into its policies; nothing where it is made here. */
  public readonly archiveOwner: ArchiveOwner | undefined;
  /** Whether the archive is made here and encrypted under `keyArn`: in another account it has a key of its own. */
  public readonly isUnderKey: boolean;
  /** What must outlive the deployment: an archive that is made here, and our key where it is encrypted under that. */
  public readonly kept: readonly Construct[];

  public constructor(scope: Construct, id: string, { on, slice, keyArn, archiveProvider }: AuditProps) {
    super(scope, id);
    const key = keyArn === undefined ? auditKey(this, "key", on) : undefined;
    this.keyArn = keyArn ?? (key as CustomerKey).arn;
    const delivery = new Delivery(this, "delivery", { on, slice, keyArn: this.keyArn, archiveProvider });
    const { streamArn } = delivery;
    const { archive } = delivery;
    const made = archive instanceof GivenArchive ? undefined : archive;
    this.isUnderKey = made?.keyArn === this.keyArn;
    this.kept = [...(made ? [made] : []), ...(key && this.isUnderKey ? [key] : [])];
    this.archiveOwner = archive instanceof GivenArchive ? archive.owner : undefined;
    this.archiveBucketArn = archive.bucketArn;
    this.archiveBucketName = archive.bucketName;
    this.deliveryStreamName = delivery.streamName;
    const subscription = new Role(this, "subscription", {
      on,
      name: "audit-subscription",
      description: "CloudWatch Logs hands audit lines to Firehose",
      trust: [
        trustService("logs.amazonaws.com", {
          accountId: on.account.id,
          sourceArns: [on.account.arn("logs", "*")],
        }),
      ],
      rights: [
        allow("HandOn", {
          actions: ["firehose:PutRecord", "firehose:PutRecordBatch"],
          on: { resources: [streamArn] },
        }),
      ],
    });
    // CloudWatch tries the role when a group is subscribed, so the ARN must not be known before the role has its
    // rights: it is put together from the name that the policy gives, which also holds for other stacks.
    const roleName = subscription.policy?.role ?? subscription.resource.name;
    this.delivery = {
      streamArn,
      subscriptionRoleArn: on.account.globalArn("iam", `role${on.iam.path}${roleName}`),
    };
  }
}
