/** Who did what, where nobody can change it: CloudWatch for reading, an object-locked S3 archive for keeping. */
export interface AuditConfig {
  /** Days in CloudWatch, one of its steps (…, 365, 400, 545, 731, …). @default 400 in production, 7 in a sandbox */
  readonly retainDays?: number;
  readonly archive?: ArchiveConfig;
}

/** The archive bucket. Object Lock cannot be taken off again. */
export interface ArchiveConfig {
  /** The bucket. `existing` is not supported yet: refused at synth. @default a new one */
  readonly bucket?: { readonly kind: "new" } | { readonly kind: "existing"; readonly name: string };
  /** Days in which no object can be deleted or shortened, 1 to 36500. @default 365 in production, 1 in a sandbox */
  readonly retainDays?: number;
  /**
   * COMPLIANCE binds everybody, the account's root included, for the whole time; GOVERNANCE yields to a special right.
   * @default "COMPLIANCE" in production, "GOVERNANCE" in a sandbox
   */
  readonly mode?: "COMPLIANCE" | "GOVERNANCE";
}
