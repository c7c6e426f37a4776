import { Construct } from "constructs";
import { CustomerKey } from "../access/customer-key";
import type { Deployment } from "../terraform";

/** End of the key's alias, and what it is for. */
const SECRETS = { name: "secrets", description: "Secrets of the MCP servers and their clients" };

/** The customer's key under which every secret of a platform lies. */
export class SecretsKey extends Construct {
  public readonly keyArn: string;

  public constructor(scope: Construct, id: string, { on }: { readonly on: Deployment }) {
    super(scope, id);
    this.keyArn = secretsKey(this, "key", on).arn;
  }
}

/**
 * A key that readers of secrets decrypt by.
 * @param called what it is called where it is not a platform's
 */
export function secretsKey(scope: Construct, id: string, on: Deployment, called = SECRETS): CustomerKey {
  const { account } = on;
  return new CustomerKey(scope, id, {
    on,
    ...called,
    statements: [
      {
        // As AWS's own key for secrets does: who may read a secret may decrypt it, through Secrets Manager alone.
        Sid: "ReadersOfSecretsThroughSecretsManager",
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*"],
        Resource: "*",
        Condition: {
          StringEquals: {
            "kms:CallerAccount": account.id,
            "kms:ViaService": `secretsmanager.${account.region}.amazonaws.com`,
          },
        },
      },
    ],
  });
}
