import { roleRightsControls } from "../../lib/access/role-rights-controls";
import { Plan } from "../../lib/terraform/plan";
import { changed, judge, named, without } from "../audit/judge";
import { synthExample } from "../support/examples";
import { policed, type StatementBody } from "../support/policies";
import { holdAsBuilt } from "../support/control-tests";

const plan = synthExample("complete");
const fit = named(roleRightsControls, "access.roles-fit");
const trust = named(roleRightsControls, "access.function-trust");
const RIGHTS = "aws_iam_role_policy";

const right = (sid: string, change: (statement: StatementBody) => void) =>
  policed(plan, RIGHTS, "policy", (one) => void (one.Sid === sid && change(one)));
const unconditional = (sid: string) => right(sid, (one) => delete one.Condition);
const conditions = (sid: string, operator: string, change: (keys: Record<string, unknown>) => void) =>
  right(sid, ({ Condition }) => change(Condition?.[operator] ?? {}));

holdAsBuilt(roleRightsControls, plan);

describe("a role that lacks a right, or has it less narrowly, is found", () => {
  test.each<[string, () => Plan]>([
    [
      "lacks s3:PutObject, s3:AbortMultipartUpload",
      () => right("WriteObjects", (one) => (one.Action = ["s3:PutObject"])),
    ],
    ["lacks s3:PutObject", () => right("WriteObjects", (one) => (one.Effect = "Deny"))],
    [
      "lacks s3:GetBucketLocation",
      () => right("FindTheBucket", (one) => (one.Resource = ["arn:aws:s3:::other"])),
    ],
    ["by kms:ViaService and kms:EncryptionContext:aws:s3:arn alone", () => unconditional("EncryptObjects")],
    [
      "lacks kms:GenerateDataKey",
      () => conditions("EncryptObjects", "StringEquals", (keys) => delete keys["kms:ViaService"]),
    ],
    [
      "lacks kms:GenerateDataKey",
      () => conditions("EncryptObjects", "StringEquals", (keys) => (keys["kms:ViaService"] = "s3.*")),
    ],
    [
      "lacks kms:GenerateDataKey",
      () =>
        conditions("EncryptObjects", "ArnLike", (keys) => (keys["kms:EncryptionContext:aws:s3:arn"] = "*")),
    ],
    ["lacks logs:PutLogEvents", () => right("SayWhatFailed", (one) => (one.Resource = ["*"]))],
    ["lacks firehose:PutRecord", () => right("HandOn", (one) => (one.Action = ["firehose:PutRecord"]))],
    ["lacks ecs:UpdateService", () => unconditional("StartTasksAnew")],
    [
      "lacks ecs:UpdateService",
      () => right("StartTasksAnew", (one) => (one.Resource = ["arn:aws:ecs:eu-west-1:1:service/acme/*"])),
    ],
    ["lacks kms:Decrypt on what it is for by kms:ViaService alone", () => unconditional("ReadItsSchedule")],
    ["lacks sqs:SendMessage", () => right("KeepWhatFailed", (one) => (one.Resource = ["*"]))],
    ["lacks kms:Decrypt, kms:GenerateDataKey", () => unconditional("EncryptWhatFailed")],
    [
      "lacks secretsmanager:DescribeSecret",
      () => right("RotateTheSecret", (one) => (one.Action = (one.Action as string[]).slice(1))),
    ],
    [
      "by kms:ViaService and kms:EncryptionContext:SecretARN alone",
      () => conditions("UseItsKey", "StringEquals", (keys) => delete keys["kms:EncryptionContext:SecretARN"]),
    ],
    ["by kms:EncryptionContext:aws:lambda:FunctionArn alone", () => unconditional("ReadItsVariables")],
    ["lacks logs:CreateLogStream", () => right("WriteItsLog", (one) => (one.Action = ["logs:PutLogEvents"]))],
    [
      "lacks ec2:AssignPrivateIpAddresses",
      () => right("StandInTheNetwork", (one) => (one.Action = ["ec2:Describe*"])),
    ],
    [
      "its code is not denied ec2:AssignPrivateIpAddresses",
      () => right("NotByTheCode", (one) => (one.Effect = "Allow")),
    ],
    ["its code is not denied", () => unconditional("NotByTheCode")],
    ["its code is not denied", () => right("NotByTheCode", (one) => (one.Action = ["*"]))],
    ["lacks s3:PutObject", () => without(plan, RIGHTS)],
  ])("%s", (says, mutate) => {
    expect(judge(fit, mutate())).toContainEqual({ holds: false, says: expect.stringContaining(says) });
  });

  test("a call that names no cluster is of another one than the right", () => {
    const lost = changed(plan, "aws_scheduler_schedule", ({ target }) => {
      const call = target as { input: string };
      call.input = call.input.replace(/"Cluster":"[^"]*",/, "");
    });
    expect(judge(fit, lost)).toContainEqual({
      holds: false,
      says: expect.stringContaining(
        "its role lacks ecs:UpdateService on what it is for by ecs:cluster alone",
      ),
    });
  });

  test("a role of another file, and rights that are known only at deployment, are unknown", () => {
    const away = changed(plan, "aws_lambda_function", (body) => (body.role = "arn:aws:iam::1:role/x"));
    for (const control of roleRightsControls)
      expect(judge(control, away)).toContainEqual({
        holds: "unknown",
        says: "its role is not in this stack",
      });
    const dark = changed(plan, RIGHTS, (body) => (body.policy = "${data.x.y.json}"));
    expect(judge(fit, dark).map(({ holds }) => holds)).not.toContain(true);
  });
});

describe("so is that of a function that copies an issuer's keys", () => {
  const payments = synthExample("payments");
  const copying = (sid: string, change: (statement: StatementBody) => void) =>
    policed(payments, RIGHTS, "policy", (one) => void (one.Sid === sid && change(one)));
  test.each<[string, () => Plan]>([
    [
      "lacks s3:GetObject, s3:PutObject",
      () => copying("CopyTheKeys", (one) => (one.Action = ["s3:PutObject"])),
    ],
    ["lacks s3:GetObject, s3:PutObject", () => copying("CopyTheKeys", (one) => (one.Resource = ["*"]))],
    ["lacks s3:ListBucket", () => copying("TellThatThereAreNone", (one) => (one.Effect = "Deny"))],
  ])("%s", (says, mutate) => {
    expect(judge(fit, mutate())).toContainEqual({ holds: false, says: expect.stringContaining(says) });
  });
});

describe("a function's role is its own", () => {
  const sources = (change: (arns: string[]) => string[]) =>
    policed(plan, "aws_iam_role", "assume_role_policy", ({ Condition }) => {
      const like = Condition?.ArnLike as { "aws:SourceArn": string[] };
      like["aws:SourceArn"] = change(like["aws:SourceArn"]);
    });
  test.each<[string, () => Plan]>([
    ["does not trust function:acme-prod-docs_tls_rotation", () => sources((arns) => arns.slice(1))],
    ["does not trust function:acme-prod-docs_tls_rotation:*", () => sources((arns) => arns.slice(0, 1))],
    [
      "also trusts arn:aws:lambda:::function:*",
      () => sources((arns) => [...arns, "arn:aws:lambda:::function:*"]),
    ],
  ])("%s", (says, mutate) => {
    expect(judge(trust, mutate())).toContainEqual({ holds: false, says: expect.stringContaining(says) });
  });
});

test("what somebody else has made is not asked", () => {
  const theirs = new Plan({ ...plan.source, "//": {} });
  expect(
    roleRightsControls.flatMap((control) => judge(control, theirs)).filter(({ holds }) => holds !== true),
  ).toEqual([]);
});
