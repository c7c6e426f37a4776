/** Who did what, where nobody can change it: CloudWatch for reading, an object-locked S3 archive for keeping. */
export interface AuditConfig {
  /** Days in CloudWatch, one of its steps (…, 365, 400, 545, 731, …). @default 400 in production, 7 in a sandbox */
  readonly retainDays?: number;
  readonly archive?: ArchiveConfig;
}

/** The archive bucket. Object Lock cannot be taken off again. */
export interface ArchiveConfig {
  /** The bucket. Of an existing one nothing else is said: how long it keeps and in which mode is its owner's. @default a new one */
  readonly bucket?: { readonly kind: "new" } | ExistingArchiveConfig;
  /** Days in which no object can be deleted or shortened, 1 to 36500. @default 365 in production, 1 in a sandbox */
  readonly retainDays?: number;
  /**
   * COMPLIANCE binds everybody, the account's root included, for the whole time; GOVERNANCE yields to a special right.
   * @default "COMPLIANCE" in production, "GOVERNANCE" in a sandbox
   */
  readonly mode?: "COMPLIANCE" | "GOVERNANCE";
}

/**
 * An archive bucket that is there already, of this account or of one for logs, in the same region. Its lock, its key, who
 * reads it and how long it keeps are its owner's to show. What its policy and its key's must say is
 * `platform.audit.archiveOwner`, and stands in docs/composition.md.
 */
export interface ExistingArchiveConfig {
  readonly kind: "existing";
  /** Name of the bucket, 3 to 63 lower-case letters, digits, dots and dashes. */
  readonly name: string;
  /** Account that owns it, 12 digits. Nothing is written to a bucket of this name that another account has. */
  readonly accountId: string;
  /** Key that objects are encrypted under, in the bucket's region. */
  readonly keyArn: string;
  /**
   * Folder that is this deployment's alone, as `mcp/acme-prod/`, up to 200 characters. Nothing else is written to, and the
   * policy is asked about nothing else. @default all of the bucket
   */
  readonly folder?: string;
  /**
   * Whether every plan reads the bucket's region and policy, and stops where they are not fit. AWS lets only the bucket's own
   * account read a policy: of another one name its provider as `providers.archive`. `"never"`: nobody looks, and the
   * checklist says so.
   * @default "at-plan"
   */
  readonly read?: "at-plan" | "never";
}
