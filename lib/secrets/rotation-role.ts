import type { Construct } from "constructs";
import { Role } from "../access/role";
import { allow, deny, trustService, type Account, type Deployment, type Statement } from "../terraform";

/** The one secret, and what a function needs beside it. */
export interface RotationRoleProps {
  readonly on: Deployment;
  /** Name of role and function, without the deployment's prefix. */
  readonly name: string;
  readonly functionArn: string;
  readonly secretArn: string;
  readonly keyArn: string;
  readonly logGroupArn: string;
  /** Secret of who makes the users of a database. @default none: the kind knows no database */
  readonly administrator?: Administrator;
  /** @default nothing */
  readonly more?: readonly Statement[];
  /** From `DeadLetters`. */
  readonly deadLetterRights: readonly Statement[];
}

/** Who makes the users of a database, by his secret. */
export interface Administrator {
  readonly secretArn: string;
  /** The customer key it is encrypted under; absent where it is AWS's own, which needs no right. */
  readonly keyArn: string | undefined;
}

/** What Lambda does to give a function its place in a network. */
const NETWORK_INTERFACES = [
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:UnassignPrivateIpAddresses",
];

/** The role's ARN, for policies that must exist before it. */
export function rotationRoleArn(on: Deployment, name: string): string {
  return on.account.globalArn("iam", `role${on.iam.path}${on.naming.name(name)}`);
}

/** Role of a rotation function: reads and writes one secret, and reads the administrator's where there is one. */
export function rotationRole(scope: Construct, props: RotationRoleProps): Role {
  const { on, name, functionArn, secretArn, keyArn } = props;
  const { account } = on;
  return new Role(scope, "role", {
    on,
    name,
    description: "Rotates one secret",
    trust: [
      trustService("lambda.amazonaws.com", {
        accountId: account.id,
        sourceArns: [functionArn, `${functionArn}:*`],
      }),
    ],
    rights: [
      allow("RotateTheSecret", {
        actions: [
          "secretsmanager:DescribeSecret",
          "secretsmanager:GetSecretValue",
          "secretsmanager:PutSecretValue",
          "secretsmanager:UpdateSecretVersionStage",
        ],
        on: { resources: [secretArn] },
      }),
      allow("UseItsKey", {
        actions: ["kms:Decrypt", "kms:GenerateDataKey"],
        on: { resources: [keyArn] },
        when: {
          StringEquals: {
            "kms:ViaService": `secretsmanager.${account.region}.amazonaws.com`,
            "kms:EncryptionContext:SecretARN": secretArn,
          },
        },
      }),
      ...readAdministrator(account, props.administrator),
      ...(props.more ?? []),
      allow("ReadItsVariables", {
        actions: ["kms:Decrypt"],
        on: { resources: [keyArn] },
        when: { StringEquals: { "kms:EncryptionContext:aws:lambda:FunctionArn": functionArn } },
      }),
      allow("WriteItsLog", {
        actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
        on: { resources: [`${props.logGroupArn}:*`] },
      }),
      ...props.deadLetterRights,
      allow("StandInTheNetwork", {
        actions: NETWORK_INTERFACES,
        on: {
          everythingBecause: "Lambda makes the interfaces, and is checked for every one before any exists",
        },
      }),
      // Lambda needs those rights; the code that runs in it does not.
      deny("NotByTheCode", {
        actions: NETWORK_INTERFACES,
        on: { everythingBecause: "a denial is meant to be broad" },
        when: { ArnEquals: { "lambda:SourceFunctionArn": functionArn } },
      }),
    ],
  });
}

function readAdministrator(account: Account, administrator: Administrator | undefined): Statement[] {
  if (administrator === undefined) return [];
  const { secretArn, keyArn } = administrator;
  const read = allow("ReadAdministrator", {
    actions: ["secretsmanager:GetSecretValue"],
    on: { resources: [secretArn] },
  });
  if (keyArn === undefined) return [read];
  return [
    read,
    allow("DecryptAdministrator", {
      actions: ["kms:Decrypt"],
      on: { resources: [keyArn] },
      when: {
        StringEquals: {
          "kms:ViaService": `secretsmanager.${account.region}.amazonaws.com`,
          "kms:EncryptionContext:SecretARN": secretArn,
        },
      },
    }),
  ];
}
