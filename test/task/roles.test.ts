import { executionRole } from "../../lib/task/roles";
import type { Image } from "../../lib/task/image";
import { embedded } from "../../lib/terraform/plan";
import { deployed } from "../support/iam";
import { synthPlan, testDeployment } from "../support/plan";

const digest = `@sha256:${"b".repeat(64)}`;

/** Repositories that the role may pull from, as deployed. */
function repositories(image: (here: { account: string; region: string }) => string): readonly string[] {
  const plan = synthPlan((stack) => {
    const on = testDeployment(stack);
    const images = [image({ account: on.account.id, region: on.account.region }) as Image];
    executionRole(stack, { on, name: "orders", images, logGroupArns: ["arn:x"], secrets: [] });
  });
  const policies = plan.blocks("aws_iam_role_policy");
  expect(policies).toHaveLength(1);
  const document = embedded(deployed(String(policies[0]?.body.policy))) as {
    Statement: { Sid: string; Resource: string[] }[];
  };
  return document.Statement.find(({ Sid }) => Sid === "PullImages")?.Resource ?? [];
}

test.each<[string, Parameters<typeof repositories>[0], string]>([
  [
    "account and region known only at deployment",
    ({ account, region }) => `${account}.dkr.ecr.${region}.amazonaws.com/team/orders${digest}`,
    "arn:aws:ecr:eu-west-1:123456789012:repository/team/orders",
  ],
  [
    "a FIPS registry",
    () => `999999999999.dkr.ecr-fips.us-east-1.amazonaws.com/orders${digest}`,
    "arn:aws:ecr:us-east-1:999999999999:repository/orders",
  ],
  [
    "a reference known only at deployment",
    () => "${var.image}",
    "arn:aws:ecr:eu-west-1:123456789012:repository/*",
  ],
])("an image of %s is pulled from its repository alone", (_class, image, repository) => {
  expect(repositories(image)).toEqual([repository]);
});
