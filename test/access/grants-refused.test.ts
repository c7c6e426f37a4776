import { checkWays } from "../../lib/access/model";
import { Check } from "../../lib/validation";
import { isToken } from "../../lib/terraform";
import { because, BUCKET, KEY, QUEUE, resolved, TABLE } from "./grant-fixture";

const HERE = "eu-west-1:123456789012";

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

test.each([
  ["no way", false, ["grants let it log in to a database, and `downstream` leads to none"]],
  ["a way", true, []],
])("logging in to a database with %s", (_class, way, warnings) => {
  const check = Check.start(isToken).at("grants");
  const { model } = resolved({
    It: { kind: "rdsIam", resourceId: "db-A", dbUser: "reader", access: "read", because },
  });
  checkWays(model, way, check);
  expect(check.warnings).toEqual(warnings);
});
