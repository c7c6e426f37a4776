import type { Account, Statement } from "../terraform";

/** Folders of the three logs. */
export const LOG_PREFIXES = {
  access: "access",
  connection: "connection",
  healthCheck: "health-check",
} as const;

/** The service that writes load balancers' logs. */
export const LOG_WRITER = "logdelivery.elasticloadbalancing.amazonaws.com";

/** Where a load balancer of an account writes, below a folder of a bucket. */
export function logFolders(accountId: string, bucketArn: string, folder: string): string[] {
  return Object.values(LOG_PREFIXES).map(
    (prefix) => `${bucketArn}/${folder}${prefix}/AWSLogs/${accountId}/*`,
  );
}

/** What the policy of a bucket says so that load balancers of one account, and nothing else, write below a folder. */
export function logStatements(account: Account, bucketArn: string, folder: string): Statement[] {
  return [
    {
      Sid: "LoadBalancersDeliver",
      Effect: "Allow",
      Principal: { Service: LOG_WRITER },
      Action: "s3:PutObject",
      Resource: logFolders(account.id, bucketArn, folder),
      // The account stands in the ARN; aws:SourceAccount is not documented for this delivery, and would close it if absent.
      Condition: { ArnLike: { "aws:SourceArn": account.arn("elasticloadbalancing", "loadbalancer/*") } },
    },
    {
      Sid: "OnlyOverTls",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: [bucketArn, `${bucketArn}/${folder}*`],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ];
}
