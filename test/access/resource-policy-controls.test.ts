import { resourcePolicyControls } from "../../lib/access/resource-policy-controls";
import type { Plan } from "../../lib/terraform/plan";
import { changed, judge, named, without } from "../audit/judge";
import { synthExample } from "../support/examples";
import { policed, type StatementBody } from "../support/policies";
import { holdAsBuilt } from "../support/control-tests";

const plan = synthExample("complete");
const [KEY, BUCKET, TOPIC, QUEUE, LOGS] = [
  "aws_kms_key",
  "aws_s3_bucket_policy",
  "aws_sns_topic_policy",
  "aws_sqs_queue_policy",
  "aws_cloudwatch_log_resource_policy",
] as const;

holdAsBuilt(resourcePolicyControls, plan);

const each = (type: string, change: (statement: StatementBody) => void) =>
  policed(plan, type, type === LOGS ? "policy_document" : "policy", change);
const document = (type: string, change: (policy: Record<string, unknown>) => void) =>
  changed(plan, type, (body) => {
    const policy = JSON.parse(String(body.policy)) as Record<string, unknown>;
    change(policy);
    body.policy = JSON.stringify(policy);
  });
const isTls = (statement: StatementBody) => JSON.stringify(statement).includes("aws:SecureTransport");

describe("each control fails when its protection goes", () => {
  test.each<[string, string, () => Plan]>([
    ["access.policies-whole", "has no policy", () => changed(plan, KEY, (body) => delete body.policy)],
    ["access.policies-whole", "its version is", () => document(TOPIC, (policy) => delete policy.Version)],
    ["access.policies-whole", "no statement", () => document(BUCKET, (policy) => (policy.Statement = []))],
    ["access.policies-whole", "has no name", () => each(QUEUE, (one) => delete one.Sid)],
    ["access.policies-whole", "neither allows nor denies", () => each(QUEUE, (one) => delete one.Effect)],
    ["access.policies-whole", "is about nobody", () => each(BUCKET, (one) => delete one.Principal)],
    ["access.policies-whole", "is about nobody", () => each(LOGS, (one) => (one.Principal = {}))],
    ["access.policies-whole", "names no action", () => each(KEY, (one) => (one.Action = []))],
    ["access.policies-whole", "names no resource", () => each(KEY, (one) => delete one.Resource)],
    ["access.policies-whole", "an empty condition", () => each(QUEUE, (one) => (one.Condition = {}))],
    [
      "access.policies-whole",
      "an empty condition",
      () => each(QUEUE, (one) => (one.Condition = { Bool: {} })),
    ],
    [
      "access.policies-bounded",
      "whatever it acts for",
      () => each(LOGS, (one) => delete one.Condition?.ArnLike),
    ],
    [
      "access.policies-bounded",
      "whoever it acts for",
      () => each(TOPIC, (one) => delete one.Condition?.StringEquals),
    ],
    [
      "access.policies-bounded",
      "whatever it acts for",
      () => each(QUEUE, (one) => void (one.Effect === "Allow" && delete one.Condition)),
    ],
    [
      "access.policies-bounded",
      "everybody without a condition",
      () =>
        each(QUEUE, (one) => {
          if (one.Effect === "Allow") Object.assign(one, { Principal: "*", Condition: undefined });
        }),
    ],
    [
      "access.denials-leave-a-way",
      "locks everybody out",
      () => each(BUCKET, (one) => void (isTls(one) && delete one.Condition)),
    ],
    ["access.stores-tls-only", "it has no policy", () => without(plan, QUEUE)],
    [
      "access.stores-tls-only",
      "are not denied",
      () => each(TOPIC, (one) => void (isTls(one) && (one.Effect = "Allow"))),
    ],
    [
      "access.stores-tls-only",
      "are not denied",
      () => each(BUCKET, (one) => void (isTls(one) && (one.Action = ["s3:GetObject"]))),
    ],
    [
      "access.stores-tls-only",
      "only a part of it",
      () =>
        each(BUCKET, (one) => {
          if (isTls(one)) one.Resource = (one.Resource as string[]).filter((arn) => !arn.endsWith("/*"));
        }),
    ],
    [
      "access.stores-tls-only",
      "TLS below 1.2",
      () => each(BUCKET, (one) => void (one.Sid === "Tls12OrLater" && (one.Effect = "Allow"))),
    ],
    [
      "access.stores-tls-only",
      "TLS below 1.2",
      () =>
        each(BUCKET, (one) => {
          if (one.Sid === "Tls12OrLater") one.Resource = (one.Resource as string[]).slice(1);
        }),
    ],
    ...(["LogGroupsOfThisAccount", "AlarmsOfThisAccount"] as const).map(
      (sid): [string, string, () => Plan] => [
        "access.keys-usable",
        "may not use it, and",
        () =>
          each(KEY, (one) => void (one.Sid === sid && (one.Principal = { Service: "other.amazonaws.com" }))),
      ],
    ),
    [
      "access.keys-usable",
      "may not kms:GenerateDataKey",
      () =>
        each(KEY, (one) => {
          if (Array.isArray(one.Action))
            one.Action = one.Action.filter((action) => !String(action).includes("GenerateDataKey"));
        }),
    ],
    [
      "access.keys-usable",
      "its account cannot govern it",
      () => each(KEY, (one) => void (one.Action === "kms:*" && (one.Action = "kms:DescribeKey"))),
    ],
  ])("%s: %s", (id, says, mutate) => {
    const findings = judge(named(resourcePolicyControls, id), mutate());
    expect(findings).toContainEqual({ holds: false, says: expect.stringContaining(says) });
  });
});

test("a policy that only Terraform knows is unknown, one that is no JSON fails", () => {
  const [first] = resourcePolicyControls;
  const with_ = (policy: string) => changed(plan, TOPIC, (body) => (body.policy = policy));
  const said = (of: Plan) => first && judge(first, of).filter(({ holds }) => holds !== true);
  expect(said(with_("${data.aws_iam_policy_document.x.json}"))).toEqual([
    { holds: "unknown", says: "its policy is known only at deployment" },
  ]);
  expect(said(with_("{"))).toEqual([{ holds: false, says: "it cannot be read" }]);
});

test("an endpoint to somebody else's service has no policy to be whole; a role's and an endpoint's own must be", () => {
  const whole = named(resourcePolicyControls, "access.policies-whole");
  const failing = (of: Plan) => judge(whole, of).filter(({ holds }) => holds === false);
  expect(failing(changed(plan, "aws_vpc_endpoint", (body) => delete body.policy))).toEqual([]);
  for (const [type, attribute] of [
    ["aws_vpc_endpoint", "policy"],
    ["aws_iam_role", "assume_role_policy"],
    ["aws_iam_role_policy", "policy"],
  ] as const) {
    const nameless = policed(plan, type, attribute, (statement) => delete statement.Sid);
    expect(failing(nameless)).toContainEqual({ holds: false, says: "a statement has no name" });
    const idle = policed(plan, type, attribute, (statement) => delete statement.Action);
    expect(failing(idle)).toContainEqual({ holds: false, says: expect.stringContaining("names no action") });
  }
});
