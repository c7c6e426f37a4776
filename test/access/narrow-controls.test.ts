import { narrowControls } from "../../lib/access/narrow-controls";
import { orderControls } from "../../lib/access/order-controls";
import { CONTROLS } from "../../lib/checklist/controls";
import { Plan } from "../../lib/terraform/plan";
import { changed, judge, named } from "../audit/judge";
import { synthExample } from "../support/examples";
import { policed, type StatementBody } from "../support/policies";

const all = [...narrowControls, ...orderControls];
const plan = synthExample("complete");

test.each(all.map((control) => [control.id, control] as const))(
  "%s holds as built, and is judged with the others",
  (id, control) => {
    const findings = judge(control, plan);
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.filter(({ holds }) => holds !== true)).toEqual([]);
    expect(CONTROLS.map((each) => each.id)).toContain(id);
  },
);

const PLACES: Readonly<Record<string, string>> = {
  aws_iam_role: "assume_role_policy",
  aws_cloudwatch_log_resource_policy: "policy_document",
};
const each = (type: string, change: (statement: StatementBody) => void) =>
  policed(plan, type, PLACES[type] ?? "policy", change);
const allowed = (type: string, change: object) =>
  each(type, (one) => void (one.Effect === "Allow" && Object.assign(one, change)));
const denied = (type: string, change: object) =>
  each(type, (one) => void (one.Effect === "Deny" && Object.assign(one, change)));

describe("policies at resources name what they are about", () => {
  test.each<[string, () => Plan]>([
    ["is for the service *", () => allowed("aws_iam_role", { Principal: { Service: "*" } })],
    ["is for the service lambda", () => allowed("aws_iam_role", { Principal: { Service: "lambda" } })],
    ["speaks of sts:*", () => allowed("aws_iam_role", { Action: ["sts:*"] })],
    ["is for the service *", () => allowed("aws_kms_key", { Principal: { Service: ["*"] } })],
    ["speaks of kms:*", () => allowed("aws_kms_key", { Principal: { AWS: "*" }, Action: "kms:*" })],
    ["speaks of kms:D*", () => allowed("aws_kms_key", { Action: ["kms:D*"] })],
    ["is about arn:aws:kms:", () => allowed("aws_kms_key", { Resource: "arn:aws:kms:eu-west-1:1:key/2" })],
    ["speaks of *", () => allowed("aws_sns_topic_policy", { Action: ["*"] })],
    ["is about *", () => allowed("aws_sns_topic_policy", { Resource: "*" })],
    ["is about *", () => denied("aws_sns_topic_policy", { Resource: ["*"] })],
    ["speaks of *", () => denied("aws_sqs_queue_policy", { Action: ["*"] })],
    ["is about *", () => denied("aws_sqs_queue_policy", { Resource: ["*"] })],
    [
      "is about arn:aws:s3:::other/*",
      () => allowed("aws_s3_bucket_policy", { Resource: "arn:aws:s3:::other/*" }),
    ],
    ["speaks of s3:*", () => allowed("aws_s3_bucket_policy", { Action: "s3:*" })],
    ["is about *", () => allowed("aws_cloudwatch_log_resource_policy", { Resource: ["*"] })],
    [
      "is for the service *",
      () => allowed("aws_cloudwatch_log_resource_policy", { Principal: { Service: "*" } }),
    ],
    ["speaks of *", () => allowed("aws_secretsmanager_secret_policy", { Action: ["*"] })],
  ])("otherwise: %s", (says, mutate) => {
    expect(judge(named(all, "access.policies-of-their-own"), mutate())).toContainEqual({
      holds: false,
      says: expect.stringContaining(says),
    });
  });

  test("one that only Terraform knows is unknown", () => {
    const dark = changed(plan, "aws_sns_topic_policy", (body) => (body.policy = "${data.x.y.json}"));
    expect(judge(named(all, "access.policies-of-their-own"), dark)).toContainEqual({
      holds: "unknown",
      says: "its policy is known only at deployment",
    });
  });
});

test.each([
  ["aws_iam_role", "name"],
  ["aws_s3_bucket", "bucket_prefix"],
  ["aws_cloudwatch_log_group", "name"],
  ["aws_secretsmanager_secret", "name"],
])("a %s without its %s is called something that nobody said", (type, attribute) => {
  const nameless = changed(plan, type, (body) => delete body[attribute]);
  expect(judge(named(all, "access.named-as-said"), nameless)).toContainEqual({
    holds: false,
    says: "nothing says what it is called",
  });
});

describe("roles and boundaries stand under one path", () => {
  const judged = (of: Plan) => judge(named(all, "access.one-path"), of);
  test.each(["aws_iam_role", "aws_iam_policy"])("one %s that does not is found, and no other", (type) => {
    const [first] = Object.values(plan.source.resource?.[type] ?? {}) as { name: string }[];
    const astray = changed(
      plan,
      type,
      (body) => delete body.path,
      ({ name }) => name === first?.name,
    );
    expect(judged(astray).filter(({ holds }) => holds !== true)).toEqual([
      { holds: false, says: "it stands under no path, the others do not" },
    ]);
  });

  test("another deployment beside it has its own", () => {
    const source = structuredClone(plan.source) as {
      resource: Record<string, Record<string, object>>;
      "//": { "hardened-mcp": Record<string, object> };
    };
    const own = source["//"]["hardened-mcp"];
    own["other/mcp"] = { ...own["complete/mcp/platform"], deployment: "other" };
    const role = { path: "/", "//": { metadata: { path: "other/mcp/role" } } };
    source.resource.aws_iam_role = { ...source.resource.aws_iam_role, other: role };
    expect(judged(new Plan(source)).filter(({ holds }) => holds !== true)).toEqual([]);
  });
});

describe("what needs a right or a setting waits for it", () => {
  test.each<[string, string]>([
    ["aws_cloudwatch_event_target", "the queue does not take"],
    ["aws_flow_log", "flows are written before its role"],
    ["aws_kinesis_firehose_delivery_stream", "lines are delivered before its role"],
    ["aws_lambda_function", "refused a place in the network"],
    ["aws_lambda_invocation", "nobody may change yet"],
    ["aws_s3_bucket_lifecycle_configuration", "rules about versions"],
    ["aws_s3_bucket_logging", "the first accesses"],
    ["aws_s3_bucket_object_lock_configuration", "refuses a lock"],
    ["aws_s3_bucket_policy", "a change of public access"],
    ["aws_scheduler_schedule", "it runs before its role"],
    ["aws_secretsmanager_secret_rotation", "refuses a function"],
    ["aws_wafv2_web_acl_logging_configuration", "may not write its log yet"],
  ])("%s", (type, says) => {
    const hasty = changed(plan, type, (body) => delete body.depends_on);
    const findings = judge(named(all, "access.rights-before-use"), hasty);
    expect(findings).toContainEqual({ holds: false, says: expect.stringContaining(says) });
  });

  test.each([
    ["aws_lambda_invocation", "aws_vpc_security_group_egress_rule", "before it can reach Secrets Manager"],
    ["aws_kinesis_firehose_delivery_stream", "aws_s3_bucket_object_lock_configuration", "without a lock"],
    ["aws_kinesis_firehose_delivery_stream", "aws_s3_bucket_policy", "anybody may delete"],
  ])("%s, also for %s", (type, other, says) => {
    const hasty = changed(plan, type, (body) => {
      body.depends_on = (body.depends_on as string[]).filter((one) => !one.startsWith(other));
    });
    const findings = judge(named(all, "access.rights-before-use"), hasty);
    expect(findings).toContainEqual({ holds: false, says: expect.stringContaining(says) });
  });
});

test("what somebody else has made is not asked", () => {
  const theirs = new Plan({ ...plan.source, "//": {} });
  expect(all.flatMap((control) => judge(control, theirs)).filter(({ holds }) => holds !== true)).toEqual([]);
});
