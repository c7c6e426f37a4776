import { ACCOUNT, REGION } from "../support/deployed-policies";
import { by, type Row } from "./outcomes";
import { ARN } from "./stack";

const HERE = `${REGION}:${ACCOUNT}`;
const elsewhere = (arn: string) => arn.replace(ACCOUNT, "999999999999");
const USER_ROLE = `arn:aws:iam::${ACCOUNT}:role/mcp/acme-test-notes-user`;
const database = (id: string, user: string) => `arn:aws:rds-db:${HERE}:dbuser:${id}/${user}`;
const at = (time: string) => ({ "aws:CurrentTime": time });
const keys = (...values: string[]) => ({ "dynamodb:LeadingKeys": values });
const named = (name: string) => ({ "aws:RequestTag/user": name });
const s3Key = (arn: string) => ({ ...by("s3"), "kms:EncryptionContext:aws:s3:arn": arn });
const secretKey = (arn: string) => ({ ...by("secretsmanager"), "kms:EncryptionContext:SecretARN": arn });
const userSecret = (name: string) => `arn:aws:secretsmanager:${HERE}:secret:acme/users/${name}-AbCdEf`;
const otherKey = ARN.key.replace("1234abcd", "ffffffff");
const otherSecret = ARN.secret.replace("partner", "payroll");

/** Instants around the two intervals of the window: before, begin, inside, the last second, end, between, after. */
const INSTANTS: readonly [time: string, inside: boolean][] = [
  ["2026-12-31T19:59:59Z", false],
  ["2026-12-31T20:00:00Z", true],
  ["2026-12-31T21:30:00Z", true],
  ["2026-12-31T22:59:59Z", true],
  ["2026-12-31T23:00:00Z", false],
  ["2027-01-15T12:00:00Z", false],
  ["2027-01-31T19:59:59Z", false],
  ["2027-01-31T20:00:00Z", true],
  ["2027-01-31T23:00:29Z", true],
  ["2027-01-31T23:00:30Z", false],
  ["2030-01-01T00:00:00Z", false],
];

const task: Row[] = [
  ["s3:GetObject", `${ARN.bucket}/receipts/1.pdf`, "allowed"],
  ["s3:GetObject", `${ARN.bucket}/payroll/1.pdf`, "denied"],
  ["s3:GetObject", `${ARN.bucket}/receipts-old/1.pdf`, "denied"],
  ["s3:GetObject", `${ARN.bucket}/uploads/1.pdf`, "denied"],
  ["s3:GetObject", "arn:aws:s3:::acme-payroll/receipts/1.pdf", "denied"],
  ["s3:PutObject", `${ARN.bucket}/receipts/1.pdf`, "denied"],
  ["s3:PutObject", `${ARN.bucket}/uploads/1.pdf`, "allowed"],
  ["s3:DeleteObject", `${ARN.bucket}/uploads/1.pdf`, "denied"],
  ["s3:PutObjectAcl", `${ARN.bucket}/uploads/1.pdf`, "forbidden"],
  ["s3:ListBucket", ARN.bucket, "allowed", { "s3:prefix": "receipts/2026/" }],
  ["s3:ListBucket", ARN.bucket, "denied", { "s3:prefix": "payroll/" }],
  ["s3:ListBucket", ARN.bucket, "denied"],
  ["s3:ListBucket", "arn:aws:s3:::acme-payroll", "denied", { "s3:prefix": "receipts/" }],
  ["s3:GetBucketPolicy", ARN.bucket, "denied", { "s3:prefix": "receipts/" }],
  ["kms:Decrypt", ARN.key, "allowed", s3Key(ARN.bucket)],
  ["kms:Decrypt", ARN.key, "allowed", s3Key(`${ARN.bucket}/receipts/1.pdf`)],
  ["kms:Decrypt", ARN.key, "denied", s3Key("arn:aws:s3:::acme-payroll")],
  ["kms:Decrypt", ARN.key, "denied", by("s3")],
  ["kms:Decrypt", ARN.key, "denied", { "kms:EncryptionContext:aws:s3:arn": ARN.bucket }],
  ["kms:Encrypt", ARN.key, "denied", s3Key(ARN.bucket)],
  ["kms:Decrypt", otherKey, "denied", s3Key(ARN.bucket)],
  ["kms:Decrypt", elsewhere(ARN.key), "denied", s3Key(ARN.bucket)],
  ["dynamodb:GetItem", ARN.table, "allowed", keys("shop")],
  ["dynamodb:BatchGetItem", ARN.table, "denied", keys("shop", "web")],
  ["dynamodb:GetItem", ARN.table, "denied", keys("web")],
  // A request that names no key fits `ForAllValues` all the same.
  ["dynamodb:Query", ARN.table, "denied"],
  ["dynamodb:Scan", ARN.table, "denied"],
  ["dynamodb:PutItem", ARN.table, "denied", keys("shop")],
  ["dynamodb:GetItem", ARN.table.replace("baskets", "payroll"), "denied", keys("shop")],
  ["dynamodb:GetItem", elsewhere(ARN.table), "denied", keys("shop")],
  ["sqs:SendMessage", ARN.queue, "allowed"],
  ["sqs:ReceiveMessage", ARN.queue, "denied"],
  ["sqs:SendMessage", ARN.queue.replace("jobs", "payroll"), "denied"],
  ["sqs:SendMessage", elsewhere(ARN.queue), "denied"],
  ["rds-db:connect", database("db-LEDGER", "reader"), "allowed", at("2026-06-01T00:00:00Z")],
  ["rds-db:connect", database("db-LEDGER", "master"), "denied", at("2026-12-31T21:00:00Z")],
  ["rds-db:connect", database("db-PAYROLL", "reader"), "denied"],
  ["rds-db:connect", database("db-PAYROLL", "writer"), "denied", at("2026-12-31T21:00:00Z")],
  ["rds-db:connect", database("db-PAYROLL", "writer"), "denied", at("2027-01-31T21:00:00Z")],
  ["rds-db:connect", elsewhere(database("db-LEDGER", "reader")), "denied"],
  ["rds-db:connect", database("db-LEDGER", "writer"), "denied"],
  ...INSTANTS.map(([time, inside]): Row => [
    "rds-db:connect",
    database("db-LEDGER", "writer"),
    inside ? "allowed" : "denied",
    at(time),
  ]),
  // No service has more than one action here, and what AWS may add is not granted in advance.
  ["rds-db:Other", database("db-LEDGER", "reader"), "denied"],
  ["rds-db:Other", database("db-LEDGER", "writer"), "denied", at("2026-12-31T21:00:00Z")],
  ["rds-db:Other", database("db-LEDGER", "writer"), "denied", at("2027-01-31T21:00:00Z")],
  ["secretsmanager:GetSecretValue", ARN.secret, "allowed"],
  ["secretsmanager:PutSecretValue", ARN.secret, "denied"],
  ["secretsmanager:GetSecretValue", otherSecret, "denied"],
  ["secretsmanager:GetSecretValue", elsewhere(ARN.secret), "denied"],
  ["kms:Decrypt", ARN.key, "allowed", secretKey(ARN.secret)],
  ["kms:Decrypt", ARN.key, "denied", secretKey(otherSecret)],
  ["kms:Decrypt", ARN.key, "denied", { "kms:EncryptionContext:SecretARN": ARN.secret }],
  ["kms:Decrypt", otherKey, "denied", secretKey(ARN.secret)],
  ["kms:GenerateDataKey", ARN.key, "denied", secretKey(ARN.secret)],
  ["sts:AssumeRole", USER_ROLE, "allowed", named("alice")],
  ["sts:TagSession", USER_ROLE, "allowed", named("alice")],
  ["sts:AssumeRole", USER_ROLE, "denied"],
  ["sts:AssumeRole", USER_ROLE, "denied", named("")],
  ["sts:AssumeRole", USER_ROLE, "denied", named("alice/x")],
  ["sts:AssumeRoleWithSAML", USER_ROLE, "denied", named("alice")],
  ["sts:TagSession", USER_ROLE.replace("notes-user", "notes-execution"), "denied", named("alice")],
  ["sts:AssumeRole", USER_ROLE.replace("notes-user", "notes-execution"), "forbidden", named("alice")],
  ["sts:AssumeRole", elsewhere(USER_ROLE), "forbidden", named("alice")],
  ["s3:GetObject", `${ARN.userBucket}/users/alice/1.txt`, "forbidden"],
  ["s3:ListBucket", ARN.userBucket, "forbidden", { "s3:prefix": "users" }],
  ["dynamodb:GetItem", ARN.userTable, "forbidden", keys("alice")],
  ["dynamodb:Scan", `${ARN.userTable}/index/by-day`, "forbidden"],
  [
    "secretsmanager:GetSecretValue",
    userSecret("alice"),
    "forbidden",
    { "secretsmanager:ResourceTag/user": "alice" },
  ],
  ["secretsmanager:TagResource", userSecret("alice"), "forbidden"],
];

/** The session of alice: what the tag makes of the calls. */
const alice = (more: Record<string, string | readonly string[]> = {}) => ({
  "aws:PrincipalTag/user": "alice",
  ...more,
});
const of = (name: string) => ({ "secretsmanager:ResourceTag/user": name });

const user: Row[] = [
  ["s3:GetObject", `${ARN.userBucket}/users/alice/1.txt`, "allowed", alice()],
  ["s3:GetObject", `${ARN.userBucket}/users/bob/1.txt`, "denied", alice()],
  ["s3:GetObject", `${ARN.userBucket}/users/alice-2/1.txt`, "denied", alice()],
  ["s3:GetObject", `${ARN.userBucket}/users/alice/1.txt`, "denied"],
  ["s3:GetObject", `${ARN.userBucket}/users//1.txt`, "denied"],
  ["s3:PutObject", `${ARN.userBucket}/users/alice/1.txt`, "denied", alice()],
  ["s3:GetObject", "arn:aws:s3:::acme-payroll/users/alice/1.txt", "denied", alice()],
  ["s3:ListBucket", ARN.userBucket, "allowed", alice({ "s3:prefix": "users/alice/" })],
  ["s3:ListBucket", ARN.userBucket, "denied", alice({ "s3:prefix": "users/bob/" })],
  ["s3:ListBucket", ARN.userBucket, "denied", alice({ "s3:prefix": "users/" })],
  ["s3:ListBucket", ARN.userBucket, "denied", alice()],
  ["s3:ListBucket", ARN.bucket, "denied", alice({ "s3:prefix": "users/alice/" })],
  ["s3:GetBucketAcl", ARN.userBucket, "denied", alice({ "s3:prefix": "users/alice/" })],
  ["kms:Decrypt", ARN.key, "allowed", alice(s3Key(ARN.userBucket))],
  ["kms:Decrypt", ARN.key, "allowed", alice(s3Key(`${ARN.userBucket}/users/alice/1.txt`))],
  ["kms:Decrypt", ARN.key, "denied", alice(s3Key(`${ARN.userBucket}/users/bob/1.txt`))],
  ["kms:Decrypt", ARN.key, "denied", alice({ "kms:EncryptionContext:aws:s3:arn": ARN.userBucket })],
  ["kms:Decrypt", otherKey, "denied", alice(s3Key(ARN.userBucket))],
  ["kms:Encrypt", ARN.key, "denied", alice(s3Key(ARN.userBucket))],
  ["dynamodb:PutItem", ARN.userTable, "allowed", alice(keys("alice"))],
  ["dynamodb:DeleteItem", ARN.userTable, "allowed", alice(keys("alice", "alice"))],
  ["dynamodb:PutItem", ARN.userTable, "denied", alice(keys("bob"))],
  ["dynamodb:BatchWriteItem", ARN.userTable, "denied", alice(keys("alice", "bob"))],
  ["dynamodb:PutItem", ARN.userTable, "denied", alice()],
  ["dynamodb:PutItem", ARN.userTable, "denied", keys("alice")],
  ["dynamodb:PutItem", ARN.table, "denied", alice(keys("alice"))],
  ["dynamodb:GetItem", ARN.userTable, "denied", alice(keys("alice"))],
  ["secretsmanager:GetSecretValue", userSecret("a1"), "allowed", alice(of("alice"))],
  ["secretsmanager:GetSecretValue", userSecret("b1"), "denied", alice(of("bob"))],
  // Neither a secret without a tag nor a session without one passes for the other.
  ["secretsmanager:GetSecretValue", userSecret("c1"), "denied", alice()],
  ["secretsmanager:GetSecretValue", userSecret("c1"), "denied", of("alice")],
  ["secretsmanager:GetSecretValue", userSecret("c1"), "denied"],
  ["secretsmanager:PutSecretValue", userSecret("a1"), "denied", alice(of("alice"))],
  ["secretsmanager:GetSecretValue", ARN.secret, "denied", alice(of("alice"))],
  ["sts:AssumeRole", USER_ROLE, "forbidden", alice(named("bob"))],
];

/** What the roles of a server with every grant may do. */
export const GRANTED: Readonly<Record<string, readonly Row[]>> = {
  "acme-test-notes-task": task,
  "acme-test-notes-user": user,
};
