import { accessControls } from "../../lib/access/controls";
import { taskRightsControls } from "../../lib/access/task-rights-controls";
import { opened, type Plan } from "../../lib/terraform/plan";
import { changed, judge, named } from "../audit/judge";
import { holdAsBuilt } from "../support/control-tests";
import { synthExample } from "../support/examples";

type Document = { Statement: Record<string, unknown>[] };
const plan = synthExample("complete");
holdAsBuilt(taskRightsControls, plan);

const TASK = "server-orders/service/task/resource";
const at = (end: string) => {
  const found = plan.all.find(({ path }) => path.endsWith(end));
  if (found === undefined) throw new Error(`there is no ${end}`);
  return found;
};
const arn = (end: string, more = "") => `\${${at(end).address}.arn}${more}`;
const edited = (text: unknown, change: (document: Document) => void) => {
  const document = structuredClone(opened(text)) as Document;
  change(document);
  return JSON.stringify(document);
};

/** The plan where the task role of orders has a right more. */
function giving(right: object): Plan {
  return changed(
    plan,
    "aws_iam_role_policy",
    (body) =>
      (body.policy = edited(body.policy, ({ Statement: all }) =>
        all.push({ Sid: "More", Effect: "Allow", ...right }),
      )),
    ({ role }) => String(role) === `\${${at(TASK).address}.name}`,
  );
}

describe("what a server's code may do to its own deployment is seen", () => {
  const bucket = "audit/delivery/archive/bucket/resource";
  test.each<[string, string]>([
    ["logs:PutLogEvents", arn("server-orders/logs/audit/resource", ":*")],
    ["logs:CreateLogStream", arn("server-docs/logs/audit/resource", ":*")],
    ["firehose:PutRecord", arn("platform/audit/delivery/resource")],
    ["s3:GetObject", arn(bucket, "/*")],
    ["s3:GetObject", arn("ingress/logs/resource", "/*")],
    ["secretsmanager:PutSecretValue", "*"],
    ["sns:Publish", arn("topic/new/resource")],
    ["sqs:ReceiveMessage", arn("server-orders/failed-deployments/queue/resource")],
  ])("%s on %s", (Action, Resource) => {
    const findings = judge(named(taskRightsControls, "access.code-apart"), giving({ Action, Resource }));
    const isDenied = Action === "secretsmanager:PutSecretValue";
    // Policies of secrets deny what nobody but their rotation does.
    if (isDenied) return expect(findings.map(({ holds }) => holds)).not.toContain("unknown");
    expect(findings).toContainEqual({
      holds: false,
      says: expect.stringContaining(`its code may ${Action} on `),
    });
  });
  test("and what it may do elsewhere is its owner's business", () => {
    const more = giving({ Action: "s3:PutObject", Resource: "arn:aws:s3:::acme-receipts/x/*" });
    expect(judge(named(taskRightsControls, "access.code-apart"), more)).not.toContainEqual(
      expect.objectContaining({ holds: false }),
    );
  });
});

describe("a role is for one service", () => {
  const trusting = (end: string, service: unknown) =>
    changed(
      plan,
      "aws_iam_role",
      (body) =>
        (body.assume_role_policy = edited(body.assume_role_policy, ({ Statement: [first] }) => {
          if (first) first.Principal = { Service: service };
        })),
      ({ name }) => name === at(end).body.name,
    );
  test.each<[string, unknown, string]>([
    [TASK, "ec2.amazonaws.com", "it trusts ec2.amazonaws.com, and is given to ecs-tasks"],
    [TASK, ["ecs-tasks.amazonaws.com", "lambda.amazonaws.com"], "it trusts lambda.amazonaws.com"],
    ["client-ci-bot-rotation/role/resource", "ecs-tasks.amazonaws.com", "is given to lambda"],
    ["network/vpc/flow-logs/role/resource", "logs.amazonaws.com", "is given to vpc-flow-logs"],
    ["audit/delivery/role/resource", "s3.amazonaws.com", "is given to firehose"],
    ["server-orders/redelivery/role/resource", "events.amazonaws.com", "is given to scheduler"],
  ])("%s, %j", (end, service, says) => {
    expect(judge(named(taskRightsControls, "access.trust-as-used"), trusting(end, service))).toContainEqual({
      holds: false,
      says: expect.stringContaining(says),
    });
  });
});

test.each(["arn:*", "arn:aws:s3:::*", "arn:aws:s3:::*/*", "arn:aws:s3:::?*", "*", "arn:aws:s3:*"])(
  "a right on %s is one on everything",
  (Resource) => {
    expect(
      judge(named(accessControls, "access.resources-named"), giving({ Action: "s3:GetObject", Resource })),
    ).toContainEqual({ holds: false, says: "the statement More allows s3:GetObject on every resource" });
  },
);
