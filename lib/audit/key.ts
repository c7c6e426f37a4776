import { CustomerKey } from "../access/customer-key";
import { allow, type Deployment } from "../terraform";
import type { Construct } from "constructs";

/** End of its alias, and what it is for. */
const AUDIT = { name: "audit", description: "Logs and the audit archive" };

/**
 * The key of every log group and of the archive. CloudWatch Logs may use it for log groups of this account; Firehose
 * and S3 use it through the delivery role's own rights.
 * @param called what it is called where it is another's: parts that are used on their own have keys of their own
 */
export function auditKey(scope: Construct, id: string, on: Deployment, called = AUDIT): CustomerKey {
  return new CustomerKey(scope, id, {
    on,
    ...called,
    statements: [
      {
        ...allow("LogGroupsOfThisAccount", {
          actions: [
            "kms:Encrypt",
            "kms:Decrypt",
            "kms:ReEncryptFrom",
            "kms:ReEncryptTo",
            "kms:GenerateDataKey",
            "kms:GenerateDataKeyWithoutPlaintext",
            "kms:DescribeKey",
          ],
          on: { everythingBecause: "in a key policy it means this key" },
          when: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": on.account.arn("logs", "log-group:*") } },
        }),
        Principal: { Service: `logs.${on.account.region}.amazonaws.com` },
      },
    ],
  });
}
