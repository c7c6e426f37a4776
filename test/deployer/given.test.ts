import { TerraformVariable } from "cdktf";
import { HardenedMcp, type HardenedMcpConfig } from "../../lib";
import { deployerPolicies } from "../../lib/deployer/policies";
import type { Plan } from "../../lib/terraform/plan";
import { changed } from "../audit/judge";
import { goodConfig } from "../support/config";
import { decide, type Call, type PolicyStatement } from "../support/iam";
import { writtenPlan } from "../support/plan";
import { behind, logged } from "../tokens/corpus-given";

const ELB = "arn:aws:elasticloadbalancing:eu-west-1:123456789012";
const BALANCER = `${ELB}:loadbalancer/app/shared/0123456789abcdef`;
const LISTENER = `${ELB}:listener/app/shared/0123456789abcdef/fedcba9876543210`;
const RULE = `${ELB}:listener-rule/app/shared/0123456789abcdef/fedcba9876543210/1111111111111111`;
const ACL =
  "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/shared/11111111-2222-3333-4444-555555555555";
const boundary = "arn:aws:iam::123456789012:policy/boundary";

const synth = (config: HardenedMcpConfig) =>
  writtenPlan((stack) => void new HardenedMcp(stack, "mcp", config));
const rights = (plan: Plan, planOnly = false) =>
  deployerPolicies(plan, { account: "123456789012", region: "eu-west-1", boundary, planOnly }).flatMap(
    ({ Statement }) => Statement,
  ) as unknown as PolicyStatement[];

const { name, environment } = goodConfig();
const own = { "hardened-mcp:name": name, "hardened-mcp:environment": environment };
const keyed = (key: string, tags: Record<string, string>) =>
  Object.fromEntries(Object.entries(tags).map(([tag, value]) => [`${key}/${tag}`, value]));
const ofOurs = keyed("aws:ResourceTag", own);
const atCreation = { "elasticloadbalancing:CreateAction": "CreateRule", ...keyed("aws:RequestTag", own) };

const shared = synth({ ...behind, waf: { webAcl: { kind: "new" } } });
const all = rights(shared);

type Row = [action: string, resource: string, context?: Call["context"]];
const called = ([action, resource, context]: Row): Call => ({
  action,
  resource,
  ...(context && { context }),
});
const may = (statements: readonly PolicyStatement[], row: Row) =>
  decide({ rights: statements }, called(row)) === "allowed";

describe("on a load balancer that is there a deployer may", () => {
  test.each<Row>([
    ["elasticloadbalancing:CreateRule", LISTENER],
    ["elasticloadbalancing:AddTags", RULE, atCreation],
    ["elasticloadbalancing:ModifyRule", RULE, ofOurs],
    ["elasticloadbalancing:DeleteRule", RULE, ofOurs],
    ["elasticloadbalancing:SetRulePriorities", RULE, ofOurs],
    ["elasticloadbalancing:AddListenerCertificates", LISTENER],
    ["elasticloadbalancing:RemoveListenerCertificates", LISTENER],
    ["elasticloadbalancing:DescribeListenerCertificates", "*"],
    ["elasticloadbalancing:SetWebAcl", BALANCER],
    ["wafv2:AssociateWebACL", BALANCER],
    ["wafv2:DisassociateWebACL", BALANCER],
    ["s3:ListBucket", "arn:aws:s3:::org-log-archive"],
    ["s3:GetBucketPolicy", "arn:aws:s3:::org-log-archive"],
  ])("%s on %s", (...[action, resource, context]) =>
    expect(may(all, [action, resource, context])).toBe(true),
  );
});

describe("and may not", () => {
  test.each<[what: string, action: string, resource: string, context?: Call["context"]]>([
    ["delete somebody else's rule", "elasticloadbalancing:DeleteRule", RULE],
    [
      "delete another deployment's rule",
      "elasticloadbalancing:DeleteRule",
      RULE,
      { ...ofOurs, "aws:ResourceTag/hardened-mcp:environment": "prod" },
    ],
    ["call somebody else's rule his own", "elasticloadbalancing:AddTags", RULE, keyed("aws:RequestTag", own)],
    ["change the listener", "elasticloadbalancing:ModifyListener", LISTENER],
    ["delete the listener", "elasticloadbalancing:DeleteListener", LISTENER],
    [
      "make a rule on another listener",
      "elasticloadbalancing:CreateRule",
      LISTENER.replace("shared", "other"),
    ],
    ["change the load balancer", "elasticloadbalancing:ModifyLoadBalancerAttributes", BALANCER],
    ["delete the load balancer", "elasticloadbalancing:DeleteLoadBalancer", BALANCER],
    ["read what is archived", "s3:GetObject", "arn:aws:s3:::org-log-archive/mcp/acme/x"],
    ["change the archive's policy", "s3:PutBucketPolicy", "arn:aws:s3:::org-log-archive"],
  ])("%s", (...[, action, resource, context]) => expect(may(all, [action, resource, context])).toBe(false));
});

test("a given web ACL is put before a load balancer that is made here, and not changed", () => {
  const { waf } = behind;
  const statements = rights(synth({ ...goodConfig(), ...(waf && { waf }) }));
  expect(may(statements, ["wafv2:AssociateWebACL", ACL])).toBe(true);
  expect(may(statements, ["wafv2:UpdateWebACL", ACL])).toBe(false);
});

test("of buckets that are there, only the policy is read", () => {
  const statements = rights(synth(logged));
  expect(may(statements, ["s3:GetBucketPolicy", "arn:aws:s3:::org-lb-logs"])).toBe(true);
  expect(may(statements, ["s3:PutObject", "arn:aws:s3:::org-lb-logs/x"])).toBe(false);
});

test("whoever only plans reads, and changes nothing", () => {
  const reads = rights(shared, true);
  expect(may(reads, ["s3:GetBucketPolicy", "arn:aws:s3:::org-log-archive"])).toBe(true);
  expect(may(reads, ["elasticloadbalancing:DescribeListenerCertificates", "*"])).toBe(true);
  for (const row of [
    ["elasticloadbalancing:CreateRule", LISTENER],
    ["elasticloadbalancing:AddListenerCertificates", LISTENER],
    ["elasticloadbalancing:SetWebAcl", BALANCER],
  ] as const)
    expect(may(reads, [...row])).toBe(false);
});

test("nothing is given where nothing is there already", () => {
  const sids = rights(synth(goodConfig())).map(({ Sid = "" }) => Sid);
  expect(sids.filter((sid) => sid.includes("Given"))).toEqual([]);
});

describe("what cannot be told apart gives no policy", () => {
  test("a listener that is known only later", () => {
    const later = writtenPlan((stack) => {
      const listenerArn = new TerraformVariable(stack, "listener", { type: "string" }).stringValue;
      const { loadBalancer } = behind.ingress as { loadBalancer: object };
      const ingress = { ...behind.ingress, loadBalancer: { ...loadBalancer, listenerArn } };
      new HardenedMcp(stack, "mcp", { ...behind, ingress } as HardenedMcpConfig);
    });
    expect(() => rights(later)).toThrow(
      "it uses ${var.listener}, which is there already and known only later",
    );
    expect(rights(later, true).length).toBeGreaterThan(5);
  });
  test("rules without the deployment's tags", () => {
    const bare = changed(shared, "aws_lb_listener_rule", (body) => delete body["tags"]);
    expect(() => rights(bare)).toThrow("its listener rules have no hardened-mcp:name");
    expect(rights(bare, true).length).toBeGreaterThan(5);
  });
});
