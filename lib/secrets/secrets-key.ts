import { Construct } from "constructs";
import { CustomerKey } from "../access/customer-key";
import type { Deployment } from "../terraform";

/** The customer's key under which every secret of a platform lies. */
export class SecretsKey extends Construct {
  public readonly keyArn: string;

  public constructor(scope: Construct, id: string, { on }: { readonly on: Deployment }) {
    super(scope, id);
    const { account } = on;
    this.keyArn = new CustomerKey(this, "key", {
      on,
      name: "secrets",
      description: "Secrets of the MCP servers and their clients",
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
    }).arn;
  }
}
