import { TerraformVariable } from "cdktf";
import { Ingress } from "../../lib/ingress/ingress";
import { resolveIngress } from "../../lib/ingress/model";
import { isToken } from "../../lib/terraform";
import { embedded, type Block, type Plan } from "../../lib/terraform/plan";
import { Check } from "../../lib/validation";
import { synthPlan, testDeployment } from "../support/plan";
import { ingressPlan } from "./fixture";

const plan = ingressPlan();
const bare = ({ body: { "//": _, ...body } }: Block) => body;
const only = (from: Plan, type: string) => {
  const blocks = from.blocks(type);
  expect(blocks).toHaveLength(1);
  return blocks[0] as Block;
};
const reference = (block: Block, attribute: string) => "${" + `${block.address}.${attribute}` + "}";

test("the load balancer is hardened in every attribute that AWS leaves open", () => {
  const bucket = reference(only(plan, "aws_s3_bucket"), "bucket");
  const log = (prefix: string) => ({ bucket, prefix, enabled: true });
  expect(bare(only(plan, "aws_lb"))).toEqual({
    name: "acme-test-ingress",
    load_balancer_type: "application",
    internal: false,
    ip_address_type: "ipv4",
    subnets: ["subnet-a", "subnet-b"],
    security_groups: [reference(only(plan, "aws_security_group"), "id")],
    drop_invalid_header_fields: true,
    desync_mitigation_mode: "strictest",
    enable_http2: true,
    idle_timeout: 300,
    client_keep_alive: 3600,
    enable_waf_fail_open: false,
    xff_header_processing_mode: "append",
    preserve_host_header: true,
    enable_zonal_shift: true,
    enable_deletion_protection: true,
    access_logs: log("access"),
    connection_logs: log("connection"),
    health_check_logs: log("health-check"),
    depends_on: expect.arrayContaining([only(plan, "aws_s3_bucket_policy").address]),
    tags: { team: "platform", "hardened-mcp:lifecycle": "protected" },
  });
});

test("its one listener speaks HTTPS on 443 and answers 404 by itself", () => {
  expect(bare(only(plan, "aws_lb_listener"))).toEqual({
    load_balancer_arn: reference(only(plan, "aws_lb"), "arn"),
    port: 443,
    protocol: "HTTPS",
    ssl_policy: "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09",
    certificate_arn: "arn:aws:acm:eu-west-1:123456789012:certificate/x",
    default_action: [
      {
        type: "fixed-response",
        fixed_response: { content_type: "text/plain", message_body: "Not found", status_code: "404" },
      },
    ],
    routing_http_response_server_enabled: false,
    routing_http_response_strict_transport_security_header_value: "max-age=31536000",
    routing_http_response_x_content_type_options_header_value: "nosniff",
    tags: { team: "platform" },
  });
});

test("settings reach the load balancer", () => {
  const config = {
    tls: "reach",
    idleSeconds: 60,
    clientKeepAliveSeconds: 120,
    deletionProtection: "off",
  } as const;
  const set = ingressPlan({ config });
  expect(only(set, "aws_lb").body).toMatchObject({
    idle_timeout: 60,
    client_keep_alive: 120,
    enable_deletion_protection: false,
  });
  expect(only(set, "aws_lb_listener").body.ssl_policy).toBe("ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09");
});

describe("who may connect", () => {
  const entering = (from: Plan) => from.blocks("aws_vpc_security_group_ingress_rule");

  test.each([
    ["everybody", { kind: "internet" }, ["0.0.0.0/0"], false],
    [
      "those ranges",
      { kind: "ranges", cidrs: ["198.51.100.0/24", "203.0.113.7/32"] },
      ["198.51.100.0/24", "203.0.113.7/32"],
      false,
    ],
    ["the VPC", { kind: "internal", cidrs: [] }, ["10.40.0.0/20"], true],
    ["those networks", { kind: "internal", cidrs: ["10.0.0.0/8"] }, ["10.0.0.0/8"], true],
  ] as const)("%s, on 443 alone", (_name, reach, cidrs, internal) => {
    const reached = ingressPlan({ reach });
    expect(only(reached, "aws_lb").body.internal).toBe(internal);
    const rules = entering(reached).map(({ body }) => [
      body.cidr_ipv4,
      body.from_port,
      body.to_port,
      body.ip_protocol,
    ]);
    expect(rules).toEqual(cidrs.map((cidr) => [cidr, 443, 443, "tcp"]));
    expect(entering(reached).map(({ body }) => body.security_group_id)).toEqual(
      cidrs.map(() => reference(only(reached, "aws_security_group"), "id")),
    );
  });

  test("a range more moves no rule of another", () => {
    const of = (...cidrs: string[]) =>
      entering(ingressPlan({ reach: { kind: "ranges", cidrs } })).map(({ address }) => address);
    expect(of("192.0.2.0/24", "198.51.100.0/24")).toEqual(expect.arrayContaining(of("198.51.100.0/24")));
  });

  test("the load balancer itself may go nowhere", () => {
    expect(plan.blocks("aws_vpc_security_group_egress_rule")).toEqual([]);
    const group = only(plan, "aws_security_group").body;
    expect(group).not.toHaveProperty("egress");
    expect(group).not.toHaveProperty("ingress");
  });
});

describe("its logs", () => {
  test("lie in a bucket that only load balancers of this account write to, over TLS", () => {
    const bucket = only(plan, "aws_s3_bucket");
    const arn = reference(bucket, "arn");
    const account = "${data.aws_caller_identity.account_identity_B7F107C0.account_id}";
    const region = "${data.aws_region.account_region_154F2A67.id}";
    const partition = "${data.aws_partition.account_partition_32ACE770.partition}";
    expect(embedded(only(plan, "aws_s3_bucket_policy").body.policy)).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "LoadBalancersDeliver",
          Effect: "Allow",
          Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
          Action: "s3:PutObject",
          Resource: ["access", "connection", "health-check"].map(
            (kind) => `${arn}/${kind}/AWSLogs/${account}/*`,
          ),
          Condition: {
            ArnLike: {
              "aws:SourceArn": `arn:${partition}:elasticloadbalancing:${region}:${account}:loadbalancer/*`,
            },
          },
        },
        {
          Sid: "OnlyOverTls",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: [arn, `${arn}/*`],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
  });

  test("can be neither public nor owned by others, are encrypted, versioned and deleted in time", () => {
    const bucket = reference(only(plan, "aws_s3_bucket"), "bucket");
    expect(bare(only(plan, "aws_s3_bucket_public_access_block"))).toEqual({
      bucket,
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(bare(only(plan, "aws_s3_bucket_ownership_controls"))).toEqual({
      bucket,
      rule: { object_ownership: "BucketOwnerEnforced" },
    });
    expect(bare(only(plan, "aws_s3_bucket_server_side_encryption_configuration"))).toEqual({
      bucket,
      rule: [{ apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } }],
    });
    expect(bare(only(plan, "aws_s3_bucket_versioning"))).toEqual({
      bucket,
      versioning_configuration: { status: "Enabled" },
    });
    expect(only(plan, "aws_s3_bucket_lifecycle_configuration").body.rule).toEqual([
      {
        id: "expire",
        status: "Enabled",
        filter: [{ prefix: "" }],
        expiration: [{ days: 400 }],
        noncurrent_version_expiration: [{ noncurrent_days: 30 }],
        abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
      },
    ]);
  });

  test("take as long a name as S3 allows, and go with a disposable deployment only", () => {
    const bucket = only(plan, "aws_s3_bucket").body;
    expect(bucket).toMatchObject({ bucket_prefix: "acme-test-lb-logs-", force_destroy: false });
    expect(String(bucket.bucket_prefix).length).toBeLessThanOrEqual(37);
    expect(only(ingressPlan({ posture: "sandbox" }), "aws_s3_bucket").body.force_destroy).toBe(true);
  });

  test("are gone where they are waived", () => {
    const waived = ingressPlan({ config: { logs: { waive: "sandbox, nobody calls", until: "2026-12-31" } } });
    expect(waived.all.filter(({ type }) => type.startsWith("aws_s3"))).toEqual([]);
    for (const kind of ["access_logs", "connection_logs", "health_check_logs", "depends_on"])
      expect(only(waived, "aws_lb").body).not.toHaveProperty(kind);
  });
});

test("everything about the network may be known later", () => {
  const later = synthPlan((stack) => {
    const text = (id: string) => new TerraformVariable(stack, id, { type: "string" }).stringValue;
    const on = testDeployment(stack);
    new Ingress(stack, "ingress", {
      on,
      slice: resolveIngress(undefined, Check.start(isToken), on),
      reach: { kind: "internal", cidrs: [] },
      network: {
        vpcId: text("vpc"),
        vpcCidr: text("block"),
        loadBalancerSubnetIds: new TerraformVariable(stack, "subnets", { type: "list(string)" }).listValue,
      },
      certificateArn: text("certificate"),
    });
  });
  expect(only(later, "aws_lb").body.subnets).toBe("${var.subnets}");
  expect(only(later, "aws_vpc_security_group_ingress_rule").body.cidr_ipv4).toBe("${var.block}");
  expect(only(later, "aws_lb_listener").body.certificate_arn).toBe("${var.certificate}");
});
