import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretPolicy } from "@cdktf/provider-aws/lib/secretsmanager-secret-policy";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { json, policyDocument, type Deployment, type Statement } from "../terraform";
import { literal } from "../terraform/json";
import { OUR_ROLES_TAG, STORE_WRITES } from "./contract";
import { pieceVariables, type StoredText } from "./model";

/** What a gateway's stored texts are made from. */
export interface PolicyStoreProps {
  readonly on: Deployment;
  /** The service's name. */
  readonly name: string;
  readonly texts: readonly StoredText[];
  readonly keyArn: string;
}

/**
 * Texts of a gateway that have no room in its task definition. They are no secrets, but Secrets Manager is the one store
 * whose values ECS can be pointed to by version: a version never changes, and one that Terraform lets go is not deleted but
 * loses its label, so that a task definition that still runs, or is rolled back to, finds its own. Cost: 0.40 US dollars a
 * month for each piece of 65 KB.
 */
export class PolicyStore extends Construct {
  /** Variables of the gateway's container and what fills them, as ECS reads it: `ARN:::VERSION`. */
  public readonly injected: readonly { readonly name: string; readonly valueFrom: string }[];
  /** What ECS must be able to read and decrypt. */
  public readonly readable: readonly { readonly arn: string; readonly keyArn: string }[];
  /** What must be there before a task starts. */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: PolicyStoreProps) {
    super(scope, id);
    const { on, name, keyArn } = props;
    const made = props.texts.flatMap((text) => {
      const variables = pieceVariables(text);
      return text.pieces.map((piece, index) => {
        const own = index === 0 ? text.id : `${text.id}-${index + 1}`;
        const secret = new SecretsmanagerSecret(this, own, {
          // Servers' names have no `_`: no server's own secret is called so.
          name: `${on.naming.prefix}/_gateway/${name}/${own}`,
          description: `${own} of the gateway of ${name}: no secret, too long for a task definition`,
          kmsKeyId: keyArn,
          // Made again from the configuration in a minute. A window would only keep its name from being used again.
          recoveryWindowInDays: 0,
          tags: { ...on.tags },
        });
        const policy = new SecretsmanagerSecretPolicy(this, `${own}-policy`, {
          secretArn: secret.arn,
          blockPublicPolicy: true,
          policy: json(policyDocument([NEVER_BY_ROLES_OF_OURS])),
        });
        const version = new SecretsmanagerSecretVersion(this, `${own}-version`, {
          secretId: secret.id,
          secretString: literal(piece),
          // The new one is there before the service is told, and the old one is let go afterwards.
          lifecycle: { createBeforeDestroy: true },
        });
        const valueFrom = `${version.arn}:::${version.versionId}`;
        return { arn: secret.arn, keyArn, policy, injected: { name: variables[index] as string, valueFrom } };
      });
    });
    this.injected = made.map(({ injected }) => injected);
    this.readable = made.map(({ arn, keyArn: key }) => ({ arn, keyArn: key }));
    this.ready = made.map(({ policy }) => policy);
  }
}

const NEVER_BY_ROLES_OF_OURS: Statement = {
  Sid: "RolesOfDeploymentsNeverWrite",
  Effect: "Deny",
  Principal: "*",
  Action: [...STORE_WRITES],
  Resource: "*",
  Condition: { Null: { [OUR_ROLES_TAG]: "false" } },
};
