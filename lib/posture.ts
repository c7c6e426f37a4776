/** How much is at stake. The only switch of defaults; every difference stands in `POSTURES`. */
export type Posture = "production" | "sandbox";

/** What may be destroyed: `protected` refuses, `disposable` leaves nothing behind that costs money. */
export type Lifecycle = "protected" | "disposable";

/** The defaults that differ by posture. Each can be set on its own in its slice. */
export interface PostureDefaults {
  readonly lifecycle: Lifecycle;
  /** CloudWatch log retention. Production: more than a year, as Checkov CKV_AWS_338 and most audits ask. */
  readonly logRetainDays: number;
  /** Object Lock of the audit archive. COMPLIANCE cannot be shortened by anybody, the account's root included. */
  readonly archiveMode: "COMPLIANCE" | "GOVERNANCE";
  readonly archiveRetainDays: number;
  /** Tasks per server at least. Two survive the loss of a zone. */
  readonly minTasks: number;
  readonly maxTasks: number;
  /** Days in which a deleted secret can be brought back; its name stays taken for as long. 0 = at once. By `lifecycle`, where that is set. */
  readonly secretRecoveryDays: number;
  /** Days between scheduling a key's deletion and losing everything under it. */
  readonly keyDeletionDays: number;
}

/** The whole difference between the postures. */
export const POSTURES: Readonly<Record<Posture, PostureDefaults>> = {
  production: {
    lifecycle: "protected",
    logRetainDays: 400,
    archiveMode: "COMPLIANCE",
    archiveRetainDays: 365,
    minTasks: 2,
    maxTasks: 6,
    secretRecoveryDays: 30,
    keyDeletionDays: 30,
  },
  sandbox: {
    lifecycle: "disposable",
    logRetainDays: 7,
    archiveMode: "GOVERNANCE",
    archiveRetainDays: 1,
    minTasks: 1,
    maxTasks: 2,
    secretRecoveryDays: 0,
    keyDeletionDays: 7,
  },
};
