import { TerraformOutput } from "cdktf";
import { HardenedMcp } from "../../lib";
import { GivenLoadBalancer } from "../../lib/ingress/given-load-balancer";
import { goodConfig } from "../support/config";
import { planSays, validated, withoutVersion6, writeStack } from "../support/provider-run";
import { REAL_VERSION, realSchema } from "../support/schema/real";
import { describeWith } from "../support/toolchain";
import { behind } from "../tokens/corpus-given";

/** Seconds a plan may take; the real provider's first schema takes longer. */
const BUDGET_S = 60;
const FIRST_SCHEMA_S = 120;

const HOME = "arn:aws:elasticloadbalancing:eu-west-1:123456789012";
const ARN = `${HOME}:loadbalancer/app/shared/0123456789abcdef`;
const GROUP = "sg-0123456789abcdef0";
const VPC = "vpc-0123456789abcdef0";

const write = () =>
  writeStack("given-balancer-written", (stack) => {
    const { loadBalancer } = new GivenLoadBalancer(stack, "balancer", {
      internal: true,
      vpcId: VPC,
      slice: {
        kind: "existing",
        arn: ARN,
        listenerArn: `${HOME}:listener/app/shared/0123456789abcdef/fedcba9876543210`,
        securityGroupId: GROUP,
        idleSeconds: 120,
        clientCertificates: undefined,
        waivers: [],
      },
    });
    new TerraformOutput(stack, "suffix", { value: loadBalancer.arnSuffix });
  });

/** What AWS would answer about a load balancer and a listener that are fit. */
const FIT = {
  aws_lb: {
    load_balancer_type: "application",
    drop_invalid_header_fields: true,
    desync_mitigation_mode: "defensive",
    enable_waf_fail_open: false,
    xff_header_processing_mode: "append",
    internal: true,
    vpc_id: VPC,
    idle_timeout: 120,
    security_groups: [GROUP, "sg-0123456789abcdef9"],
  },
  aws_lb_listener: {
    protocol: "HTTPS",
    port: 443,
    ssl_policy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
    load_balancer_arn: ARN,
  },
};

describeWith(["terraform"], "a load balancer that is there, as Terraform reads it", () => {
  let file: string;
  beforeAll(async () => {
    await realSchema();
    file = write();
  }, FIRST_SCHEMA_S * 1000);

  /** What a plan stops at, where AWS answers otherwise in one place. */
  const stops = (type: keyof typeof FIT, change: Record<string, string | number | boolean | string[]>) =>
    planSays(file, "given-balancer", { ...FIT, [type]: { ...FIT[type], ...change } });

  it(
    `is written as provider ${REAL_VERSION} knows it`,
    async () => expect(await validated(file, "given-balancer-validate")).toEqual([]),
    BUDGET_S * 1000,
  );

  it(
    "is taken with a whole deployment behind it and a web ACL that is there too",
    async () => {
      const whole = writeStack(
        "given-whole-written",
        (stack) => void new HardenedMcp(stack, "mcp", { ...behind, servers: goodConfig().servers }),
      );
      expect(await validated(await withoutVersion6(whole), "given-whole-validate")).toEqual([]);
    },
    BUDGET_S * 1000,
  );

  it(
    "passes where it is fit",
    async () => expect(await stops("aws_lb", {})).toBe("nothing"),
    BUDGET_S * 1000,
  );

  it.each<[string, keyof typeof FIT, string, string | number | boolean | string[]]>([
    ["a network load balancer", "aws_lb", "load_balancer_type", "network"],
    ["one that lets malformed headers through", "aws_lb", "drop_invalid_header_fields", false],
    ["one that only watches ambiguous requests", "aws_lb", "desync_mitigation_mode", "monitor"],
    ["one that is open when the firewall does not answer", "aws_lb", "enable_waf_fail_open", true],
    ["one that keeps what callers say of their address", "aws_lb", "xff_header_processing_mode", "preserve"],
    ["a public one where only the inside may call", "aws_lb", "internal", false],
    ["one of another VPC", "aws_lb", "vpc_id", "vpc-0fedcba9876543210"],
    ["one that cuts earlier", "aws_lb", "idle_timeout", 60],
    ["one with another group", "aws_lb", "security_groups", ["sg-0123456789abcdef9"]],
    ["a listener in clear", "aws_lb_listener", "protocol", "HTTP"],
    ["a listener on another port", "aws_lb_listener", "port", 8443],
    ["a listener of 2016's policy", "aws_lb_listener", "ssl_policy", "ELBSecurityPolicy-2016-08"],
    ["a listener of another load balancer", "aws_lb_listener", "load_balancer_arn", `${ARN}0`],
  ])(
    "no plan passes %s",
    async (_name, type, attribute, value) => {
      const said = await stops(type, { [attribute]: value });
      expect(said).toContain(`is not fit for MCP servers: its ${attribute} has to be`);
    },
    BUDGET_S * 1000,
  );
});
