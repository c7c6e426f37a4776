import type { Check, Fields } from "../../validation";
import type { DynamoDbGrant, S3Grant } from "../grant-config";
import { checkArn, checkFolder, checkKey, checkPlain } from "./arns";
import { keyRight, type Right } from "./right";

/** What a grant of objects comes to. */
export type FolderGrant = Pick<S3Grant, "bucketArn" | "access" | "list" | "deletes" | "keyArn">;
/** What a grant of items comes to. */
export type ItemsGrant = Pick<
  DynamoDbGrant,
  "tableArn" | "leadingKeys" | "indexes" | "access" | "scan" | "deletes" | "keyArn"
>;

/** Rights on the objects under a folder of a bucket. */
export function folderRights(grant: FolderGrant, folder: string): Right[] {
  const { bucketArn, access, list = false, deletes = false, keyArn } = grant;
  const objects = `${bucketArn}/${folder}*`;
  const through = { StringLike: { "kms:EncryptionContext:aws:s3:arn": [bucketArn, objects] } };
  return [
    {
      part: "",
      actions:
        access === "read"
          ? ["s3:GetObject"]
          : [
              "s3:AbortMultipartUpload",
              "s3:ListMultipartUploadParts",
              "s3:PutObject",
              ...(deletes ? ["s3:DeleteObject"] : []),
            ],
      on: { resources: [objects] },
    },
    ...(list
      ? [
          {
            part: "List",
            actions: ["s3:ListBucket"],
            on: { resources: [bucketArn] },
            when: { StringLike: { "s3:prefix": [`${folder}*`] } },
          },
        ]
      : []),
    ...keyRight(keyArn, "s3", access === "read" ? "decrypt" : "encrypt", through),
  ];
}

/** Rights on items of a table. A missing key in the request never passes for a fitting one. */
export function itemsRights(grant: ItemsGrant): Right[] {
  const { tableArn, leadingKeys, indexes = [], access, scan = false, deletes = false, keyArn } = grant;
  const read = ["dynamodb:BatchGetItem", "dynamodb:ConditionCheckItem", "dynamodb:GetItem", "dynamodb:Query"];
  const write = ["dynamodb:PutItem", "dynamodb:UpdateItem"];
  return [
    {
      part: "",
      actions:
        access === "read"
          ? [...read, ...(scan ? ["dynamodb:Scan"] : [])]
          : [...write, ...(deletes ? ["dynamodb:BatchWriteItem", "dynamodb:DeleteItem"] : [])],
      on: { resources: [tableArn, ...indexes.map((index) => `${tableArn}/index/${index}`)] },
      ...(leadingKeys
        ? {
            when: {
              "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": leadingKeys },
              Null: { "dynamodb:LeadingKeys": "false" },
            },
          }
        : {}),
    },
    // DynamoDB opens the table's key for the caller, whether he reads or writes.
    ...keyRight(keyArn, "dynamodb", "decrypt"),
  ];
}

/** Rights of a grant of kind `s3`. */
export function s3Rights(grant: S3Grant, check: Check): Right[] {
  check.object(grant, {
    kind: true,
    because: true,
    window: true,
    bucketArn: true,
    prefix: true,
    access: true,
    list: true,
    deletes: true,
    keyArn: true,
  } satisfies Fields<S3Grant>);
  checkFolder(grant.prefix, check.at("prefix"));
  checkFolderGrant(grant, check);
  return folderRights(grant, grant.prefix);
}

/** Rights of a grant of kind `dynamodb`. */
export function dynamoDbRights(grant: DynamoDbGrant, check: Check): Right[] {
  check.object(grant, {
    kind: true,
    because: true,
    window: true,
    tableArn: true,
    leadingKeys: true,
    indexes: true,
    access: true,
    scan: true,
    deletes: true,
    keyArn: true,
  } satisfies Fields<DynamoDbGrant>);
  checkItemsGrant(grant, check);
  if (grant.leadingKeys !== undefined) {
    for (const [key, at] of check.at("leadingKeys").list(grant.leadingKeys, { min: 1, max: 20, token: true }))
      if (at.text(key, { min: 1, max: 200 })) checkPlain(key, at);
    if (grant.scan === true)
      check
        .at("scan")
        .problem(
          "conflict",
          "is true, and a scan knows no leadingKeys: it reads everybody's items",
          "leave out one of them",
        );
  }
  return itemsRights(grant);
}

/** What holds for objects, whoever's they are. */
export function checkFolderGrant(grant: FolderGrant, check: Check): void {
  checkArn(grant.bucketArn, "bucket", check.at("bucketArn"));
  checkKey(grant.keyArn, check.at("keyArn"));
  checkOptions(grant, { list: "read", deletes: "write" }, check);
}

/** What holds for items, whoever's they are. */
export function checkItemsGrant(grant: ItemsGrant, check: Check): void {
  checkArn(grant.tableArn, "table", check.at("tableArn"));
  checkKey(grant.keyArn, check.at("keyArn"));
  checkOptions(grant, { scan: "read", indexes: "read", deletes: "write" }, check);
  const form = "the name of an index";
  if (grant.indexes !== undefined)
    for (const [index, at] of check.at("indexes").list(grant.indexes, { min: 1, max: 20 }))
      at.text(index, { pattern: /^[\w.-]{3,255}$/, form });
}

/** Options that mean nothing with the other access. */
function checkOptions(
  grant: FolderGrant | ItemsGrant,
  options: Readonly<Record<string, "read" | "write">>,
  check: Check,
): void {
  const access = check.at("access").oneOf(grant.access, ["read", "write"]) ? grant.access : undefined;
  for (const [name, needs] of Object.entries(options)) {
    const value = (grant as unknown as Record<string, unknown>)[name];
    if (value === undefined) continue;
    if (name !== "indexes") check.at(name).boolean(value);
    if (value !== false && access !== undefined && access !== needs)
      check
        .at(name)
        .problem(
          "conflict",
          `belongs to access "${needs}", and this grant's is "${access}"`,
          "make two grants",
        );
  }
}
