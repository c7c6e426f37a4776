/**
 * One thing a server's own code may do in AWS. The kinds know the actions and the conditions of a service; without a
 * kind, actions and resources are written out. Nothing is reached by it alone: the network of the task must lead there
 * (`downstream`).
 */
export type GrantConfig =
  ActionsGrant | S3Grant | DynamoDbGrant | SqsGrant | RdsIamGrant | KmsGrant | SecretGrant;

/** What every grant says. */
export interface CommonGrant {
  /** Why, for the reader of the report (8 to 200 characters). */
  readonly because: string;
  /**
   * Name of a window of the server, outside of which AWS refuses what is granted (`aws:CurrentTime` in the policy). The
   * same declaration makes the gateway refuse the tools that name it. Connections and signed URLs that were opened
   * inside it live on for as long as the service lets them. Each interval makes a statement of its own: the policy has
   * room for about fifteen.
   * @default always
   */
  readonly window?: string;
}

/** Actions on named resources, for what has no kind of its own. */
export interface ActionsGrant extends CommonGrant {
  /** @default "actions" */
  readonly kind?: "actions";
  /** Whether it only reads. With `tasks.split`, what writes is given to the writing tasks alone. @default "write" */
  readonly access?: Access;
  /** IAM actions, as `s3:GetObject`. No `*` anywhere. */
  readonly actions: readonly string[];
  readonly on: GrantTarget;
}

/** Whether a grant can change anything. With `tasks.split`, what writes is given to the writing tasks alone. */
export type Access = "read" | "write";

/**
 * The resources of a grant. Breadth needs a sentence, and is for actions that AWS cannot limit to a resource, such as
 * `cloudwatch:PutMetricData`: others are refused.
 */
export type GrantTarget = { readonly resources: readonly string[] } | { readonly everythingBecause: string };

/** Objects of one folder of a bucket. */
export interface S3Grant extends CommonGrant {
  readonly kind: "s3";
  readonly bucketArn: string;
  /** Begin of the objects' keys, ending with `/`, as `orders/`: without the slash `orders` would reach `orders-old`. */
  readonly prefix: string;
  /** `read`: get objects. `write`: put them; nothing is read or deleted. For both make two grants. */
  readonly access: Access;
  /** With `read`: list the keys under the prefix, and no others. @default false */
  readonly list?: boolean;
  /** With `write`: delete objects too (a versioned bucket keeps them; versions cannot be deleted). @default false */
  readonly deletes?: boolean;
  /** Key of a bucket that is encrypted with a customer key: used through S3, for this bucket. @default none */
  readonly keyArn?: string;
}

/** Items of one table. */
export interface DynamoDbGrant extends CommonGrant {
  readonly kind: "dynamodb";
  readonly tableArn: string;
  /**
   * The only partition keys that items may have, 1 to 20. With them a scan is impossible. They hold for an index by the
   * index's own partition key.
   * @default every item
   */
  readonly leadingKeys?: readonly string[];
  /** Names of indexes that may be queried, with `read`. @default none */
  readonly indexes?: readonly string[];
  /** `read`: get and query. `write`: put and update. For both make two grants. PartiQL is never granted. */
  readonly access: Access;
  /** With `read` and without `leadingKeys`: read the table from end to end. @default false */
  readonly scan?: boolean;
  /** With `write`: delete items, and write in batches (which AWS does not tell from deleting). @default false */
  readonly deletes?: boolean;
  /** Key of a table that is encrypted with a customer key: used through DynamoDB alone. @default none */
  readonly keyArn?: string;
}

/** Messages of one queue. Both ways count as writing: who receives, deletes. */
export interface SqsGrant extends CommonGrant {
  readonly kind: "sqs";
  readonly queueArn: string;
  readonly may: "send" | "receive";
  /** Key of a queue that is encrypted with a customer key: used through SQS alone. @default none */
  readonly keyArn?: string;
}

/**
 * Logging in to an RDS or Aurora database as one user, with a token of 15 minutes in place of a password. The database
 * must have IAM authentication on, and the user the grant `rds_iam` (MySQL: `AWSAuthenticationPlugin`). What the user
 * may do is the database's to say: give reading and writing tools users of their own. `downstream` must lead to it.
 */
export interface RdsIamGrant extends CommonGrant {
  readonly kind: "rdsIam";
  /** Resource id of the instance, cluster or proxy, not its name: `db-…`, `cluster-…`, `prx-…`. */
  readonly resourceId: string;
  /** The database's user, 1 to 63 letters, digits and `_`. */
  readonly dbUser: string;
  /** What that user may do in the database. */
  readonly access: Access;
}

/** Using one key through one service, for what has no `keyArn` of its own. */
export interface KmsGrant extends CommonGrant {
  readonly kind: "kms";
  /** The key itself: IAM knows no aliases. */
  readonly keyArn: string;
  /** The service that uses the key for the caller; a call to KMS itself is refused. */
  readonly via: KeyService;
  /** `read`: decrypt. `write`: encrypt too. */
  readonly access: Access;
}

/** Services that use a key on a caller's behalf. */
export type KeyService = "dynamodb" | "kinesis" | "s3" | "secretsmanager" | "sns" | "sqs" | "ssm";

/** One secret, read or written at run time. To start with its value, use `secrets` instead: then no right is needed. */
export interface SecretGrant extends CommonGrant {
  readonly kind: "secret";
  /** The whole ARN, with its six last characters. */
  readonly secretArn: string;
  /** `read`: its value. `write`: new values; nothing is read. */
  readonly access: Access;
  /** Its key, if that is a customer's: used through Secrets Manager, for this secret. @default none */
  readonly keyArn?: string;
}
