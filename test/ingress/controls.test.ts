import { ingressControls } from "../../lib/ingress/controls";
import { logDeliveryControls } from "../../lib/ingress/log-delivery-controls";
import { reachControls } from "../../lib/ingress/reach-controls";
import { routeControls } from "../../lib/ingress/route-controls";
import { splitRuleControls } from "../../lib/ingress/split-controls";
import type { Plan } from "../../lib/terraform/plan";
import { changed, judge, named, without } from "../audit/judge";
import { ingressPlan } from "./fixture";
import { failWhenBroken, holdAsBuilt } from "../support/control-tests";

const plan = ingressPlan();
type Body = Record<string, unknown>;

holdAsBuilt(ingressControls, plan);

const set = (type: string, values: Body) => () =>
  changed(plan, type, (body) => void Object.assign(body, structuredClone(values)));
const unset =
  (type: string, ...fields: string[]) =>
  () =>
    changed(plan, type, (body) => fields.forEach((field) => delete body[field]));
const gone = (type: string) => () => without(plan, type);

/** The bucket's policy with its statements changed. */
const policed = (change: (statements: Body[]) => Body[]) => () =>
  changed(plan, "aws_s3_bucket_policy", (body) => {
    const policy = JSON.parse(String(body.policy)) as { Statement: Body[] };
    body.policy = JSON.stringify({ Statement: change(policy.Statement) });
  });

const LB = "aws_lb";
const LISTENER = "aws_lb_listener";
const TARGETS = "aws_lb_target_group";
const RULE = "aws_lb_listener_rule";
const off = { bucket: "logs", enabled: false };
const forward = [{ type: "forward", target_group_arn: "arn" }];
const host = { host_header: { values: ["mcp.example.com"] } };
const path = { path_pattern: { values: ["/orders/mcp"] } };

const broken: [string, string, () => Plan][] = [
  ["ingress.lb-drops-invalid-headers", "not set", unset(LB, "drop_invalid_header_fields")],
  ["ingress.lb-desync-strictest", "is defensive", set(LB, { desync_mitigation_mode: "defensive" })],
  ["ingress.lb-waf-fails-closed", "is true", set(LB, { enable_waf_fail_open: true })],
  ["ingress.lb-appends-client-address", "is preserve", set(LB, { xff_header_processing_mode: "preserve" })],
  ["ingress.lb-deletion-protected", "is off", set(LB, { enable_deletion_protection: false })],
  ["ingress.lb-logs", "access_logs are off", unset(LB, "access_logs")],
  ["ingress.lb-logs", "connection_logs are off", set(LB, { connection_logs: off })],
  [
    "ingress.lb-logs",
    "health_check_logs are off",
    set(LB, { health_check_logs: { bucket: "", enabled: true } }),
  ],
  [
    "ingress.log-bucket-closed",
    "restrict_public_buckets is not on",
    unset("aws_s3_bucket_public_access_block", "restrict_public_buckets"),
  ],
  ["ingress.log-bucket-closed", "block_public_acls", gone("aws_s3_bucket_public_access_block")],
  ["ingress.log-bucket-closed", "access control lists", gone("aws_s3_bucket_ownership_controls")],
  [
    "ingress.log-bucket-closed",
    "access control lists",
    set("aws_s3_bucket_ownership_controls", { rule: { object_ownership: "ObjectWriter" } }),
  ],
  ["ingress.log-bucket-versioned", "versioning is off", gone("aws_s3_bucket_versioning")],
  [
    "ingress.log-bucket-versioned",
    "versioning is off",
    set("aws_s3_bucket_versioning", { versioning_configuration: { status: "Suspended" } }),
  ],
  [
    "ingress.log-bucket-versioned",
    "not encrypted",
    gone("aws_s3_bucket_server_side_encryption_configuration"),
  ],
  [
    "ingress.log-bucket-versioned",
    "not encrypted with SSE-S3",
    set("aws_s3_bucket_server_side_encryption_configuration", {
      rule: [{ apply_server_side_encryption_by_default: { sse_algorithm: "aws:kms" } }],
    }),
  ],
  ["ingress.log-bucket-expires", "no rule deletes", gone("aws_s3_bucket_lifecycle_configuration")],
  [
    "ingress.log-bucket-expires",
    "no rule deletes",
    set("aws_s3_bucket_lifecycle_configuration", {
      rule: [{ status: "Enabled", expiration: [{ days: 400 }] }],
    }),
  ],
  ["ingress.log-bucket-policy", "no policy", gone("aws_s3_bucket_policy")],
  [
    "ingress.log-bucket-policy",
    "LoadBalancersDeliver allows without naming the source",
    policed((all) =>
      all.map(({ Condition, ...each }) => (each.Effect === "Allow" ? each : { ...each, Condition })),
    ),
  ],
  [
    "ingress.log-bucket-policy",
    "nothing denies requests in clear text",
    policed((all) => all.filter(({ Effect }) => Effect === "Allow")),
  ],
  ["ingress.listener-https", "speaks HTTP on 80", set(LISTENER, { protocol: "HTTP", port: 80 })],
  ["ingress.listener-https", "speaks HTTP on", unset(LISTENER, "protocol")],
  ["ingress.listener-https", "on 8443", set(LISTENER, { port: 8443 })],
  [
    "ingress.listener-tls-policy",
    "TLS13-1-0",
    set(LISTENER, { ssl_policy: "ELBSecurityPolicy-TLS13-1-0-2021-06" }),
  ],
  ["ingress.listener-tls-policy", "not set", unset(LISTENER, "ssl_policy")],
  [
    "ingress.listener-certificates",
    "without verifying",
    set(LISTENER, { mutual_authentication: { mode: "passthrough" } }),
  ],
  ["ingress.listener-default-404", "not a fixed 404", set(LISTENER, { default_action: forward })],
  ["ingress.listener-default-404", "not a fixed 404", set(LISTENER, { default_action: [] })],
  [
    "ingress.listener-default-404",
    "not a fixed 404",
    set(LISTENER, { default_action: [{ type: "fixed-response", fixed_response: { status_code: "200" } }] }),
  ],
  [
    "ingress.listener-headers",
    "shorter than a year",
    set(LISTENER, { routing_http_response_strict_transport_security_header_value: "max-age=3600" }),
  ],
  [
    "ingress.listener-headers",
    "HSTS is off",
    unset(LISTENER, "routing_http_response_strict_transport_security_header_value"),
  ],
  [
    "ingress.listener-headers",
    "nosniff",
    unset(LISTENER, "routing_http_response_x_content_type_options_header_value"),
  ],
  [
    "ingress.listener-headers",
    "server header",
    set(LISTENER, { routing_http_response_server_enabled: true }),
  ],
  ["ingress.targets-tls", "speaks HTTP", set(TARGETS, { protocol: "HTTP" })],
  ["ingress.targets-tls", "on port 3000", set(TARGETS, { port: 3000 })],
  ["ingress.targets-tls", "health checks", set(TARGETS, { health_check: { protocol: "HTTP" } })],
  ["ingress.rules-exact", "no host_header", set(RULE, { condition: [path] })],
  ["ingress.rules-exact", "no path_pattern", set(RULE, { condition: [host] })],
  [
    "ingress.rules-exact",
    "/* has a wildcard",
    set(RULE, { condition: [host, { path_pattern: { values: ["/orders/*"] } }] }),
  ],
  [
    "ingress.rules-exact",
    "*.example.com has a wildcard",
    set(RULE, { condition: [path, { host_header: { values: ["*.example.com"] } }] }),
  ],
];

// Those of split servers have theirs in test/split, those of parts of ours in part-controls.test.ts.
const elsewhere = [...splitRuleControls, ...routeControls, ...logDeliveryControls, ...reachControls];
const here = ingressControls.filter(
  (control) => !elsewhere.includes(control) && control.id !== "ingress.parts-say-all",
);
failWhenBroken(ingressControls, broken, here);

test("what is declared disposable may be deleted, what is declared protected may not", () => {
  const control = named(ingressControls, "ingress.lb-deletion-protected");
  expect(judge(control, ingressPlan({ posture: "sandbox" }))).toEqual([{ holds: true }]);
  expect(judge(control, ingressPlan({ config: { deletionProtection: "off" } }))[0]?.holds).toBe(false);
});

describe("what is known only at deployment is unknown, never held", () => {
  test.each<[string, () => Plan]>([
    ["ingress.lb-drops-invalid-headers", set(LB, { drop_invalid_header_fields: "${var.x}" })],
    ["ingress.listener-tls-policy", set(LISTENER, { ssl_policy: "${var.x}" })],
    ["ingress.log-bucket-closed", set(LB, { access_logs: { bucket: "${var.x}", enabled: true } })],
    ["ingress.log-bucket-policy", set("aws_s3_bucket_policy", { policy: "${var.x}" })],
  ])("%s", (id, later) => {
    expect(judge(named(ingressControls, id), later()).map((finding) => finding.holds)).toEqual(["unknown"]);
  });
});
