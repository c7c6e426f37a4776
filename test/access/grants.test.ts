import type { GrantConfig } from "../../lib/access/config";
import { resolveGrants } from "../../lib/access/model";
import { grantStatement } from "../../lib/access/statement";
import { Check, formatProblem } from "../../lib/validation";
import { isToken } from "../../lib/terraform";

const because = "search shows them";
const HERE = "eu-west-1:123456789012";
const KEY = `arn:aws:kms:${HERE}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const BUCKET = "arn:aws:s3:::acme-orders";
const TABLE = `arn:aws:dynamodb:${HERE}:table/baskets`;
const QUEUE = `arn:aws:sqs:${HERE}:jobs.fifo`;
const SECRET = `arn:aws:secretsmanager:${HERE}:secret:partner/key-AbCdEf`;
const account = {
  region: "eu-west-1",
  arn: (service: string, rest: string) => `arn:aws:${service}:${HERE}:${rest}`,
};
const WINDOWS = {
  "month-end": [
    { from: "2026-12-31T20:00:00.000Z", to: "2026-12-31T23:00:00.000Z" },
    { from: "2027-01-31T20:00:00.000Z", to: "2027-01-31T23:00:30.000Z" },
  ],
};

function resolved(config: Record<string, unknown>) {
  const check = Check.start(isToken).at("grants");
  const model = resolveGrants(config as Record<string, GrantConfig>, check, WINDOWS);
  return { model, problems: check.problems.map(formatProblem) };
}
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

describe("what cannot be meant is refused", () => {
  const it = "grants.It";
  const s3 = { kind: "s3", bucketArn: BUCKET, prefix: "orders/", access: "read" };
  const dynamodb = { kind: "dynamodb", tableArn: TABLE, access: "read" };
  const rds = { kind: "rdsIam", resourceId: "db-A", dbUser: "reader", access: "read" };
  const standing = "and *, ? and ${…} stand for others in a policy; name one by itself [unsafe]";
  test.each<[string, object, string]>([
    [
      "an unknown kind",
      { kind: "sqz" },
      `${it}.kind is "sqz", expected one of actions, s3, dynamodb, sqs, rdsIam, kms, secret; did you mean sqs? [unknown-kind]`,
    ],
    [
      "an unknown field",
      { ...s3, prefixes: 1 },
      `${it}.prefixes is not a field here; did you mean prefix? [unknown-field]`,
    ],
    [
      "an access that is none",
      { ...s3, access: "all" },
      `${it}.access is "all", expected one of read, write; choose one of them [unknown-kind]`,
    ],
    ["no folder", { ...s3, prefix: undefined }, `${it}.prefix is missing; end it with / [required]`],
    [
      "half a folder's name",
      { ...s3, prefix: "orders" },
      `${it}.prefix is "orders", expected a folder such as orders/, ending with /; end it with / [wrong-form]`,
    ],
    [
      "the whole bucket",
      { ...s3, prefix: "/" },
      `${it}.prefix is "/", expected a folder such as orders/, ending with /; end it with / [wrong-form]`,
    ],
    ["folders of everybody", { ...s3, prefix: "*/" }, `${it}.prefix is "*/", ${standing}`],
    [
      "a folder that IAM fills in",
      { ...s3, prefix: "${aws:username}/" },
      `${it}.prefix is "\${aws:username}/", ${standing}`,
    ],
    [
      "objects in place of a bucket",
      { ...s3, bucketArn: `${BUCKET}/x` },
      `${it}.bucketArn is "${BUCKET}/x", expected the ARN of a bucket; name one [wrong-form]`,
    ],
    [
      "any bucket of a name that is known later",
      { ...s3, bucketArn: "${TfToken[TOKEN.1]}*" },
      `${it}.bucketArn is "\${TfToken[TOKEN.1]}*", ${standing}`,
    ],
    [
      "listing by who writes",
      { ...s3, access: "write", list: true },
      `${it}.list belongs to access "read", and this grant's is "write"; make two grants [conflict]`,
    ],
    [
      "deleting by who reads",
      { ...s3, deletes: true },
      `${it}.deletes belongs to access "write", and this grant's is "read"; make two grants [conflict]`,
    ],
    [
      "an index in place of a table",
      { ...dynamodb, tableArn: `${TABLE}/index/x` },
      `${it}.tableArn is "${TABLE}/index/x", expected the ARN of a table, without an index; name one [wrong-form]`,
    ],
    [
      "a scan of some keys",
      { ...dynamodb, leadingKeys: ["a"], scan: true },
      `${it}.scan is true, and a scan knows no leadingKeys: it reads everybody's items; leave out one of them [conflict]`,
    ],
    [
      "a key that is every key",
      { ...dynamodb, leadingKeys: ["*"] },
      `${it}.leadingKeys[0] is "*", ${standing}`,
    ],
    [
      "no key at all",
      { ...dynamodb, leadingKeys: [] },
      `${it}.leadingKeys has 0 entries, expected at least 1; add some [too-few]`,
    ],
    [
      "every index",
      { ...dynamodb, indexes: ["*"] },
      `${it}.indexes[0] is "*", expected the name of an index; correct it [wrong-form]`,
    ],
    [
      "deleting by who reads items",
      { ...dynamodb, deletes: true },
      `${it}.deletes belongs to access "write", and this grant's is "read"; make two grants [conflict]`,
    ],
    [
      "scanning by who writes",
      { ...dynamodb, access: "write", scan: true },
      `${it}.scan belongs to access "read", and this grant's is "write"; make two grants [conflict]`,
    ],
    [
      "every queue",
      { kind: "sqs", queueArn: `arn:aws:sqs:${HERE}:*`, may: "send" },
      `${it}.queueArn is "arn:aws:sqs:${HERE}:*", expected the ARN of a queue; name one [wrong-form]`,
    ],
    [
      "neither sending nor receiving",
      { kind: "sqs", queueArn: QUEUE, may: "purge" },
      `${it}.may is "purge", expected one of send, receive; choose one of them [unknown-kind]`,
    ],
    [
      "a database by its name",
      { ...rds, resourceId: "ledger" },
      `${it}.resourceId is "ledger", expected the resource id of an instance, cluster or proxy, as db-ABCDEFGHIJKL01234; take its resource id (\`resource_id\`, \`cluster_resource_id\`), not its name [wrong-form]`,
    ],
    [
      "every database",
      { ...rds, resourceId: "*" },
      `${it}.resourceId is "*", expected the resource id of an instance, cluster or proxy, as db-ABCDEFGHIJKL01234; take its resource id (\`resource_id\`, \`cluster_resource_id\`), not its name [wrong-form]`,
    ],
    [
      "every user",
      { ...rds, dbUser: "*" },
      `${it}.dbUser is "*", expected letters, digits and _; correct it [wrong-form]`,
    ],
    [
      "every user with a name known later before it",
      { ...rds, dbUser: "${TfToken[TOKEN.1]}*" },
      `${it}.dbUser is "\${TfToken[TOKEN.1]}*", ${standing}`,
    ],
    [
      "an alias",
      { kind: "kms", keyArn: `arn:aws:kms:${HERE}:alias/x`, via: "s3", access: "read" },
      `${it}.keyArn is "arn:aws:kms:${HERE}:alias/x", expected the ARN of a key itself; IAM knows no aliases; name one [wrong-form]`,
    ],
    [
      "a key by no service",
      { kind: "kms", keyArn: KEY, via: "any", access: "read" },
      `${it}.via is "any", expected one of dynamodb, kinesis, s3, secretsmanager, sns, sqs, ssm; choose one of them [unknown-kind]`,
    ],
    [
      "a secret without its end",
      { kind: "secret", secretArn: `arn:aws:secretsmanager:${HERE}:secret:partner`, access: "read" },
      `${it}.secretArn is "arn:aws:secretsmanager:${HERE}:secret:partner", expected the whole ARN of a secret, with its six last characters; name one [wrong-form]`,
    ],
    [
      "a key that is all keys",
      { ...s3, keyArn: `arn:aws:kms:${HERE}:key/*` },
      `${it}.keyArn is "arn:aws:kms:${HERE}:key/*", expected the ARN of a key itself; IAM knows no aliases; name one [wrong-form]`,
    ],
    [
      "a window that is not declared",
      { ...s3, window: "monthend" },
      `${it}.window is "monthend", which windows does not declare; did you mean month-end? [unknown-reference]`,
    ],
    [
      "reading by what may write",
      { actions: ["s3:GetObject", "s3:PutObject"], on: { resources: [BUCKET] }, access: "read" },
      `${it}.access is "read", and "s3:PutObject" may change something; say "write", or put it into a grant of its own [conflict]`,
    ],
    [
      "no reason",
      { ...s3, because: "so" },
      `${it}.because has 2 characters, expected at least 8; say why, for the reader of the report [wrong-form]`,
    ],
  ])("%s", (_class, config, message) => {
    expect(resolved({ It: { because, ...config } }).problems).toEqual([message]);
  });

  test("two statements of one name", () => {
    const list = { ...s3, because, list: true };
    expect(resolved({ It: list, ItList: { ...list, list: false } }).problems).toEqual([
      "grants has two statements that are called ItList; rename one of the grants [duplicate]",
    ]);
  });
  test("more than a policy holds", () => {
    const of = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, index) => [`Folder${index}`, { ...s3, because, list: true }]),
      );
    expect(resolved(of(10)).problems).toEqual([]);
    expect(resolved(of(40)).problems).toEqual([
      expect.stringMatching(
        /^grants comes to about \d+ characters of policy, expected at most 5000; .* \[over-budget\]$/,
      ),
    ]);
  });
  test("a token counts as the ARN that it will be", () => {
    const later = { kind: "sqs", queueArn: "${TfToken[TOKEN.1]}", may: "send", because };
    const many = Object.fromEntries(Array.from({ length: 28 }, (_, index) => [`Queue${index}`, later]));
    expect(resolved(many).problems).toEqual([expect.stringContaining("[over-budget]")]);
  });
});
