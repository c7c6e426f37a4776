/** @jest-environment-options {"ownLib": true} */
import type { Block, Plan } from "../../lib/terraform/plan";
import type * as Fixture from "./fixture";
import { CLOUDFLARE, edgePlan, EXISTING, ROUTE53 } from "./fixture";

const bare = ({ body: { "//": _, ...body } }: Block) => body;
const bodies = (plan: Plan, type: string) => plan.blocks(type).map(bare);
const option = (plan: Plan, field: string) => {
  const [certificate] = plan.blocks("aws_acm_certificate");
  return `tolist(${certificate?.address}.domain_validation_options).0.${field}`;
};

test("a certificate of AWS is proved in Route 53, and used when it is valid", () => {
  const plan = edgePlan(ROUTE53);
  const [certificate] = plan.blocks("aws_acm_certificate");
  expect(bodies(plan, "aws_acm_certificate")).toEqual([
    {
      domain_name: "mcp.example.com",
      validation_method: "DNS",
      options: { certificate_transparency_logging_preference: "ENABLED" },
      tags: { team: "platform" },
      lifecycle: { create_before_destroy: true },
    },
  ]);
  const proof = plan.blocks("aws_route53_record").find(({ body }) => body.allow_overwrite === true);
  expect(proof && bare(proof)).toEqual({
    zone_id: ROUTE53.zoneId,
    name: "${" + option(plan, "resource_record_name") + "}",
    type: "${" + option(plan, "resource_record_type") + "}",
    records: ["${" + option(plan, "resource_record_value") + "}"],
    ttl: 300,
    allow_overwrite: true,
  });
  const [validation] = plan.blocks("aws_acm_certificate_validation");
  expect(plan.target(validation?.body.certificate_arn)?.address).toBe(certificate?.address);
  expect(validation?.body.validation_record_fqdns).toEqual(["${" + `${proof?.address}.fqdn` + "}"]);
  const [listener] = plan.blocks("aws_lb_listener");
  expect(plan.target(listener?.body.certificate_arn)?.address).toBe(validation?.address);
});

test("the name is an alias in Route 53", () => {
  const records = bodies(edgePlan(ROUTE53), "aws_route53_record").filter(({ type }) => type === "A");
  expect(records).toEqual([
    {
      zone_id: ROUTE53.zoneId,
      name: "mcp.example.com",
      type: "A",
      alias: { name: "lb.example.aws", zone_id: "ZLB", evaluate_target_health: false },
    },
  ]);
});

test("at Cloudflare proof and name are written without a proxy, and nothing in Route 53", () => {
  const plan = edgePlan(CLOUDFLARE);
  const name = "${trimsuffix(" + option(plan, "resource_record_name") + ', ".")}';
  const records = bodies(plan, "cloudflare_dns_record");
  expect(records).toHaveLength(2);
  expect(records).toContainEqual({
    zone_id: CLOUDFLARE.zoneId,
    name,
    type: "${" + option(plan, "resource_record_type") + "}",
    content: "${trimsuffix(" + option(plan, "resource_record_value") + ', ".")}',
    ttl: 300,
    proxied: false,
    comment: expect.any(String),
  });
  expect(records).toContainEqual({
    zone_id: CLOUDFLARE.zoneId,
    name: "mcp.example.com",
    type: "CNAME",
    content: "lb.example.aws",
    ttl: 300,
    proxied: false,
    comment: expect.stringContaining("acme-test"),
  });
  expect(bodies(plan, "aws_acm_certificate_validation")[0]?.validation_record_fqdns).toEqual([name]);
  expect(plan.blocks("aws_route53_record")).toEqual([]);
});

test("a certificate that is there is used as it is, and nothing is written beside it", () => {
  const plan = edgePlan(EXISTING);
  expect(bodies(plan, "aws_lb_listener")[0]?.certificate_arn).toBe(EXISTING.arn);
  expect(plan.blocks("aws_acm_certificate", "aws_route53_record", "cloudflare_dns_record")).toEqual([]);
});

test("proof and name may be in different hands", () => {
  const plan = edgePlan(CLOUDFLARE, ROUTE53);
  expect(plan.blocks("cloudflare_dns_record")).toHaveLength(1);
  expect(plan.blocks("aws_route53_record")).toHaveLength(1);
});

describe("without Cloudflare's provider", () => {
  const missing = () => {
    throw new Error("Cannot find module");
  };

  test("names at AWS work, names at Cloudflare say what to install", () => {
    jest.isolateModules(() => {
      jest.doMock("@cdktf/provider-cloudflare/lib/dns-record", missing);
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const { edgePlan: build } = require("./fixture") as typeof Fixture;
      expect(build(ROUTE53).blocks("aws_route53_record")).toHaveLength(2);
      expect(() => build(CLOUDFLARE)).toThrow("@cdktf/provider-cloudflare: install it");
    });
  });
});
