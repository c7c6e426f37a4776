import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Wafv2WebAclAssociation } from "@cdktf/provider-aws/lib/wafv2-web-acl-association";
import { App, TerraformStack } from "cdktf";
import { GivenBucket } from "../../lib/audit/given-bucket";
import { deployerPolicies } from "../../lib/deployer/policies";
import { GivenLoadBalancer } from "../../lib/ingress/given-load-balancer";
import { ServerRoute } from "../../lib/ingress/server-route";
import { Manifest } from "../../lib/terraform/manifest";
import { Plan } from "../../lib/terraform/plan";
import { forEmulator } from "../support/emulated";
import { signedFor, startEmulator, type Emulator } from "../support/emulator/emulator";
import { testDeployment } from "../support/plan";
import { scratch } from "../support/scratch";
import { readStack, TerraformRun } from "../support/terraform";
import { describeWith } from "../support/toolchain";
import { actionsOf } from "./actions";

/** Seconds on two cores, the first schema of the real provider included. */
const BUDGET_S = { start: 180, apply: 120 };

/** What somebody else has made. */
interface Theirs {
  readonly vpcId: string;
  readonly groupId: string;
  readonly balancerArn: string;
  readonly listenerArn: string;
  readonly certificateArn: string;
  readonly webAclArn: string;
}

describeWith(["terraform", "python"], "behind a load balancer that is there, in an emulated account", () => {
  let emulator: Emulator;
  let file: string;
  let run: TerraformRun;
  let given: readonly string[];

  beforeAll(async () => {
    emulator = await startEmulator("given");
    const theirs = await made(emulator);
    file = write(theirs);
    const emulated = await forEmulator(file, "deployer-given", emulator);
    run = await TerraformRun.start(emulated.file, { name: "deployer-given", ...emulated });
    const facts = { boundary: "arn:aws:iam::123456789012:policy/boundary" };
    given = deployerPolicies(new Plan(readStack(file)), facts).flatMap(({ Statement }) =>
      Statement.flatMap(({ Action }) => Action),
    );
  }, BUDGET_S.start * 1000);
  afterAll(() => emulator.stop());

  it(
    "asks for nothing that its deployer's policies do not give, and for all that they give for what is there",
    async () => {
      const applied = await run.apply();
      expect(applied.errors).toEqual([]);
      const destroyed = await run.destroy();
      expect(destroyed.errors).toEqual([]);
      const seen = actionsOf(Object.keys(await emulator.deployed()));
      expect(seen.filter((action) => !given.includes(action))).toEqual([]);
      expect(seen).toEqual(
        expect.arrayContaining([
          "elasticloadbalancing:AddListenerCertificates",
          "elasticloadbalancing:CreateRule",
          "elasticloadbalancing:DeleteRule",
          "elasticloadbalancing:DescribeListenerCertificates",
          "elasticloadbalancing:RemoveListenerCertificates",
          "s3:GetBucketPolicy",
          "s3:ListBucket",
          "wafv2:AssociateWebACL",
          "wafv2:DisassociateWebACL",
          "wafv2:GetWebACLForResource",
        ]),
      );
      expect(emulator.violations()).toEqual([]);
    },
    BUDGET_S.apply * 1000,
  );
});

/** A server behind what is there. */
function write({ vpcId, groupId, balancerArn, listenerArn, certificateArn, webAclArn }: Theirs): string {
  const outdir = scratch("deployer-given-written");
  const app = new App({ outdir });
  const stack = new TerraformStack(app, "given");
  new AwsProvider(stack, "aws", { region: "eu-west-1" });
  const own = testDeployment(stack);
  const on = { ...own, tags: { "hardened-mcp:name": "acme", "hardened-mcp:environment": "test" } };
  const balancer = new GivenLoadBalancer(stack, "balancer", {
    internal: false,
    vpcId,
    certificateArn,
    slice: {
      kind: "existing",
      arn: balancerArn,
      listenerArn,
      securityGroupId: groupId,
      idleSeconds: 60,
      clientCertificates: undefined,
      waivers: [],
    },
  });
  const { listenerArn: read } = balancer;
  new ServerRoute(stack, "orders", {
    on,
    name: "orders",
    hostname: "mcp.example.com",
    path: "/orders/mcp",
    listenerArn: read,
    vpcId,
    deregistrationSeconds: 120,
  });
  new Wafv2WebAclAssociation(stack, "firewall", { resourceArn: balancer.loadBalancer.arn, webAclArn });
  new GivenBucket(stack, "archive", {
    name: "org-log-archive",
    region: "eu-west-1",
    purpose: "the audit archive",
    policy: [],
  });
  new Manifest(stack, "manifest", {
    kind: "platform",
    deployment: on.naming.prefix,
    posture: "production",
    lifecycle: "disposable",
    waivers: [],
  });
  app.synth();
  return join(outdir, "stacks", "given", "cdk.tf.json");
}

/** AWS tells all of them, the emulator what was set. */
const FIT = {
  "idle_timeout.timeout_seconds": "60",
  "routing.http.drop_invalid_header_fields.enabled": "true",
  "routing.http.desync_mitigation_mode": "defensive",
  "routing.http.xff_header_processing.mode": "append",
  "waf.fail_open.enabled": "false",
} as const;

/** What its owner makes, past Terraform. */
async function made(emulator: Emulator): Promise<Theirs> {
  const ask = async (service: string, version: string, fields: Record<string, string>, wanted: RegExp) => {
    const response = await fetch(emulator.url, {
      method: "POST",
      headers: {
        "content-type": "application/x-www-form-urlencoded; charset=utf-8",
        "x-amz-date": "20260101T000000Z",
        authorization: signedFor(service),
      },
      body: new URLSearchParams({ Version: version, ...fields }),
    });
    return found(fields["Action"] ?? "", await response.text(), wanted);
  };
  const told = async (service: string, target: string, body: object, wanted: RegExp) => {
    const response = await fetch(emulator.url, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": target,
        "x-amz-date": "20260101T000000Z",
        authorization: signedFor(service),
      },
      body: JSON.stringify(body),
    });
    return found(target, await response.text(), wanted);
  };
  const ec2 = (fields: Record<string, string>, wanted: RegExp) => ask("ec2", "2016-11-15", fields, wanted);
  const elb = (fields: Record<string, string>, wanted: RegExp) =>
    ask("elasticloadbalancing", "2015-12-01", fields, wanted);
  const vpcId = await ec2({ Action: "CreateVpc", CidrBlock: "10.80.0.0/16" }, /<vpcId>(vpc-[^<]+)/);
  const subnet = (zone: string, CidrBlock: string) =>
    ec2(
      { Action: "CreateSubnet", VpcId: vpcId, CidrBlock, AvailabilityZone: `eu-west-1${zone}` },
      /<subnetId>(subnet-[^<]+)/,
    );
  const subnets = [await subnet("a", "10.80.0.0/24"), await subnet("b", "10.80.1.0/24")];
  const groupId = await ec2(
    { Action: "CreateSecurityGroup", GroupName: "shared", GroupDescription: "shared", VpcId: vpcId },
    /<groupId>(sg-[^<]+)/,
  );
  const certificate = (DomainName: string) =>
    told("acm", "CertificateManager.RequestCertificate", { DomainName }, /"(arn:[^"]+)"/);
  const balancerArn = await elb(
    {
      Action: "CreateLoadBalancer",
      Name: "shared",
      "Subnets.member.1": subnets[0] ?? "",
      "Subnets.member.2": subnets[1] ?? "",
      "SecurityGroups.member.1": groupId,
    },
    /<LoadBalancerArn>([^<]+)/,
  );
  await elb(
    {
      Action: "ModifyLoadBalancerAttributes",
      LoadBalancerArn: balancerArn,
      ...Object.fromEntries(
        Object.entries(FIT).flatMap(([Key, Value], index) => [
          [`Attributes.member.${index + 1}.Key`, Key],
          [`Attributes.member.${index + 1}.Value`, Value],
        ]),
      ),
    },
    /(ModifyLoadBalancerAttributesResult)/,
  );
  const listenerArn = await elb(
    {
      Action: "CreateListener",
      LoadBalancerArn: balancerArn,
      Protocol: "HTTPS",
      Port: "443",
      SslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
      "Certificates.member.1.CertificateArn": await certificate("shared.example.com"),
      "DefaultActions.member.1.Type": "fixed-response",
      "DefaultActions.member.1.FixedResponseConfig.StatusCode": "404",
    },
    /<ListenerArn>([^<]+)/,
  );
  const webAclArn = await told(
    "wafv2",
    "AWSWAF_20190729.CreateWebACL",
    {
      Name: "shared",
      Scope: "REGIONAL",
      DefaultAction: { Allow: {} },
      VisibilityConfig: {
        SampledRequestsEnabled: true,
        CloudWatchMetricsEnabled: true,
        MetricName: "shared",
      },
    },
    /"ARN": ?"([^"]+)"/,
  );
  const s3 = (query: string, body: string) =>
    fetch(`${emulator.url}/org-log-archive${query}`, {
      method: "PUT",
      headers: { "x-amz-date": "20260101T000000Z", authorization: signedFor("s3") },
      body,
    });
  await s3(
    "",
    "<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>",
  );
  await s3("?policy", JSON.stringify({ Version: "2012-10-17", Statement: [] }));
  return {
    vpcId,
    groupId,
    balancerArn,
    listenerArn,
    certificateArn: await certificate("mcp.example.com"),
    webAclArn,
  };
}

function found(what: string, answer: string, wanted: RegExp): string {
  const [, value] = wanted.exec(answer) ?? [];
  if (value === undefined) throw new Error(`${what} answered ${answer.slice(0, 500)}`);
  return value;
}
