import { CONTROLS } from "../../../lib/checklist/controls";
import { diff } from "../../../lib/checklist/review/diff";
import { grantedIn } from "../../../lib/checklist/review/granted";
import { summarise } from "../../../lib/checklist/review/summary";
import { opened, Plan, type TerraformJson } from "../../../lib/terraform/plan";
import { synthExample } from "../../support/examples";

const STRANGER = "arn:aws:iam::444455556666:role/other";
const ONE = { Sid: "One", Effect: "Allow", Principal: { AWS: STRANGER }, Resource: "*" };

const written = (type: string, body: object, ...statements: object[]) =>
  new Plan({
    resource: {
      aws_s3_bucket: { b: { bucket: "archive" } },
      [type]: { p: { ...body, policy: JSON.stringify({ Statement: statements }) } },
    },
  } as TerraformJson);

describe("what a policy at a thing says is told by the thing", () => {
  test.each<[string, Plan, object]>([
    [
      "of each action and resource",
      written(
        "aws_s3_bucket_policy",
        { bucket: "${aws_s3_bucket.b.id}" },
        { ...ONE, Action: ["s3:GetObject", "s3:PutObject"], Resource: "${aws_s3_bucket.b.arn}/*" },
      ),
      {
        archive: {
          [`lets ${STRANGER} s3:GetObject on arn:aws:s3:::archive/*`]: true,
          [`lets ${STRANGER} s3:PutObject on arn:aws:s3:::archive/*`]: true,
        },
      },
    ],
    [
      "of everybody but some",
      written("aws_kms_key", {}, { ...ONE, Principal: undefined, NotPrincipal: "*", NotAction: "kms:Get*" }),
      { "aws_kms_key.p": { "lets everybody but everybody all but kms:Get* on *": true } },
    ],
    [
      "of services and conditions",
      written(
        "aws_sqs_queue",
        { name: "q" },
        {
          ...{ ...ONE, Effect: "Deny", Principal: { Service: "events.amazonaws.com" }, Action: "sqs:*" },
          Condition: { StringEquals: { b: ["2", "1"], a: "x" } },
        },
      ),
      {
        q: {
          "refuses Service events.amazonaws.com sqs:* on *, when StringEquals a x and b 1 or 2": true,
        },
      },
    ],
    [
      "of what is not in the file",
      new Plan({ resource: { aws_kms_key: { k: { policy: "${data.x.y.json}" } } } }),
      { "aws_kms_key.k": { "lets whom a policy names that is not in the file": true } },
    ],
    [
      "of who may call a function",
      new Plan({
        resource: {
          aws_lambda_permission: {
            l: { function_name: "f", principal: "444455556666", action: "lambda:InvokeFunction" },
          },
        },
      }),
      { f: { "lets 444455556666 lambda:InvokeFunction": true } },
    ],
  ])("%s", (_what, plan, expected) => expect(grantedIn(plan)).toEqual(expected));
});

describe("a policy of a deployment that lets in one more is said", () => {
  const plan = synthExample("complete");
  const before = summarise(plan, CONTROLS);
  const wider = (type: string, path: string, change: (statements: Record<string, unknown>[]) => void) => {
    const source = structuredClone(plan.source) as Record<string, Record<string, Record<string, object>>>;
    const block = plan.blocks(type).find((one) => one.path.endsWith(path));
    const body = source.resource?.[type]?.[block?.name ?? ""] as { policy: string };
    const document = structuredClone(opened(body.policy)) as { Statement: Record<string, unknown>[] };
    change(document.Statement);
    body.policy = JSON.stringify(document);
    return diff(before, summarise(new Plan(source), CONTROLS))
      .filter(({ widens }) => widens)
      .map(({ says }) => says);
  };
  test.each([
    ["aws_kms_key", "secrets/key/resource", "kms:Decrypt"],
    ["aws_kms_key", "audit/key/resource", "kms:Decrypt"],
    ["aws_s3_bucket_policy", "archive/bucket/policy", "s3:GetObject"],
    ["aws_secretsmanager_secret_policy", "client-ci-bot/policy", "secretsmanager:GetSecretValue"],
    ["aws_sns_topic_policy", "topic/new/policy", "sns:Subscribe"],
    ["aws_sqs_queue_policy", "server-orders/failed-deployments/queue/policy", "sqs:ReceiveMessage"],
  ])("%s %s", (type, path, action) => {
    const said = wider(type, path, (all) => all.push({ ...ONE, Action: action }));
    expect(said).toEqual([expect.stringContaining(`now lets ${STRANGER} ${action} on *`)]);
  });
  test("a reader beside those whom a refusal spares", () => {
    const said = wider("aws_secretsmanager_secret_policy", "client-ci-bot/policy", ([first]) => {
      const { ArnNotLike: spared } = first?.Condition as { ArnNotLike: Record<string, string[]> };
      spared["aws:PrincipalArn"]?.push(STRANGER);
    });
    expect(said).toEqual([
      expect.stringContaining("no longer refuses everybody secretsmanager:GetSecretValue"),
    ]);
  });
});
