import { grantStatement } from "../../lib/access/statement";
import { account, because, BUCKET, KEY, QUEUE, resolved, SECRET, TABLE } from "./grant-fixture";

const HERE = "eu-west-1:123456789012";
const statements = (config: object) => {
  const { model, problems } = resolved({ It: { because, ...config } });
  expect(problems).toEqual([]);
  return model.map((grant) => grantStatement(grant, account));
};
const via = (service: string) => ({ "kms:ViaService": `${service}.eu-west-1.amazonaws.com` });
const right = (Sid: string, Action: string[], Resource: string | string[], Condition?: object) => ({
  Sid,
  Effect: "Allow",
  Action,
  Resource: [Resource].flat(),
  ...(Condition ? { Condition } : {}),
});

describe("each kind comes to exactly these statements", () => {
  const s3 = { kind: "s3", bucketArn: BUCKET, prefix: "orders/" };
  const dynamodb = { kind: "dynamodb", tableArn: TABLE };
  const context = { StringLike: { "kms:EncryptionContext:aws:s3:arn": [BUCKET, `${BUCKET}/orders/*`] } };
  const items = [
    "dynamodb:BatchGetItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:GetItem",
    "dynamodb:Query",
  ];
  test.each<[string, object, object[]]>([
    ["objects, read", { ...s3, access: "read" }, [right("It", ["s3:GetObject"], `${BUCKET}/orders/*`)]],
    [
      "objects, read and listed, under a key",
      { ...s3, access: "read", list: true, keyArn: KEY },
      [
        right("It", ["s3:GetObject"], `${BUCKET}/orders/*`),
        right("ItList", ["s3:ListBucket"], BUCKET, { StringLike: { "s3:prefix": ["orders/*"] } }),
        right("ItKey", ["kms:Decrypt"], KEY, { ...context, StringEquals: via("s3") }),
      ],
    ],
    [
      "objects, written",
      { ...s3, access: "write" },
      [
        right(
          "It",
          ["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:PutObject"],
          `${BUCKET}/orders/*`,
        ),
      ],
    ],
    [
      "objects, written and deleted, under a key",
      { ...s3, access: "write", deletes: true, keyArn: KEY },
      [
        right(
          "It",
          ["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:PutObject", "s3:DeleteObject"],
          `${BUCKET}/orders/*`,
        ),
        right("ItKey", ["kms:Decrypt", "kms:GenerateDataKey"], KEY, { ...context, StringEquals: via("s3") }),
      ],
    ],
    ["items, read", { ...dynamodb, access: "read" }, [right("It", items, TABLE)]],
    [
      "items, scanned, and by an index, under a key",
      { ...dynamodb, access: "read", scan: true, indexes: ["by-day"], keyArn: KEY },
      [
        right("It", [...items, "dynamodb:Scan"], [TABLE, `${TABLE}/index/by-day`]),
        right("ItKey", ["kms:Decrypt"], KEY, { StringEquals: via("dynamodb") }),
      ],
    ],
    [
      "items of some keys",
      { ...dynamodb, access: "write", leadingKeys: ["shop", "web"] },
      [
        right("It", ["dynamodb:PutItem", "dynamodb:UpdateItem"], TABLE, {
          "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["shop", "web"] },
          Null: { "dynamodb:LeadingKeys": "false" },
        }),
      ],
    ],
    [
      "items, deleted",
      { ...dynamodb, access: "write", deletes: true },
      [
        right(
          "It",
          ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:BatchWriteItem", "dynamodb:DeleteItem"],
          TABLE,
        ),
      ],
    ],
    [
      "messages sent, under a key",
      { kind: "sqs", queueArn: QUEUE, may: "send", keyArn: KEY },
      [
        right("It", ["sqs:SendMessage"], QUEUE),
        right("ItKey", ["kms:Decrypt", "kms:GenerateDataKey"], KEY, { StringEquals: via("sqs") }),
      ],
    ],
    [
      "messages received",
      { kind: "sqs", queueArn: QUEUE, may: "receive" },
      [right("It", ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:ReceiveMessage"], QUEUE)],
    ],
    [
      "a database's user",
      { kind: "rdsIam", resourceId: "cluster-ABC", dbUser: "reader", access: "read" },
      [right("It", ["rds-db:connect"], `arn:aws:rds-db:${HERE}:dbuser:cluster-ABC/reader`)],
    ],
    [
      "a key, to read",
      { kind: "kms", keyArn: KEY, via: "ssm", access: "read" },
      [right("It", ["kms:Decrypt"], KEY, { StringEquals: via("ssm") })],
    ],
    [
      "a key, to write",
      { kind: "kms", keyArn: KEY, via: "kinesis", access: "write" },
      [right("It", ["kms:Decrypt", "kms:GenerateDataKey"], KEY, { StringEquals: via("kinesis") })],
    ],
    [
      "a secret, read, under a key",
      { kind: "secret", secretArn: SECRET, access: "read", keyArn: KEY },
      [
        right("It", ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"], SECRET),
        right("ItKey", ["kms:Decrypt"], KEY, {
          StringEquals: { "kms:EncryptionContext:SecretARN": SECRET, ...via("secretsmanager") },
        }),
      ],
    ],
    [
      "a secret, written",
      { kind: "secret", secretArn: SECRET, access: "write" },
      [right("It", ["secretsmanager:DescribeSecret", "secretsmanager:PutSecretValue"], SECRET)],
    ],
    [
      "what has no kind, in a window",
      { actions: ["s3:PutObject"], on: { resources: [`${BUCKET}/x`] }, window: "month-end" },
      [
        right("ItWindow1", ["s3:PutObject"], `${BUCKET}/x`, {
          DateGreaterThanEquals: { "aws:CurrentTime": "2026-12-31T20:00:00Z" },
          DateLessThan: { "aws:CurrentTime": "2026-12-31T23:00:00Z" },
        }),
        right("ItWindow2", ["s3:PutObject"], `${BUCKET}/x`, {
          DateGreaterThanEquals: { "aws:CurrentTime": "2027-01-31T20:00:00Z" },
          DateLessThan: { "aws:CurrentTime": "2027-01-31T23:00:30Z" },
        }),
      ],
    ],
    [
      "ARNs that are known at deployment",
      { ...s3, bucketArn: "${TfToken[TOKEN.1]}", access: "read", list: true },
      [
        right("It", ["s3:GetObject"], "${TfToken[TOKEN.1]}/orders/*"),
        right("ItList", ["s3:ListBucket"], "${TfToken[TOKEN.1]}", {
          StringLike: { "s3:prefix": ["orders/*"] },
        }),
      ],
    ],
  ])("%s", (_class, config, expected) => expect(statements(config)).toEqual(expected));

  test("the parts of a grant in a window all end with it", () => {
    const all = statements({ ...s3, access: "read", list: true, keyArn: KEY, window: "month-end" });
    expect(all.map(({ Sid }) => Sid)).toEqual(
      ["It", "ItList", "ItKey"].flatMap((sid) => [`${sid}Window1`, `${sid}Window2`]),
    );
    for (const { Condition } of all)
      expect(Condition).toMatchObject({ DateGreaterThanEquals: {}, DateLessThan: {} });
  });

  test.each<[string, object]>([
    ["read", { ...s3, access: "read" }],
    ["write", { ...s3, access: "write" }],
    ["write", { kind: "sqs", queueArn: QUEUE, may: "send" }],
    ["write", { kind: "sqs", queueArn: QUEUE, may: "receive" }],
    ["write", { actions: ["s3:GetObject"], on: { resources: [BUCKET] } }],
    ["read", { actions: ["s3:GetObject"], on: { resources: [BUCKET] }, access: "read" }],
  ])("counts as %s: %#", (access, config) => {
    expect(resolved({ It: { because, ...config } }).model.map((each) => each.access)).toEqual([access]);
  });
});
