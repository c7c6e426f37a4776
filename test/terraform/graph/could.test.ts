import { couldDo } from "../../../lib/terraform/graph/could";
import { principalOf } from "../../../lib/terraform/graph/policies";
import { tamperTable } from "../../../lib/terraform/graph/tamper";
import { network, ref, type Resources } from "./fixture";
import { allow, bounded, bucket, deny, policy, role, type Statement } from "./policy-parts";

describe("what could be done to one thing, where everything but something is said", () => {
  const could = (rights: Statement[], action: string, limit: Statement[] = []) => {
    const plan = network({
      ...role(rights, { "aws_s3_bucket.b": { bucket: "b" } }),
      ...(limit.length > 0 ? bounded(...limit) : {}),
    });
    const [who, on] = [plan.blocks("aws_iam_role")[0], plan.blocks("aws_s3_bucket")[0]];
    return who && on && couldDo(principalOf(who, plan), action, on, plan).could;
  };
  const all = allow({ Action: "*" });
  const b = "arn:aws:s3:::b";
  test.each<[string, Statement[], string, Statement[], string]>([
    [
      "allowed but for some actions: another",
      [{ Effect: "Allow", NotAction: "iam:*", Resource: "*" }],
      "s3:PutBucketPolicy",
      [],
      "yes",
    ],
    [
      "allowed but for some actions: one of them",
      [{ Effect: "Allow", NotAction: "s3:*", Resource: "*" }],
      "s3:PutBucketPolicy",
      [],
      "no",
    ],
    [
      "allowed but on this",
      [{ Effect: "Allow", Action: "s3:*", NotResource: b }],
      "s3:DeleteBucket",
      [],
      "no",
    ],
    [
      "allowed but on another",
      [{ Effect: "Allow", Action: "s3:*", NotResource: "arn:aws:s3:::c" }],
      "s3:DeleteBucket",
      [],
      "yes",
    ],
    ["denied but for it", [all, deny({ NotAction: "s3:DeleteBucket" })], "s3:DeleteBucket", [], "yes"],
    ["denied but for another", [all, deny({ NotAction: "s3:GetObject" })], "s3:DeleteBucket", [], "no"],
    [
      "denied but on this",
      [all, { Effect: "Deny", Action: "s3:*", NotResource: b }],
      "s3:DeleteBucket",
      [],
      "yes",
    ],
    [
      "denied but on another",
      [all, { Effect: "Deny", Action: "s3:*", NotResource: "arn:aws:s3:::c" }],
      "s3:DeleteBucket",
      [],
      "no",
    ],
    [
      "bounded by everything but some",
      [all],
      "s3:DeleteBucket",
      [{ Effect: "Allow", NotAction: "s3:*", Resource: "*" }],
      "no",
    ],
    [
      "bounded by everything but others",
      [all],
      "s3:DeleteBucket",
      [{ Effect: "Allow", NotAction: "iam:*", Resource: "*" }],
      "yes",
    ],
    [
      "bounded elsewhere alone",
      [all],
      "s3:DeleteBucket",
      [allow({ Action: "*", Resource: "arn:aws:s3:::c" })],
      "no",
    ],
    ["denied by the boundary", [all], "s3:DeleteBucket", [all, deny({ Action: "s3:Delete*" })], "no"],
    [
      "denied under a condition that may not be met",
      [all, deny({ Action: "s3:*", Condition: { Bool: { "aws:MultiFactorAuthPresent": "false" } } })],
      "s3:DeleteBucket",
      [],
      "yes",
    ],
    [
      "denied under a condition that is met",
      [all, deny({ Action: "s3:*", Condition: { Bool: { "aws:SecureTransport": "true" } } })],
      "s3:DeleteBucket",
      [],
      "no",
    ],
    [
      "one of several actions",
      [allow({ Action: ["s3:GetObject", "s3:DeleteBucket"] })],
      "s3:DeleteBucket",
      [],
      "yes",
    ],
    ["in other capitals", [allow({ Action: "S3:deletebucket" })], "s3:DeleteBucket", [], "yes"],
  ])("%s", (_what, rights, action, limit, expected) => expect(could(rights, action, limit)).toBe(expected));
});

describe("what else decides", () => {
  const b = "arn:aws:s3:::b";
  const could = (rights: Statement[], more: Resources = {}) => {
    const plan = network(role(rights, { "aws_s3_bucket.b": { bucket: "b" }, ...more }));
    const [who, on] = [plan.blocks("aws_iam_role")[0], plan.blocks("aws_s3_bucket")[0]];
    return who && on && couldDo(principalOf(who, plan), "s3:DeleteBucket", on, plan).could;
  };
  const all = allow({ Action: "s3:*" });
  const when = (Condition: Statement) => allow({ Action: "s3:*", Condition });
  test.each<[string, Statement[], Resources, string]>([
    [
      "a denial of somebody else by the bucket",
      [all],
      bucket(deny({ Principal: { AWS: "arn:aws:iam::222222222222:role/x" }, Action: "s3:*", Resource: b })),
      "yes",
    ],
    [
      "a denial of everybody by the bucket",
      [all],
      bucket(deny({ Principal: "*", Action: "s3:*", Resource: b })),
      "no",
    ],
    [
      "another policy that nobody can read, which may deny it",
      [all],
      {
        "aws_iam_role_policy_attachment.x": {
          role: ref("aws_iam_role.a"),
          policy_arn: "arn:aws:iam::aws:policy/X",
        },
      },
      "maybe",
    ],
    ["a key that has to be there, and is", [when({ Null: { "aws:PrincipalArn": "false" } })], {}, "yes"],
    ["a key that must not be there, and is", [when({ Null: { "aws:PrincipalArn": "true" } })], {}, "no"],
    [
      "a key in other capitals",
      [when({ StringEquals: { "AWS:principalaccount": "222222222222" } })],
      {},
      "no",
    ],
    [
      "a key that must be another",
      [when({ StringNotEquals: { "aws:PrincipalAccount": "ACCOUNT" } })],
      {},
      "no",
    ],
  ])("%s", (_what, rights, more, expected) => expect(could(rights, more)).toBe(expected));
});

describe("the tamper table, by what gives the right", () => {
  const row = (resources: Resources) =>
    Object.fromEntries(
      Object.entries(
        tamperTable(network(resources)).find(({ principal }) => principal === "aws_iam_role.a")?.could ?? {},
      ).map(([target, all]) => [target, all.map(({ action, maybe }) => `${maybe ? "? " : ""}${action}`)]),
    );
  test.each<[string, Resources, string, string[]]>([
    [
      "a bucket's policy alone",
      role([], bucket(allow({ Principal: "*", Action: "s3:PutBucketPolicy" }))),
      "archive",
      ["s3:PutBucketPolicy"],
    ],
    [
      "a policy from elsewhere",
      role([], {
        "aws_iam_role_policy_attachment.x": {
          role: ref("aws_iam_role.a"),
          policy_arn: "arn:aws:iam::aws:policy/X",
        },
        "aws_kms_key.k": {
          policy: policy(allow({ Principal: { AWS: "arn:aws:iam::ACCOUNT:root" }, Action: "kms:*" })),
        },
      }),
      "keys",
      ["? kms:ScheduleKeyDeletion", "? kms:DisableKey", "? kms:PutKeyPolicy", "? kms:CreateGrant"],
    ],
    [
      "a wildcard over alarms",
      role([allow({ Action: "cloudwatch:*" })], { "aws_cloudwatch_metric_alarm.a": { alarm_name: "a" } }),
      "alarms",
      [
        "cloudwatch:DeleteAlarms",
        "cloudwatch:DisableAlarmActions",
        "cloudwatch:PutMetricAlarm",
        "cloudwatch:SetAlarmState",
      ],
    ],
    [
      "a right on another alarm",
      role([allow({ Action: "cloudwatch:*", Resource: "arn:aws:cloudwatch:REGION:ACCOUNT:alarm:b" })], {
        "aws_cloudwatch_metric_alarm.a": { alarm_name: "a" },
      }),
      "alarms",
      [],
    ],
    [
      "a firewall, under a condition",
      role(
        [
          allow({
            Action: "wafv2:UpdateWebACL",
            Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } },
          }),
        ],
        { "aws_wafv2_web_acl.w": { name: "w" } },
      ),
      "firewall",
      ["? wafv2:UpdateWebACL"],
    ],
    [
      "streams of a log group",
      role(
        [allow({ Action: "logs:DeleteLogStream", Resource: "arn:aws:logs:*:*:log-group:g:log-stream:*" })],
        { "aws_cloudwatch_log_group.g": { name: "g" } },
      ),
      "logs",
      ["logs:DeleteLogStream"],
    ],
  ])("%s", (_what, resources, target, expected) => expect(row(resources)[target]).toEqual(expected));
});
