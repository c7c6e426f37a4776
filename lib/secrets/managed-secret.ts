import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretPolicy } from "@cdktf/provider-aws/lib/secretsmanager-secret-policy";
import { Fn, Op, Token, type TerraformResourceLifecycle } from "cdktf";
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
  /** Roles of ours that read the value by rights of their own. */
  readonly ours: readonly string[];
  /** The role that makes and changes the value. */
  readonly writer: string;
  /** Roles of this account that are given the right to read it. Each must exist. */
  readonly readers: readonly string[];
}

/**
 * A secret under the customer's key whose value Terraform never sees. Everybody but our roles and the readers is denied
 * the value, and everybody but the function that rotates it may not change it, whatever his own policy says: an
 * administrator would have to change this policy first, which CloudTrail shows. Whoever deploys needs no right to read
 * or to write a value. Cost: 0.40 US dollars a month.
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
      policy: json(policyDocument([...onlyReaders(props), onlyWriter(props)])),
      ...ofThisAccount(props),
    });
  }
}

/**
 * The key serves this account alone. A reader of another would be told of the secret and never open it: said before
 * anything is made, not by the software that cannot start.
 */
function ofThisAccount({ on, readers }: ManagedSecretProps): { lifecycle?: TerraformResourceLifecycle } {
  if (readers.length === 0 || Token.isUnresolved(readers)) return {};
  return {
    lifecycle: {
      precondition: readers.map((reader) => ({
        condition: Op.eq(Fn.element(Fn.split(":", reader), 4), on.account.id),
        errorMessage: "A reader of this secret is a role of another account: name one of this account.",
      })),
    },
  };
}

function onlyReaders({ ours, readers }: Pick<ManagedSecretProps, "ours" | "readers">): Statement[] {
  const others: Statement = {
    Sid: "ReadersAlone",
    Effect: "Deny",
    Principal: "*",
    Action: "secretsmanager:GetSecretValue",
    Resource: "*",
    Condition: { ArnNotLike: { "aws:PrincipalArn": [...ours, ...readers] } },
  };
  if (readers.length === 0) return [others];
  return [
    others,
    {
      Sid: "ReadersMayRead",
      Effect: "Allow",
      Principal: { AWS: readers },
      Action: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
      Resource: "*",
    },
  ];
}

/**
 * Calls that put another value in place, or the value into another region. What a deployment does is not among them:
 * it makes, tags, rotates, deletes, and writes this policy. Only a new description or another key (`UpdateSecret`,
 * which takes a value too) needs the policy taken away first.
 */
const WRITES = [
  "secretsmanager:PutSecretValue",
  "secretsmanager:ReplicateSecretToRegions",
  "secretsmanager:UpdateSecret",
  "secretsmanager:UpdateSecretVersionStage",
];

function onlyWriter({ writer }: Pick<ManagedSecretProps, "writer">): Statement {
  return {
    Sid: "RotationAloneWrites",
    Effect: "Deny",
    Principal: "*",
    Action: WRITES,
    Resource: "*",
    Condition: { ArnNotLike: { "aws:PrincipalArn": writer } },
  };
}
