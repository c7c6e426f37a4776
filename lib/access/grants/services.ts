import type { Check, Fields } from "../../validation";
import type { KeyService, KmsGrant, RdsIamGrant, SecretGrant, SqsGrant } from "../grant-config";
import { checkArn, checkKey, checkPlain } from "./arns";
import { keyRight, type Right } from "./right";

const KEY_SERVICES = [
  "dynamodb",
  "kinesis",
  "s3",
  "secretsmanager",
  "sns",
  "sqs",
  "ssm",
] as const satisfies readonly KeyService[];

/** Rights of a grant of kind `sqs`. */
export function sqsRights(grant: SqsGrant, check: Check): Right[] {
  check.object(grant, {
    kind: true,
    because: true,
    window: true,
    queueArn: true,
    may: true,
    keyArn: true,
  } satisfies Fields<SqsGrant>);
  const { queueArn, may, keyArn } = grant;
  checkArn(queueArn, "queue", check.at("queueArn"));
  checkKey(keyArn, check.at("keyArn"));
  check.at("may").oneOf(may, ["send", "receive"]);
  return [
    {
      part: "",
      actions:
        may === "send"
          ? ["sqs:SendMessage"]
          : ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:ReceiveMessage"],
      on: { resources: [queueArn] },
    },
    ...keyRight(keyArn, "sqs", may === "send" ? "encrypt" : "decrypt"),
  ];
}

/** Rights of a grant of kind `rdsIam`. */
export function rdsIamRights(grant: RdsIamGrant, check: Check): Right[] {
  check.object(grant, {
    kind: true,
    because: true,
    window: true,
    resourceId: true,
    dbUser: true,
    access: true,
  } satisfies Fields<RdsIamGrant>);
  const { resourceId, dbUser } = grant;
  check.at("access").oneOf(grant.access, ["read", "write"]);
  const id = {
    pattern: /^(db|cluster|prx)-[A-Za-z0-9]+$/,
    form: "the resource id of an instance, cluster or proxy, as db-ABCDEFGHIJKL01234",
    fix: "take its resource id (`resource_id`, `cluster_resource_id`), not its name",
  };
  if (check.at("resourceId").text(resourceId, id)) checkPlain(resourceId, check.at("resourceId"));
  const user = { pattern: /^[A-Za-z_]\w*$/, form: "letters, digits and _", max: 63 };
  if (check.at("dbUser").text(dbUser, user)) checkPlain(dbUser, check.at("dbUser"));
  return [
    { part: "", actions: ["rds-db:connect"], on: { here: ["rds-db", `dbuser:${resourceId}/${dbUser}`] } },
  ];
}

/** Rights of a grant of kind `kms`. */
export function kmsRights(grant: KmsGrant, check: Check): Right[] {
  check.object(grant, {
    kind: true,
    because: true,
    window: true,
    keyArn: true,
    via: true,
    access: true,
  } satisfies Fields<KmsGrant>);
  const { keyArn, via, access } = grant;
  checkArn(keyArn, "key", check.at("keyArn"));
  check.at("via").oneOf(via, KEY_SERVICES);
  check.at("access").oneOf(access, ["read", "write"]);
  return keyRight(keyArn, via, access === "read" ? "decrypt" : "encrypt").map((right) => ({
    ...right,
    part: "",
  }));
}

/** Rights of a grant of kind `secret`. */
export function secretRights(grant: SecretGrant, check: Check): Right[] {
  check.object(grant, {
    kind: true,
    because: true,
    window: true,
    secretArn: true,
    access: true,
    keyArn: true,
  } satisfies Fields<SecretGrant>);
  const { secretArn, access, keyArn } = grant;
  checkArn(secretArn, "secret", check.at("secretArn"));
  checkKey(keyArn, check.at("keyArn"));
  check.at("access").oneOf(access, ["read", "write"]);
  return [
    {
      part: "",
      actions: [
        "secretsmanager:DescribeSecret",
        access === "read" ? "secretsmanager:GetSecretValue" : "secretsmanager:PutSecretValue",
      ],
      on: { resources: [secretArn] },
    },
    ...keyRight(keyArn, "secretsmanager", access === "read" ? "decrypt" : "encrypt", {
      StringEquals: { "kms:EncryptionContext:SecretARN": secretArn },
    }),
  ];
}
