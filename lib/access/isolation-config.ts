import type { CommonGrant, DynamoDbGrant, S3Grant } from "./grant-config";

/**
 * Data of which each call sees one user's part. The server assumes a role of its own with the user's name as a session
 * tag, and the policies of that role fill the name in: a mistake in a query cannot reach another user's data.
 *
 * It guards against mistakes, not against a dishonest server: whoever runs in the task chooses the tag, and can choose
 * every name in turn. What a whole server must not see is kept from it by leaving it out of `may`.
 */
export interface IsolationConfig {
  /**
   * Name of the session tag, and of the tag on secrets; not one of the deployment's own tags.
   * @default "user"
   */
  readonly tag?: string;
  /** What the role may do with the user's part, by a name that becomes the statement's sid. At least one. */
  readonly may: Readonly<Record<string, UserGrant>>;
}

/** A right on one user's part of something. The task's own role is denied the whole of it. */
export type UserGrant = UserFolderGrant | UserItemsGrant | UserSecretsGrant;

/** The folder `PREFIX/USER/` of a bucket. */
export interface UserFolderGrant extends Omit<S3Grant, keyof CommonGrant | "prefix"> {
  /** What stands before the user's name, empty or ending with `/`. @default "": the folders stand at the top */
  readonly prefix?: string;
  readonly because: string;
}

/** Items whose partition key is the user's name. */
export interface UserItemsGrant extends Omit<DynamoDbGrant, keyof CommonGrant | "leadingKeys" | "scan"> {
  readonly because: string;
}

/** Reading secrets under a name, each carrying the user's name as its tag. */
export interface UserSecretsGrant {
  readonly kind: "secrets";
  /** Begin of the secrets' names, ending with `/`, as `acme/users/`. In this account and region. */
  readonly prefix: string;
  /** Their key, if that is a customer's: used through Secrets Manager alone. @default none */
  readonly keyArn?: string;
  readonly because: string;
}
