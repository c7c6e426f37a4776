/** What Terraform's provider asks one service for, in IAM's names. */
export interface ServiceRights {
  /** IAM's prefix of the service. */
  readonly service: string;
  /** What of the service, where a file may have one part of it and not another. @default all of it */
  readonly part?: string;
  /** Resource types that need it; of a part alone those that the file makes, not those that it reads. */
  readonly types: RegExp;
  /**
   * What the named actions are on, as `service:rest of the ARN`: `NAME` is what the deployment's things are called, `SECRET`
   * what its secrets are.
   */
  readonly on: readonly string[];
  /** Actions on those, as the provider was seen to use them. */
  readonly named: readonly string[];
  /** Actions that IAM knows on no resource, or on ones that AWS names. */
  readonly anywhere: readonly string[];
  /** The same by AWS's documentation alone: tags at creation, changes, and what no test deploys. */
  readonly documented?: { readonly named?: readonly string[]; readonly anywhere?: readonly string[] };
}

/** Names of actions, as they are written here. */
export const words = (text: string): readonly string[] => text.split(" ");
