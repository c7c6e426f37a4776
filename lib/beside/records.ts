import type { Touches } from "./touch";

const BUCKET = ["aws_s3_bucket"];
const GROUP = ["aws_cloudwatch_log_group"];
const KEY = ["aws_kms_key"];
const TOPIC = ["aws_sns_topic"];

/** Who else gets at what is stored: buckets, and keys. */
export const STORES: Touches = {
  aws_backup_selection: {
    ...{ by: ["resources"], at: BUCKET, holds: "unknown" },
    says: "is copied into a vault of somebody else: who may restore from it is not judged",
  },
  aws_datasync_location_s3: {
    ...{ by: ["s3_bucket_arn"], at: BUCKET, holds: "unknown" },
    says: "is read or written by transfers of somebody else",
  },
  aws_kms_grant: {
    ...{ by: ["key_id"], at: KEY, holds: false },
    says: "may be used by whom a grant names, which no policy shows",
  },
  aws_kms_replica_key: {
    ...{ by: ["primary_key_arn"], at: KEY, holds: false },
    says: "has a copy elsewhere, under a policy of its own",
  },
  aws_s3_access_point: {
    ...{ by: ["bucket"], at: BUCKET, holds: false },
    says: "has a door more, with a policy of its own",
  },
  aws_s3_bucket_acl: {
    ...{ by: ["bucket"], at: BUCKET, holds: false },
    says: "has a list of who may, which no policy shows",
  },
  aws_s3_bucket_cors_configuration: {
    ...{ by: ["bucket"], at: BUCKET, holds: "unknown" },
    says: "answers pages of other origins",
  },
  aws_s3_bucket_inventory: {
    ...{ by: ["bucket"], at: BUCKET, holds: "unknown" },
    says: "has all its names written down for somebody else",
  },
  aws_s3_bucket_metadata_configuration: {
    ...{ by: ["bucket"], at: BUCKET, holds: "unknown" },
    says: "has all its names written down for somebody else",
  },
  aws_s3_bucket_notification: {
    ...{ by: ["bucket"], at: BUCKET, holds: "unknown" },
    says: "tells somebody else of each object",
  },
  aws_s3_bucket_replication_configuration: {
    ...{ by: ["bucket"], at: BUCKET, holds: "unknown" },
    says: "is copied elsewhere: who may read the copy is not judged",
  },
  aws_s3_bucket_website_configuration: {
    ...{ by: ["bucket"], at: BUCKET, holds: false },
    says: "is a website",
  },
  aws_s3_object: {
    ...{ by: ["bucket"], at: BUCKET, holds: "unknown", ours: true },
    says: "gets an object that somebody else writes",
  },
  aws_s3_object_copy: {
    ...{ by: ["bucket", "source"], at: BUCKET, holds: "unknown" },
    says: "gets an object that somebody else writes, or gives one away",
  },
  aws_s3control_access_grants_location: {
    ...{ by: ["location_scope"], at: BUCKET, holds: "unknown" },
    says: "is open to whom grants name, which no policy shows",
  },
  aws_s3control_multi_region_access_point: {
    ...{ by: ["details"], at: BUCKET, holds: false },
    says: "has a door more, with a policy of its own",
  },
};

/** Who else gets at records and alarms, and what is taken out of them. */
export const RECORDS: Touches = {
  aws_cloudwatch_event_target: {
    ...{ by: ["rule"], at: ["aws_cloudwatch_event_rule"], holds: "unknown", ours: true },
    says: "tells somebody else, too",
  },
  aws_cloudwatch_log_data_protection_policy: {
    ...{ by: ["log_group_name"], at: GROUP, holds: "unknown" },
    says: "has parts of its lines hidden, also on the way to the archive",
  },
  aws_cloudwatch_log_subscription_filter: {
    ...{ by: ["log_group_name"], at: GROUP, holds: "unknown", ours: true },
    says: "is read by somebody else, too",
  },
  aws_cloudwatch_log_transformer: {
    ...{ by: ["log_group_arn"], at: GROUP, holds: false },
    says: "has its lines rewritten before they are kept",
  },
  aws_sns_topic_data_protection_policy: {
    ...{ by: ["arn"], at: TOPIC, holds: false },
    says: "refuses messages for what is in them: alarms would be heard by nobody",
  },
  aws_sns_topic_subscription: {
    ...{ by: ["topic_arn"], at: TOPIC, holds: "unknown", ours: true },
    says: "is heard by one whom no configuration of ours names",
  },
};
