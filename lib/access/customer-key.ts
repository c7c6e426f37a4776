import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { Construct } from "constructs";
import { json, policyDocument, type Deployment, type Statement } from "../terraform";

/** What a key is for, and which services may use it. */
export interface CustomerKeyProps {
  readonly on: Deployment;
  /** End of the alias, as `secrets`. */
  readonly name: string;
  readonly description: string;
  /** Statements of the key policy for services (`Resource: "*"` means this key). */
  readonly statements: readonly Statement[];
}

/** A customer-managed key that rotates yearly; its policy lets the account's IAM decide, and the named services. Cost: 1 US dollar a month. */
export class CustomerKey extends Construct {
  public readonly resource: KmsKey;
  public readonly arn: string;

  public constructor(scope: Construct, id: string, props: CustomerKeyProps) {
    super(scope, id);
    const { on } = props;
    const account: Statement = {
      Sid: "AccountDecidesByIam",
      Effect: "Allow",
      Principal: { AWS: on.account.globalArn("iam", "root") },
      Action: "kms:*",
      Resource: "*",
    };
    this.resource = new KmsKey(this, "resource", {
      description: props.description,
      enableKeyRotation: true,
      deletionWindowInDays: on.defaults.keyDeletionDays,
      policy: json(policyDocument([account, ...props.statements])),
      tags: { ...on.tags },
    });
    new KmsAlias(this, "alias", {
      name: `alias/${on.naming.name(props.name, 200)}`,
      targetKeyId: this.resource.keyId,
    });
    this.arn = this.resource.arn;
  }
}
