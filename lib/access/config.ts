/** Rights of every role the library makes. */
export interface IamConfig {
  /** A boundary your organisation demands. Ours still holds: it becomes the roles' own deny statements. @default our boundary */
  readonly boundaryArn?: string;
  /** Path of roles and policies, `/` or `/team/`. @default "/" */
  readonly path?: string;
}

/** One thing a server's own code may do in AWS, on named resources. */
export interface GrantConfig {
  /** Whether it only reads. With `tasks.split`, what writes is given to the writing tasks alone. @default "write" */
  readonly access?: "read" | "write";
  /** IAM actions, as `s3:GetObject`. No `*` anywhere. */
  readonly actions: readonly string[];
  readonly on: GrantTarget;
  /** Why, for the reader of the report (8 to 200 characters). */
  readonly because: string;
}

/**
 * The resources of a grant. Breadth needs a sentence, and is for actions that AWS cannot limit to a resource, such as
 * `cloudwatch:PutMetricData`: others are refused.
 */
export type GrantTarget = { readonly resources: readonly string[] } | { readonly everythingBecause: string };
