import { MIRROR_OBJECT } from "../runtime/mirror-env";
import { fit, type Account, type Naming } from "../terraform";

/**
 * Name of the bucket with a server's mirrored keys. Known before it is made, so that the S3 endpoint, which belongs to
 * the platform, can let its one object through. Account and region make it the world's only one: at most 63 characters.
 */
export function keysBucketName(
  naming: Pick<Naming, "prefix">,
  server: string,
  account: Pick<Account, "id" | "region">,
): string {
  return `${fit(`${naming.prefix}-${server}-keys`, 35)}-${account.id}-${account.region}`;
}

/** ARN of the one object in it. */
export function keysObjectArn(
  naming: Pick<Naming, "prefix">,
  server: string,
  account: Pick<Account, "id" | "region" | "partition">,
): string {
  return `arn:${account.partition}:s3:::${keysBucketName(naming, server, account)}/${MIRROR_OBJECT}`;
}
