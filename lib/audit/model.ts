import type { PostureDefaults } from "../posture";
import type { Check, Fields } from "../validation";
import { isExisting } from "../validation/existing";
import type { ArchiveConfig, AuditConfig } from "./config";
import { resolveGivenArchive, type GivenArchiveModel } from "./given-model";
import { checkLogRetention } from "./retention";

/** The audit record with every default resolved. */
export interface AuditModel {
  /** Days in CloudWatch. */
  readonly retainDays: number;
  readonly archive: NewArchiveModel | GivenArchiveModel;
}

/** An archive to be made. */
export interface NewArchiveModel {
  readonly kind: "new";
  /** Days in which no object can be deleted or shortened. */
  readonly retainDays: number;
  readonly mode: "COMPLIANCE" | "GOVERNANCE";
}

/** Resolves the audit record. What is not set follows the posture. */
export function resolveAudit(
  config: AuditConfig | undefined,
  check: Check,
  defaults: PostureDefaults,
): AuditModel {
  const fields = { retainDays: true, archive: true } satisfies Fields<AuditConfig>;
  const given: AuditConfig = config !== undefined && check.object(config, fields) ? config : {};
  const days = given.retainDays ?? defaults.logRetainDays;
  return {
    retainDays: checkLogRetention(days, check.at("retainDays")) ? days : defaults.logRetainDays,
    archive: resolveArchive(given.archive, check.at("archive"), defaults),
  };
}

function resolveArchive(
  config: ArchiveConfig | undefined,
  check: Check,
  defaults: PostureDefaults,
): AuditModel["archive"] {
  const fields = { bucket: true, retainDays: true, mode: true } satisfies Fields<ArchiveConfig>;
  const given: ArchiveConfig = config !== undefined && check.object(config, fields) ? config : {};
  const { bucket = { kind: "new" } } = given;
  if (isExisting(bucket, check.at("bucket"))) return resolveGivenArchive(given, bucket, check);
  const days = given.retainDays ?? defaults.archiveRetainDays;
  const mode = given.mode ?? defaults.archiveMode;
  return {
    kind: "new",
    retainDays: check.at("retainDays").integer(days, { min: 1, max: 36_500, unit: "days" })
      ? days
      : defaults.archiveRetainDays,
    mode: check.at("mode").oneOf(mode, ["COMPLIANCE", "GOVERNANCE"]) ? mode : defaults.archiveMode,
  };
}
