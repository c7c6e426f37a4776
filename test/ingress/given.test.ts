import { TerraformVariable } from "cdktf";
import { HardenedMcp, type HardenedMcpConfig } from "../../lib";
import { judgePlan } from "../../lib/checklist/engine";
import { CONTROLS } from "../../lib/checklist/controls";
import { givenControls } from "../../lib/ingress/given-controls";
import { resolveHardenedMcp } from "../../lib/model";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";
import { goodConfig, isTestToken, problemsOf, TOKEN } from "../support/config";
import { synthPlan, writtenPlan } from "../support/plan";

const elb = (rest: string, region = "eu-west-1", account = "123456789012") =>
  `arn:aws:elasticloadbalancing:${region}:${account}:${rest}`;
const BALANCER = {
  kind: "existing",
  arn: elb("loadbalancer/app/shared/0123456789abcdef"),
  listenerArn: elb("listener/app/shared/0123456789abcdef/fedcba9876543210"),
  securityGroupId: "sg-0123456789abcdef0",
} as const;

const NETWORK = {
  kind: "existing",
  vpcId: "vpc-0123456789abcdef0",
  vpcCidr: "10.80.0.0/16",
  taskSubnetIds: ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"],
  endpoints: { kind: "new", taskRouteTableIds: ["rtb-0123456789abcdef0"] },
};

/** A deployment behind somebody else's load balancer; a change of a slice is laid over it. */
function config(change: { readonly [slice in keyof HardenedMcpConfig]?: object } = {}): HardenedMcpConfig {
  const base = goodConfig();
  return {
    ...base,
    network: { ...(change.network && "kind" in change.network ? {} : NETWORK), ...change.network } as never,
    edge: { ...base.edge, ...change.edge },
    ingress: { loadBalancer: BALANCER, idleSeconds: 120, ...change.ingress } as never,
    waf: { webAcl: { kind: "new" }, ...change.waf } as never,
    ...(change.keys && { keys: change.keys as never }),
    ...(change.cluster && { cluster: change.cluster as never }),
  };
}

const plan = writtenPlan((stack) => void new HardenedMcp(stack, "mcp", config()));
const data = (of: Plan, type: string) =>
  of.all.filter((block) => block.mode === "data" && block.type === type);
const conditions = (of: Plan, type: string) =>
  data(of, type).flatMap(({ body }) =>
    (body["lifecycle"] as { postcondition: { condition: string }[] }).postcondition.map(
      (each) => each.condition,
    ),
  );

describe("behind a load balancer that is there", () => {
  test("none is made, nor a listener, a group or a bucket for its logs", () => {
    for (const type of ["aws_lb", "aws_lb_listener"]) expect(plan.blocks(type)).toEqual([]);
    const names = plan.blocks("aws_security_group").map(({ path }) => path);
    expect(names.filter((path) => path.includes("/ingress"))).toEqual([]);
    expect(plan.blocks("aws_s3_bucket").filter(({ path }) => path.includes("/ingress"))).toEqual([]);
  });
  test("servers, names, alarms and firewall are at the one that was read", () => {
    const [balancer, listener] = [data(plan, "aws_lb")[0], data(plan, "aws_lb_listener")[0]];
    const of = (type: string, field: string) =>
      plan.blocks(type).map(({ body }) => plan.target(body[field])?.address);
    expect(of("aws_lb_listener_rule", "listener_arn")).toEqual([listener?.address]);
    expect(of("aws_wafv2_web_acl_association", "resource_arn")).toEqual([balancer?.address]);
    const [record] = plan.blocks("aws_route53_record").filter(({ body }) => body["type"] === "A");
    expect(JSON.stringify(record?.body["alias"])).toContain(`\${${balancer?.address}.dns_name}`);
    expect(JSON.stringify(plan.blocks("aws_cloudwatch_metric_alarm"))).toContain(
      `\${${balancer?.address}.arn_suffix}`,
    );
  });
  test("the certificate that is made here is added to the listener, once it is valid", () => {
    const [added, ...more] = plan.blocks("aws_lb_listener_certificate");
    expect(more).toEqual([]);
    expect(plan.target(added?.body["certificate_arn"])?.type).toBe("aws_acm_certificate_validation");
  });
  test("one that is there is not: taking it away again would take it from others", () => {
    const arn = "arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-123456789012";
    const own = synthPlan(
      (stack) =>
        void new HardenedMcp(
          stack,
          "mcp",
          config({ edge: { certificate: { kind: "existing", arn }, record: { kind: "none" } } }),
        ),
    );
    expect(own.blocks("aws_lb_listener_certificate")).toEqual([]);
  });
  test("its group lets nobody new out: only the tasks' groups are written to", () => {
    const outward = plan
      .blocks("aws_vpc_security_group_egress_rule")
      .map(({ body }) => body["security_group_id"]);
    expect(outward).not.toContain(BALANCER.securityGroupId);
    const inward = plan
      .blocks("aws_vpc_security_group_ingress_rule")
      .filter(({ body }) => body["referenced_security_group_id"] === BALANCER.securityGroupId);
    expect(inward.map(({ body }) => body["from_port"])).toEqual([8443]);
  });
  test("every plan compares what the deployment was written for", () => {
    expect(conditions(plan, "aws_lb")).toEqual([
      '${self.load_balancer_type == "application"}',
      "${self.drop_invalid_header_fields == true}",
      '${contains(["defensive","strictest"], self.desync_mitigation_mode)}',
      "${self.enable_waf_fail_open == false}",
      '${self.xff_header_processing_mode == "append"}',
      "${self.internal == false}",
      '${self.vpc_id == "vpc-0123456789abcdef0"}',
      "${self.idle_timeout == 120}",
      '${contains(self.security_groups, "sg-0123456789abcdef0")}',
    ]);
    expect(conditions(plan, "aws_lb_listener")).toEqual([
      '${self.protocol == "HTTPS"}',
      "${self.port == 443}",
      expect.stringMatching(
        /^\$\{contains\(\["ELBSecurityPolicy-TLS13-1-3-PQ-2025-09",.*\], self\.ssl_policy\)\}$/,
      ),
      `\${self.load_balancer_arn == "${BALANCER.arn}"}`,
    ]);
  });
  test("an ARN and ids that are known only at deployment are compared then", () => {
    const later = synthPlan((stack) => {
      const text = (name: string) => new TerraformVariable(stack, name, { type: "string" }).stringValue;
      const loadBalancer = { ...BALANCER, arn: text("arn"), listenerArn: text("listener") };
      new HardenedMcp(stack, "mcp", config({ ingress: { loadBalancer }, network: { vpcId: text("vpc") } }));
    });
    expect(conditions(later, "aws_lb")).toContain('${self.vpc_id == join("", [var.vpc])}');
    expect(conditions(later, "aws_lb_listener")).toContain(
      '${self.load_balancer_arn == join("", [var.arn])}',
    );
  });
});

describe("the checklist", () => {
  const verdicts = judgePlan(plan, CONTROLS, { asOf: "2026-11-26" });
  test("does not pass what is in somebody else's file, and says so", () => {
    const unseen = verdicts.filter(
      ({ control, address }) => address === undefined && /^ingress\.(lb|listener)-/.test(control),
    );
    const known = unseen.filter(({ result }) => result === "unknown");
    expect(known.length).toBeGreaterThan(8);
    for (const { detail } of known)
      expect(detail).toMatch(/the load balancer is given, and kept by somebody else$/);
    expect(unseen.filter(({ result }) => result === "pass" || result === "fail")).toEqual([]);
  });
  test("still fails where the firewall that is made here is gone", () => {
    const without = changed(plan, (file) => {
      delete (file["resource"] as Record<string, unknown>)["aws_wafv2_web_acl"];
    });
    const failed = judgePlan(without, CONTROLS, { asOf: "2026-11-26" }).filter(
      ({ result }) => result === "fail",
    );
    expect(failed.map(({ control }) => control)).toEqual(
      expect.arrayContaining(["waf.host-only", "waf.per-ip-rate"]),
    );
  });

  const judged = (of: Plan) =>
    judgePlan(of, givenControls, { asOf: "2026-11-26" })
      .filter(({ result }) => result !== "not-built")
      .map(({ result, detail }) => `${result} ${detail ?? ""}`.trim());
  test("holds that a listener is judged at every plan", () => expect(judged(plan)).toEqual(["pass"]));

  const types = ["aws_lb", "aws_lb_listener"] as const;
  const each = types.flatMap((type) => conditions(plan, type).map((condition) => [type, condition] as const));
  test.each(each)("of %s: %s cannot be taken away", (type, condition) => {
    const without = changed(plan, (file) => {
      for (const block of Object.values(
        (file["data"] as Record<string, Record<string, never>>)[type] ?? {},
      )) {
        const { lifecycle } = block as { lifecycle: { postcondition: { condition: string }[] } };
        lifecycle.postcondition = lifecycle.postcondition.filter((one) => one.condition !== condition);
      }
    });
    expect(judged(without)).toEqual([
      expect.stringMatching(/^fail (no plan stops at another|its listener is read)/),
    ]);
  });
  test.each([
    ["${self.internal == false}", "${self.internal == self.internal}"],
    [
      '${contains(["defensive","strictest"], self.desync_mitigation_mode)}',
      '${contains(["monitor"], self.desync_mitigation_mode)}',
    ],
    ["${self.port == 443}", "${self.port == 80}"],
  ])("%s cannot become %s", (from, to) => {
    expect(judged(edited(plan, from, to))).toEqual([expect.stringMatching(/^fail no plan stops/)]);
  });
  test("a rule on a listener of another file is unknown", () => {
    const other = edited(
      plan,
      `\${${data(plan, "aws_lb_listener")[0]?.address}.arn}`,
      `${BALANCER.listenerArn}0`,
    );
    expect(judged(other)).toEqual([expect.stringMatching(/^unknown its listener is judged where/)]);
  });
});

function changed(of: Plan, change: (file: Record<string, unknown>) => void): Plan {
  const file = JSON.parse(JSON.stringify(of.source)) as Record<string, unknown>;
  change(file);
  return new Plan(file);
}

function edited(of: Plan, from: string, to: string): Plan {
  const text = JSON.stringify(of.source);
  const quoted = (value: string) => JSON.stringify(value).slice(1, -1);
  expect(text).toContain(quoted(from));
  return new Plan(JSON.parse(text.replaceAll(quoted(from), quoted(to))) as TerraformJson);
}

describe("what cannot be is refused, all of it at once", () => {
  const asks = (change: Parameters<typeof config>[0]) =>
    problemsOf(() => resolveHardenedMcp(config(change), isTestToken));
  const balancer = (change: object) => ({ ingress: { loadBalancer: { ...BALANCER, ...change } } });
  const keys = (account: string) => ({
    keys: {
      kind: "existing",
      secretsKeyArn: `arn:aws:kms:eu-west-1:${account}:key/0123abcd-0000-4000-8000-000000000001`,
      auditKeyArn: `arn:aws:kms:eu-west-1:123456789012:key/0123abcd-0000-4000-8000-000000000002`,
      alarmsKeyArn: `arn:aws:kms:eu-west-1:123456789012:key/0123abcd-0000-4000-8000-000000000003`,
    },
  });
  test.each<[string, Parameters<typeof config>[0], string[]]>([
    ["a load balancer", {}, []],
    [
      "one that is known only at deployment",
      balancer({ arn: TOKEN, listenerArn: TOKEN, securityGroupId: TOKEN }),
      [],
    ],
    [
      "a network load balancer",
      balancer({ arn: elb("loadbalancer/net/shared/0123456789abcdef") }),
      ["ingress.loadBalancer.arn is"],
    ],
    ["its name", balancer({ arn: "shared" }), ["ingress.loadBalancer.arn is"]],
    [
      "a target group",
      balancer({ listenerArn: elb("targetgroup/x/0123456789abcdef") }),
      ["ingress.loadBalancer.listenerArn is"],
    ],
    [
      "a listener of another load balancer",
      balancer({ listenerArn: elb("listener/app/other/0123456789abcdef/fedcba9876543210") }),
      ["ingress.loadBalancer.listenerArn is"],
    ],
    [
      "a listener of another region",
      balancer({ listenerArn: elb("listener/app/shared/0123456789abcdef/fedcba9876543210", "us-east-1") }),
      ["ingress.loadBalancer.listenerArn is"],
    ],
    [
      "no group",
      balancer({ securityGroupId: undefined }),
      ["ingress.loadBalancer.securityGroupId is missing"],
    ],
    [
      "a field that is none",
      balancer({ dnsName: "x" }),
      ["ingress.loadBalancer.dnsName is not a field here"],
    ],
    ["no idle time", { ingress: { idleSeconds: undefined } }, ["ingress.idleSeconds is missing"]],
    [
      "what its owner decides",
      {
        ingress: {
          tls: "strict",
          clientKeepAliveSeconds: 60,
          logs: { retainDays: 5 },
          deletionProtection: "on",
          clientCertificates: {
            requiredOf: "every-client-of-every-server",
            trust: { kind: "existing", arn: "x" },
          },
        },
      },
      ["tls", "clientKeepAliveSeconds", "logs", "clientCertificates", "deletionProtection"].map(
        (field) => `ingress.${field} is set for a load balancer that is there already`,
      ),
    ],
    [
      "a new network",
      { network: goodConfig().network },
      ['ingress.loadBalancer.kind is "existing", and the network is new'],
    ],
    [
      "subnets for it",
      { network: { loadBalancerSubnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"] } },
      ["network.loadBalancerSubnetIds are of a load balancer"],
    ],
    [
      "ranges",
      { edge: { reach: { kind: "ranges", cidrs: ["203.0.113.0/24"] } } },
      ["edge.reach.cidrs names blocks"],
    ],
    [
      "blocks inside",
      { edge: { reach: { kind: "internal", cidrs: ["10.0.0.0/8"] } } },
      ["edge.reach.cidrs names blocks"],
    ],
    ["inside", { edge: { reach: { kind: "internal" } } }, []],
    ["no word about the firewall", { waf: { webAcl: undefined } }, ["waf.webAcl is missing"]],
    [
      "a cluster of another region",
      { cluster: { kind: "existing", arn: "arn:aws:ecs:us-east-1:123456789012:cluster/shared" } },
      ["cluster.arn is in us-east-1, ingress.loadBalancer.arn in eu-west-1"],
    ],
    ["keys of its account", keys("123456789012"), []],
    [
      "a key of another account",
      keys("210987654321"),
      ["keys.secretsKeyArn is of account 210987654321, ingress.loadBalancer.arn of 123456789012"],
    ],
  ])("%s", (_name, change, begins) =>
    expect(asks(change)).toEqual(begins.map((begin) => expect.stringContaining(begin))),
  );
  test("one that is made here has to say where it stands", () => {
    const { ingress: _ingress, ...rest } = config();
    expect(problemsOf(() => resolveHardenedMcp(rest, isTestToken))).toEqual([
      expect.stringContaining("network.loadBalancerSubnetIds is missing"),
    ]);
  });
  test("what is not ours cannot be reached for", () => {
    synthPlan((stack) => {
      const mcp = new HardenedMcp(stack, "mcp", config());
      expect(() => mcp.platform.ingress.resource).toThrow("is there already, and its owner's to change");
    });
  });
});
