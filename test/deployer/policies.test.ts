import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TerraformStack, TerraformVariable, Testing } from "cdktf";
import { HardenedMcp } from "../../lib";
import { DeployerError, deployerPolicies } from "../../lib/deployer/policies";
import { SERVICES } from "../../lib/deployer/services";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";
import { cli, folder } from "../cli/io";
import { goodConfig } from "../support/config";
import { EXAMPLES, synthExample, type ExampleName } from "../support/examples";
import { decide, type Call, type PolicyStatement } from "../support/iam";
import { ownStorePlan } from "../limits/fixture";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";

const ACCOUNT = "123456789012";
const facts = { account: ACCOUNT, region: "eu-west-1" };
const BOUNDARY = `arn:aws:iam::${ACCOUNT}:policy/mcp/acme-prod-boundary`;
const complete = deployerPolicies(synthExample("complete"), facts);
/** Written as a user writes it: what stands in the file beside the resources counts here. */
function written(build: (stack: TerraformStack) => void): Plan {
  const stack = new TerraformStack(Testing.app(), "written");
  new AwsProvider(stack, "aws", { region: "eu-west-1" });
  build(stack);
  stack.prepareStack();
  return new Plan(stack.toTerraform() as TerraformJson);
}

const rights = complete.flatMap(({ Statement }) => Statement) as unknown as PolicyStatement[];
const may = (call: Call) => decide({ rights }, call) === "allowed";
const here = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:${ACCOUNT}:${rest}`;
const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/mcp/${name}`;
const inside = { "iam:PermissionsBoundary": BOUNDARY };

describe("a deployer may do what a deployment is made of", () => {
  test.each<[string, string, Call["context"]?]>([
    ["iam:CreateRole", role("acme-prod-orders-task"), inside],
    ["iam:PutRolePolicy", role("acme-prod-orders-task"), inside],
    ["iam:PassRole", role("acme-prod-orders-task"), { "iam:PassedToService": "ecs-tasks.amazonaws.com" }],
    ["secretsmanager:CreateSecret", here("secretsmanager", "secret:acme-prod/orders/tls-AbCdEf")],
    ["lambda:UpdateFunctionCode", here("lambda", "function:acme-prod-orders_tls_rotation")],
    ["logs:CreateLogGroup", here("logs", "log-group:/aws/ecs/containerinsights/acme-prod-mcp/performance")],
    ["logs:PutSubscriptionFilter", here("logs", "log-group:/hardened-mcp/acme-prod-orders-audit:*")],
    ["elasticloadbalancing:CreateRule", here("elasticloadbalancing", "listener/app/acme-prod-ingress/1/2")],
    ["s3:PutBucketPolicy", "arn:aws:s3:::acme-prod-audit-20261125"],
    ["kms:CreateKey", "*", { "aws:RequestedRegion": "eu-west-1" }],
  ])("%s on %s", (...[action, resource, context]) =>
    expect(may({ action, resource, ...(context && { context }) })).toBe(true),
  );
});

describe("where a store of limits is made", () => {
  const plan = ownStorePlan();
  const own = deployerPolicies(plan, { ...facts, boundary: BOUNDARY }).flatMap(
    ({ Statement }) => Statement,
  ) as unknown as PolicyStatement[];
  const mayThere = (action: string, resource: string) =>
    decide({ rights: own }, { action, resource }) === "allowed";

  test.each<[string, string]>([
    ["elasticache:CreateReplicationGroup", "replicationgroup:acme-test-orders-limits"],
    ["elasticache:CreateReplicationGroup", "usergroup:acme-test-orders-limits"],
    ["elasticache:DescribeCacheClusters", "cluster:acme-test-orders-limits-001"],
    ["elasticache:CreateUser", "user:acme-test-orders-limits"],
    ["elasticache:ModifyCacheParameterGroup", "parametergroup:acme-test-orders-limits-valkey8"],
    ["elasticache:DeleteCacheSubnetGroup", "subnetgroup:acme-test-orders-limits"],
  ])("he may %s on %s", (action, resource) =>
    expect(mayThere(action, here("elasticache", resource))).toBe(true),
  );

  test.each<[string, string]>([
    ["elasticache:DeleteReplicationGroup", "replicationgroup:billing"],
    ["elasticache:ModifyUser", "user:default"],
    ["elasticache:ModifyUser", "user:billing"],
    ["elasticache:Connect", "user:acme-test-orders-limits"],
    ["elasticache:CreateServerlessCache", "serverlesscache:acme-test-x"],
  ])("he may not %s on %s", (action, resource) =>
    expect(mayThere(action, here("elasticache", resource))).toBe(false),
  );

  test("and nowhere else", () =>
    expect(
      may({
        action: "elasticache:CreateUser",
        resource: here("elasticache", "user:acme-prod-orders-limits"),
      }),
    ).toBe(false));
});

describe("and nothing beside it", () => {
  test.each<[string, string, string, Call["context"]?]>([
    ["make a role outside the boundary", "iam:CreateRole", role("acme-prod-orders-task")],
    [
      "make a role in a boundary of his own",
      "iam:CreateRole",
      role("acme-prod-x"),
      { "iam:PermissionsBoundary": `arn:aws:iam::${ACCOUNT}:policy/mine` },
    ],
    ["take a boundary away", "iam:DeleteRolePermissionsBoundary", role("acme-prod-orders-task"), inside],
    ["widen a role that has none", "iam:PutRolePolicy", role("acme-prod-orders-task")],
    ["widen somebody else's role", "iam:PutRolePolicy", role("admin"), inside],
    [
      "hand a role to a machine of his",
      "iam:PassRole",
      role("acme-prod-x"),
      { "iam:PassedToService": "ec2.amazonaws.com" },
    ],
    [
      "hand on somebody else's role",
      "iam:PassRole",
      role("admin"),
      { "iam:PassedToService": "lambda.amazonaws.com" },
    ],
    ["become a user", "iam:CreateAccessKey", `arn:aws:iam::${ACCOUNT}:user/eve`],
    [
      "read secrets of others",
      "secretsmanager:GetSecretValue",
      here("secretsmanager", "secret:billing/db-AbCdEf"),
    ],
    ["change functions of others", "lambda:UpdateFunctionCode", here("lambda", "function:billing")],
    ["delete logs of others", "logs:DeleteLogGroup", here("logs", "log-group:/aws/lambda/billing")],
    ["empty buckets of others", "s3:DeleteObject", "arn:aws:s3:::billing/x"],
    ["go round the lock of the archive", "s3:BypassGovernanceRetention", "arn:aws:s3:::acme-prod-audit-1/x"],
    ["work in another region", "ec2:CreateVpc", "*", { "aws:RequestedRegion": "us-east-1" }],
    ["run machines", "ec2:RunInstances", "*", { "aws:RequestedRegion": "eu-west-1" }],
  ])("he cannot %s", (...[_what, action, resource, context]) =>
    expect(may({ action, resource, ...(context && { context }) })).toBe(false),
  );
});

describe("whoever plans only", () => {
  const reads = deployerPolicies(synthExample("complete"), { ...facts, planOnly: true }).flatMap(
    ({ Statement }) => Statement,
  ) as unknown as PolicyStatement[];
  const mayPlan = (call: Call) => decide({ rights: reads }, call) === "allowed";

  test.each<[string, string, Call["context"]?]>([
    ["iam:GetRolePolicy", role("acme-prod-orders-task")],
    ["lambda:GetFunction", here("lambda", "function:acme-prod-orders_tls_rotation")],
    ["s3:GetBucketPolicy", "arn:aws:s3:::acme-prod-audit-20261125"],
    [
      "secretsmanager:GetSecretValue",
      here("secretsmanager", "secret:acme-prod/_gateway/orders/policy-AbCdEf"),
    ],
    [
      "kms:Decrypt",
      here("kms", "key/1"),
      {
        "kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com",
        "kms:EncryptionContext:SecretARN": here(
          "secretsmanager",
          "secret:acme-prod/_gateway/orders/policy-AbCdEf",
        ),
      },
    ],
  ])("may %s on %s", (...[action, resource, context]) =>
    expect(mayPlan({ action, resource, ...(context && { context }) })).toBe(true),
  );

  test.each<[string, string, string, Call["context"]?]>([
    ["changes nothing", "ecs:UpdateService", here("ecs", "service/acme-prod-mcp/acme-prod-orders")],
    ["calls no function", "lambda:InvokeFunction", here("lambda", "function:acme-prod-orders_tls_rotation")],
    [
      "reads no client's key",
      "secretsmanager:GetSecretValue",
      here("secretsmanager", "secret:acme-prod/orders/client-ci-bot-AbCdEf"),
    ],
    [
      "decrypts no client's key",
      "kms:Decrypt",
      here("kms", "key/1"),
      {
        "kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com",
        "kms:EncryptionContext:SecretARN": here(
          "secretsmanager",
          "secret:acme-prod/orders/client-ci-bot-AbCdEf",
        ),
      },
    ],
    [
      "hands on no role",
      "iam:PassRole",
      role("acme-prod-x"),
      { "iam:PassedToService": "lambda.amazonaws.com" },
    ],
    ["reads no archived line", "s3:GetObject", "arn:aws:s3:::acme-prod-audit-1/x"],
    [
      "reads no log line",
      "logs:GetLogEvents",
      here("logs", "log-group:/hardened-mcp/acme-prod-orders-audit:*"),
    ],
  ])("%s", (...[_what, action, resource, context]) =>
    expect(mayPlan({ action, resource, ...(context && { context }) })).toBe(false),
  );

  test("needs no boundary to be known", () => {
    const plan = written((stack) => {
      const boundaryArn = new TerraformVariable(stack, "boundary", { type: "string" }).stringValue;
      new HardenedMcp(stack, "mcp", goodConfig({ iam: { boundaryArn } }));
    });
    const actions = deployerPolicies(plan, { planOnly: true }).flatMap(({ Statement }) =>
      Statement.flatMap(({ Action }) => Action),
    );
    expect(actions.length).toBeGreaterThan(50);
    expect(actions.filter((action) => !/:(Get|List|Describe)/.test(action))).toEqual([]);
  });
});

describe("who deploys into a network that is there", () => {
  const mayThere = (name: ExampleName, action: string) => {
    const given = deployerPolicies(synthExample(name), { ...facts, boundary: BOUNDARY });
    const call = { action, resource: "*", context: { "aws:RequestedRegion": "eu-west-1" } };
    return (
      decide(
        { rights: given.flatMap(({ Statement }) => Statement) as unknown as PolicyStatement[] },
        call,
      ) === "allowed"
    );
  };
  test.each([
    "ec2:DeleteVpc",
    "ec2:DeleteSubnet",
    "ec2:CreateRoute",
    "ec2:DeleteVpcEndpoints",
    "ec2:ModifyVpcEndpoint",
    "ec2:DeleteFlowLogs",
    "ec2:ReplaceNetworkAclEntry",
    "ec2:CreateInternetGateway",
    "ec2:ModifyManagedPrefixList",
  ])("may not %s", (action) => {
    expect(mayThere("existing-load-balancer", action)).toBe(false);
    expect(mayThere("existing-network", action)).toBe(false);
    expect(mayThere("payments", action)).toBe(true);
  });
  test.each([
    "ec2:CreateSecurityGroup",
    "ec2:AuthorizeSecurityGroupIngress",
    "ec2:DescribeVpcs",
    "ec2:DescribeSubnets",
  ])("may %s", (action) => expect(mayThere("existing-load-balancer", action)).toBe(true));
});

test("no action and no service is given whole", () => {
  for (const { Action, Sid } of rights)
    for (const action of [Action ?? []].flat())
      expect([Sid, /^[a-z0-9-]+:[A-Z][A-Za-z0-9]+$/.test(action)]).toEqual([Sid, true]);
});

describe.each(EXAMPLES)("for %s", (name) => {
  const plan = synthExample(name);
  test("every kind of resource has somebody who may make it", () => {
    const types = [...new Set(plan.all.map(({ type }) => type))].filter(
      (type) => type.startsWith("aws_") && !/^aws_(iam_|caller_identity|region|partition)/.test(type),
    );
    const orphans = types.filter((type) => !SERVICES.some((service) => service.types.test(type)));
    expect(orphans).toEqual([]);
  });
  test("the policies are as IAM takes them", () => {
    if (plan.blocks("aws_iam_role").length === 0) return;
    const boundary = "arn:aws:iam::123456789012:policy/boundary";
    const policies = deployerPolicies(plan, { ...facts, boundary });
    expect(policies.length).toBeLessThanOrEqual(10);
    for (const policy of policies)
      expect(JSON.stringify(policy).replace(/\s/g, "").length).toBeLessThan(6_144);
    const sids = policies.flatMap(({ Statement }) => Statement.map(({ Sid }) => Sid));
    expect(new Set(sids).size).toBe(sids.length);
    for (const sid of sids) expect(sid).toMatch(/^[A-Za-z0-9]+$/);
  });
});

test("names of another form are found wherever the form puts them", () => {
  const plan = written((stack) => {
    new HardenedMcp(stack, "mcp", goodConfig({ naming: { pattern: "corp-{prefix}-{what}" } }));
  });
  const text = JSON.stringify(deployerPolicies(plan, facts));
  expect(text).toContain(`arn:*:lambda:eu-west-1:${ACCOUNT}:function:*acme-test*`);
  expect(text).toContain(`arn:*:secretsmanager:eu-west-1:${ACCOUNT}:secret:acme-test/*`);
});

describe("what gives no policy says why", () => {
  test("a file that is not ours", () =>
    expect(() => deployerPolicies(new Plan({ resource: {} } as TerraformJson))).toThrow(
      new DeployerError("it declares no deployment of ours"),
    ));
  test("a boundary that is known only later", () => {
    const plan = written((stack) => {
      const boundaryArn = new TerraformVariable(stack, "boundary", { type: "string" }).stringValue;
      new HardenedMcp(stack, "mcp", goodConfig({ iam: { boundaryArn } }));
    });
    expect(() => deployerPolicies(plan)).toThrow(/name it with --boundary/);
    expect(JSON.stringify(deployerPolicies(plan, { boundary: BOUNDARY }))).toContain(BOUNDARY);
  });
});

describe("on the command line", () => {
  const root = folder({
    "complete/cdk.tf.json": synthExample("complete").source as object,
    "theirs.json": { resource: { aws_s3_bucket: { b: {} } } },
  });
  test("it prints what was given", async () => {
    const { code, out } = await cli(
      root,
      "deployer",
      "complete",
      "--account",
      ACCOUNT,
      "--region",
      "eu-west-1",
    );
    expect([code, JSON.parse(out)]).toEqual([0, JSON.parse(JSON.stringify(complete))]);
  });
  test("into a folder that it makes, and says what an earlier run has left there", async () => {
    const first = await cli(root, "deployer", "complete", "--out", "rights/of-it");
    const written = readdirSync(join(root, "rights", "of-it"));
    expect([first.code, first.err, written.length]).toEqual([0, "", first.out.trim().split("\n").length]);
    writeFileSync(join(root, "rights", "of-it", `deployer-${written.length + 1}.json`), "{}");
    const { code, err } = await cli(root, "deployer", "complete", "--out", "rights/of-it");
    expect([code, err]).toEqual([
      0,
      `rights/of-it/deployer-${written.length + 1}.json: of an earlier run, and not of these ${written.length}; remove it\n`,
    ]);
    expect(await cli(root, "deployer", "complete", "--out", "theirs.json")).toMatchObject({
      code: 2,
      err: expect.stringContaining("theirs.json cannot be written") as unknown,
    });
  });
  test.each<[string[], RegExp]>([
    [["complete", "--account", "12"], /--account is "12", expected 12 digits/],
    [["complete", "--region", "europe"], /--region is "europe", expected a region/],
    [["complete", "--boundary", "mine"], /--boundary is "mine", expected the ARN/],
    [["theirs.json"], /theirs\.json: it declares no deployment of ours/],
  ])("%j", async (args, says) => {
    const { code, err } = await cli(root, "deployer", ...args);
    expect([code, err]).toEqual([2, expect.stringMatching(says)]);
  });
});
