import { Construct } from "constructs";
import { CloudwatchLogSubscriptionFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-subscription-filter";
import type { CustomerKey } from "../access/customer-key";
import { Audit, type AuditDelivery } from "../audit/audit";
import { auditKey } from "../audit/key";
import type { ArchiveOwner } from "../audit/given-archive";
import { AUDIT_ARCHIVE_NODES, type AuditArchiveNodes } from "../nodes/parts";
import { nodesOf } from "../nodes/table";
import { inheritedTags } from "../tags/inherited";
import { isToken } from "../terraform";
import type { AuditArchiveConfig } from "./config";
import { resolveAuditArchive } from "./audit-archive-model";
import { finishPart, startPart } from "./part";

/**
 * The archive alone: an object-locked bucket, and the way from CloudWatch into it for log groups that somebody else has
 * made. Cost: 1 US dollar a month for the key, about 0.03 per GB on its way, 0.023 per GB and month kept.
 */
export class AuditArchive extends Construct {
  /** What a `CloudwatchLogSubscriptionFilter` names: `destinationArn` and `roleArn`. */
  public readonly delivery: AuditDelivery;
  public readonly bucketArn: string;
  public readonly bucketName: string;
  /** Dimension `DeliveryStreamName` of its metrics. */
  public readonly deliveryStreamName: string;
  /** Key of the archive, unless that is in another account, and of lines on their way. CloudWatch Logs may use it. */
  public readonly keyArn: string;
  /** What the owner of a bucket that is there has to write into its policies; nothing where it is made here. */
  public readonly owner: ArchiveOwner | undefined;
  /** What `decommission` leaves in the account: the archive, and our key where it is encrypted under that. */
  public readonly kept: readonly Construct[];

  /** @throws ConfigurationError with every problem; nothing is made then */
  public constructor(scope: Construct, id: string, config: AuditArchiveConfig) {
    const resolved = resolveAuditArchive(config, isToken, inheritedTags(scope, config));
    super(scope, id);
    const { base, slice } = resolved;
    const { archive, retainDays } = slice.audit;
    const on = startPart(this, config, resolved, { of: "audit-archive", iam: slice.iam });
    const key =
      slice.keyArn === undefined
        ? auditKey(this, "key", on, { name: "audit-archive", description: "The audit archive" })
        : undefined;
    this.keyArn = slice.keyArn ?? (key as CustomerKey).arn;
    const audit = new Audit(this, "audit", {
      on,
      slice: slice.audit,
      keyArn: this.keyArn,
      archiveProvider: config.providers?.archive,
    });
    this.delivery = audit.delivery;
    this.bucketArn = audit.archiveBucketArn;
    this.bucketName = audit.archiveBucketName;
    this.deliveryStreamName = audit.deliveryStreamName;
    this.owner = audit.archiveOwner;
    this.kept = [...audit.kept, ...(key && audit.isUnderKey ? [key] : [])];
    const groups = new Construct(this, "log-groups");
    for (const [name, logGroupName] of slice.logGroups)
      new CloudwatchLogSubscriptionFilter(groups, name, {
        name: on.naming.name("archive", 512),
        logGroupName,
        destinationArn: this.delivery.streamArn,
        roleArn: this.delivery.subscriptionRoleArn,
        // Every line. A filter here would be a way around the archive.
        filterPattern: "",
        distribution: "ByLogStream",
      });
    finishPart(this, base, on, {
      part: "audit-archive",
      waivers: [],
      existing: [
        ...(slice.keyArn === undefined ? [] : ["keys"]),
        ...(archive.kind === "existing" ? ["archive"] : []),
      ],
      chosen: {
        logDays: { all: retainDays },
        ...(archive.kind === "new" && { archiveDays: archive.retainDays }),
        thresholds: {},
      },
    });
  }

  /** The resources that are made here, to override an attribute or to read one: docs/overrides.md. */
  public get nodes(): AuditArchiveNodes {
    return nodesOf(this, AUDIT_ARCHIVE_NODES);
  }
}
