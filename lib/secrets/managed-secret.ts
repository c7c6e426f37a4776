import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretPolicy } from "@cdktf/provider-aws/lib/secretsmanager-secret-policy";
import { Construct } from "constructs";
import { json, policyDocument, type Deployment, type Statement } from "../terraform";

/** A secret that is made here, without a value. */
export interface ManagedSecretProps {
  readonly on: Deployment;
  /** End of its name, as `orders/tls`. */
  readonly name: string;
  readonly description: string;
  readonly keyArn: string;
  readonly recoveryDays: number;
  /** Roles (ARNs, `*` allowed within) that may read the value; everybody else is denied, whatever his own policy says. */
  readonly readers: readonly string[];
}

/**
 * A secret under the customer's key whose value Terraform never sees. Only the named readers can read it: other
 * principals of the account would have to change its policy first, which CloudTrail shows. Cost: 0.40 US dollars a month.
 */
export class ManagedSecret extends Construct {
  public readonly resource: SecretsmanagerSecret;
  public readonly policy: SecretsmanagerSecretPolicy;
  public readonly arn: string;

  public constructor(scope: Construct, id: string, props: ManagedSecretProps) {
    super(scope, id);
    const { on } = props;
    this.resource = new SecretsmanagerSecret(this, "resource", {
      name: `${on.naming.prefix}/${props.name}`,
      description: props.description,
      kmsKeyId: props.keyArn,
      recoveryWindowInDays: props.recoveryDays,
      tags: { ...on.tags },
    });
    this.arn = this.resource.arn;
    this.policy = new SecretsmanagerSecretPolicy(this, "policy", {
      secretArn: this.arn,
      blockPublicPolicy: true,
      policy: json(policyDocument(onlyReaders(props.readers))),
    });
  }
}

function onlyReaders(readers: readonly string[]): Statement[] {
  return [
    {
      Sid: "ReadersAlone",
      Effect: "Deny",
      Principal: "*",
      Action: "secretsmanager:GetSecretValue",
      Resource: "*",
      Condition: { ArnNotLike: { "aws:PrincipalArn": readers } },
    },
  ];
}
