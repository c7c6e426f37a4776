import { Boundary } from "../../lib/access/boundary";
import { CustomerKey } from "../../lib/access/customer-key";
import { boundaryDenials, GRANTABLE_SERVICES } from "../../lib/access/denials";
import { Role } from "../../lib/access/role";
import { allow, trustService, type Deployment } from "../../lib/terraform";
import { embedded } from "../../lib/terraform/plan";
import { statementsOf } from "../support/deployed-policies";
import { synthPlan, testDeployment } from "../support/plan";

const BOUNDARY = "arn:aws:iam::123456789012:policy/boundary";
const rights = [allow("Read", { actions: ["s3:GetObject"], on: { resources: ["arn:aws:s3:::a/*"] } })];

const rolePlan = (iam: Partial<Deployment["iam"]> = {}, may = rights) =>
  synthPlan((stack) => {
    const on = testDeployment(stack);
    new Role(stack, "role", {
      on: { ...on, iam: { ...on.iam, ...iam } },
      name: "orders-task",
      description: "Does things",
      trust: [
        trustService("ecs-tasks.amazonaws.com", {
          accountId: on.account.id,
          sourceArns: [on.account.arn("ecs", "*")],
        }),
      ],
      rights: may,
    });
  });

describe("a role", () => {
  test("stands inside its boundary, trusts one service for this account, has one policy", () => {
    const plan = rolePlan({ path: "/mcp/" });
    const roles = plan.blocks("aws_iam_role");
    expect(roles).toHaveLength(1);
    for (const { body } of roles) {
      expect(body).toMatchObject({
        name: "acme-test-orders-task",
        path: "/mcp/",
        permissions_boundary: BOUNDARY,
        tags: { team: "platform" },
      });
      expect(statementsOf(plan, body.assume_role_policy)).toEqual([
        {
          Sid: "TrustService",
          Effect: "Allow",
          Principal: { Service: "ecs-tasks.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: {
            StringEquals: { "aws:SourceAccount": "123456789012" },
            ArnLike: { "aws:SourceArn": ["arn:aws:ecs:eu-west-1:123456789012:*"] },
          },
        },
      ]);
    }
    const policies = plan.blocks("aws_iam_role_policy");
    expect(policies.map(({ body }) => embedded(body.policy))).toEqual([
      {
        Version: "2012-10-17",
        Statement: [
          { Sid: "Read", Effect: "Allow", Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::a/*"] },
        ],
      },
    ]);
    expect(policies.map(({ body }) => plan.target(body.role)?.address)).toEqual([roles[0]?.address]);
  });

  test("carries our denials under an organisation's boundary", () => {
    const plan = rolePlan({ denied: boundaryDenials() });
    const [policy] = plan.blocks("aws_iam_role_policy");
    expect(embedded(policy?.body.policy)).toEqual({
      Version: "2012-10-17",
      Statement: [...rights, ...boundaryDenials()],
    });
    // What IAM takes of all inline policies of a role.
    expect(String(policy?.body.policy).length).toBeLessThan(10_240 / 2);
  });

  test("without rights has no policy, denials or not", () => {
    expect(rolePlan({}, []).blocks("aws_iam_role_policy")).toEqual([]);
    expect(rolePlan({ denied: boundaryDenials() }, []).blocks("aws_iam_role_policy")).toEqual([]);
  });
});

test("the boundary lets through named services and denies by name", () => {
  const plan = synthPlan((stack) => {
    const { naming, tags } = testDeployment(stack);
    new Boundary(stack, "boundary", { naming, tags, path: "/mcp/" });
  });
  const policies = plan.blocks("aws_iam_policy");
  expect(policies.map(({ body }) => body)).toEqual([
    expect.objectContaining({ name: "acme-test-boundary", path: "/mcp/", tags: { team: "platform" } }),
  ]);
  expect(policies.map(({ body }) => embedded(body.policy))).toEqual([
    {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "AtMostTheseServices",
          Effect: "Allow",
          Action: GRANTABLE_SERVICES.map((service) => `${service}:*`),
          Resource: "*",
        },
        ...boundaryDenials(),
      ],
    },
  ]);
});

test("identities are no service that a role may be granted", () => {
  for (const service of [
    "iam",
    "sts",
    "organizations",
    "account",
    "sso",
    "cloudtrail",
    "wafv2",
    "route53",
    "acm",
  ])
    expect(GRANTABLE_SERVICES).not.toContain(service);
});

test.each(["production", "sandbox"] as const)(
  "a key in %s rotates, and is the account's to decide on",
  (posture) => {
    const plan = synthPlan((stack) => {
      const on = testDeployment(stack, posture);
      const service = {
        Sid: "S",
        Effect: "Allow",
        Principal: { Service: "x" },
        Action: "kms:Decrypt",
      } as const;
      new CustomerKey(stack, "key", { on, name: "logs", description: "Logs", statements: [service] });
    });
    const keys = plan.blocks("aws_kms_key");
    expect(keys).toHaveLength(1);
    for (const { body } of keys) {
      expect(body).toMatchObject({
        enable_key_rotation: true,
        deletion_window_in_days: posture === "production" ? 30 : 7,
        tags: { team: "platform" },
      });
      expect(statementsOf(plan, body.policy)).toEqual([
        {
          Sid: "AccountDecidesByIam",
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::123456789012:root" },
          Action: "kms:*",
          Resource: "*",
        },
        { Sid: "S", Effect: "Allow", Principal: { Service: "x" }, Action: "kms:Decrypt" },
      ]);
    }
    const aliases = plan.blocks("aws_kms_alias");
    expect(aliases.map(({ body }) => [body.name, plan.target(body.target_key_id)?.address])).toEqual([
      ["alias/acme-test-logs", keys[0]?.address],
    ]);
  },
);
