import type { Construct } from "constructs";
import { Role } from "../access/role";
import { allow, type Deployment, type Statement } from "../terraform";
import type { SecretWriterConfig } from "./config";

/** Who writes one secret from outside. */
export interface WriterRoleProps extends Pick<SecretWriterConfig, "principalArn" | "externalId"> {
  readonly on: Deployment;
  /** Name of the role, without the deployment's prefix. */
  readonly name: string;
  readonly secretArn: string;
  /** Key of the secret; absent where it is AWS's own, which needs no right. */
  readonly keyArn: string | undefined;
}

/** Role of an outsider: puts a value into one secret and describes it. He can read no value, his own included. */
export function writerRole(scope: Construct, id: string, props: WriterRoleProps): Role {
  const { on, secretArn, keyArn } = props;
  return new Role(scope, id, {
    on,
    name: props.name,
    description: "Writes one secret from outside",
    trust: [trustOutsider(props)],
    rights: [
      allow("WriteTheSecret", {
        actions: ["secretsmanager:DescribeSecret", "secretsmanager:PutSecretValue"],
        on: { resources: [secretArn] },
      }),
      ...(keyArn === undefined
        ? []
        : [
            // Secrets Manager asks for both to encrypt a value; what it decrypts for him is no value.
            allow("EncryptTheSecret", {
              actions: ["kms:Decrypt", "kms:GenerateDataKey"],
              on: { resources: [keyArn] },
              when: {
                StringEquals: {
                  "kms:ViaService": `secretsmanager.${on.account.region}.amazonaws.com`,
                  "kms:EncryptionContext:SecretARN": secretArn,
                },
              },
            }),
          ]),
    ],
  });
}

/** One principal of another account, who says for whom he acts: others of his customers say something else. */
function trustOutsider({ principalArn, externalId }: WriterRoleProps): Statement {
  return {
    Sid: "TrustWriter",
    Effect: "Allow",
    Principal: { AWS: principalArn },
    Action: "sts:AssumeRole",
    Condition: { StringEquals: { "sts:ExternalId": externalId } },
  };
}
