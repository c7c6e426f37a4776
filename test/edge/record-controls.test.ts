import { CloudflareProvider } from "@cdktf/provider-cloudflare/lib/provider";
import { Construct } from "constructs";
import { Certificate } from "../../lib/edge/certificate";
import { HostRecord } from "../../lib/edge/host-record";
import { resolveEdge } from "../../lib/edge/model";
import { recordControls } from "../../lib/edge/record-controls";
import { isToken } from "../../lib/terraform";
import { Manifest } from "../../lib/terraform/manifest";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";
import { Check } from "../../lib/validation";
import { changed, judge, named, without } from "../audit/judge";
import { synthExample } from "../support/examples";
import { testDeployment, writtenPlan } from "../support/plan";
import { CLOUDFLARE } from "./fixture";
import { CORPUS } from "../tokens/corpus";
import { written } from "../tokens/rendered";
import { failWhenBroken, holdAsBuilt } from "../support/control-tests";

type Body = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any
const plan = synthExample("complete");

const CERTIFICATE = "aws_acm_certificate";
const VALIDATION = "aws_acm_certificate_validation";
const RECORD = "aws_route53_record";
const isHost = (body: Body) => body.type === "A";
const each = (type: string, change: (body: Body) => void) => changed(plan, type, change);
const proof = (change: (body: Body) => void) => changed(plan, RECORD, change, (body) => !isHost(body));
const host = (change: (body: Body) => void) => changed(plan, RECORD, change, isHost);

const broken: [string, string, () => Plan][] = [
  ["edge.certificate-one-name", "for no name", () => each(CERTIFICATE, (body) => delete body.domain_name)],
  [
    "edge.certificate-one-name",
    "for *.example.com",
    () => each(CERTIFICATE, (body) => (body.domain_name = "*.example.com")),
  ],
  [
    "edge.certificate-one-name",
    "for other.example.com too",
    () => each(CERTIFICATE, (body) => (body.subject_alternative_names = ["other.example.com"])),
  ],
  ["edge.certificate-proven", "no record proves", () => without(plan, RECORD, (body) => !isHost(body))],
  [
    "edge.certificate-proven",
    "waits for no record",
    () => each(VALIDATION, (body) => delete body.validation_record_fqdns),
  ],
  [
    "edge.certificate-proven",
    "waits for *",
    () => each(VALIDATION, (body) => (body.validation_record_fqdns = ["*"])),
  ],
  [
    "edge.certificate-proven",
    "which proves nothing",
    () => {
      const [record] = plan.blocks(RECORD).filter(({ body }) => isHost(body));
      return each(VALIDATION, (body) => (body.validation_record_fqdns = ["${" + `${record?.address}.fqdn}`]));
    },
  ],
  ["edge.records-lead", "never issued", () => proof((body) => delete body.records)],
  ["edge.records-lead", "never issued", () => proof((body) => (body.records = ["*"]))],
  ["edge.records-lead", "time to live", () => proof((body) => delete body.ttl)],
  ["edge.records-lead", "could not be made", () => proof((body) => delete body.allow_overwrite)],
  ["edge.records-lead", "not lead to the load balancer", () => host((body) => delete body.alias)],
  [
    "edge.records-lead",
    "not lead to the load balancer",
    () => host((body) => (body.alias.name = "other.example.net")),
  ],
  ["edge.records-lead", "whose name", () => host((body) => (body.alias.zone_id = "Z0123456789"))],
  ["edge.records-lead", "whose name", () => host((body) => delete body.alias.zone_id)],
  ["edge.records-lead", "would vanish", () => host((body) => (body.alias.evaluate_target_health = true))],
  ["edge.records-lead", "take the place", () => host((body) => (body.allow_overwrite = true))],
];

holdAsBuilt(recordControls, plan);

failWhenBroken(recordControls, broken);

/** The same names at Cloudflare, made by a platform that says so. */
function atCloudflare(): Plan {
  return writtenPlan((stack) => {
    const on = testDeployment(stack);
    new CloudflareProvider(stack, "cloudflare");
    const slice = resolveEdge(
      { hostname: "mcp.example.com", certificate: CLOUDFLARE, reach: { kind: "internet" } },
      Check.start(isToken),
    );
    const ours = new Construct(stack, "mcp");
    new Certificate(ours, "certificate", { on, slice });
    new HostRecord(ours, "record", { on, slice, loadBalancer: { dnsName: "lb.example.aws", zoneId: "ZLB" } });
    new Manifest(ours, "manifest", {
      kind: "part",
      deployment: "acme-test",
      posture: "production",
      lifecycle: "protected",
      waivers: [],
    });
  });
}

test("a certificate is proven by Cloudflare's record as well, and by nothing else", () => {
  const proven = named(recordControls, "edge.certificate-proven");
  const cloudflare = atCloudflare();
  expect(judge(proven, cloudflare)).toEqual([{ holds: true }]);
  const unproven = without(cloudflare, "cloudflare_dns_record", (body) => body.type !== "CNAME");
  expect(judge(proven, unproven)).toEqual([{ holds: false, says: "no record proves that the name is ours" }]);
});

describe("records at Cloudflare", () => {
  const cloudflare = new Plan(written(CORPUS["other"] as never, []) as unknown as TerraformJson);
  const lead = named(recordControls, "edge.records-lead");
  const isProof = ({ name }: Record<string, unknown>) => String(name).includes("domain_validation_options");
  const record = (proof: boolean, change: (body: Record<string, unknown>) => void) => () =>
    changed(cloudflare, "cloudflare_dns_record", change, (body) => isProof(body) === proof);
  test("lead where they should", () => {
    const findings = judge(lead, cloudflare);
    expect(findings.length).toBeGreaterThan(1);
    expect(findings.filter(({ holds }) => holds !== true)).toEqual([]);
  });
  test.each<[string, () => Plan]>([
    ["never issued", record(true, (body) => delete body["content"])],
    ["another kind", record(true, (body) => (body["type"] = "A"))],
    ["of no zone", record(true, (body) => delete body["zone_id"])],
    ["30 seconds to a day", record(false, (body) => delete body["ttl"])],
    ["30 seconds to a day", record(false, (body) => (body["ttl"] = 300_000))],
    ["does not lead", record(false, (body) => delete body["content"])],
    ["no address that stays", record(false, (body) => (body["type"] = "A"))],
  ])("%s", (says, broken) => {
    expect(judge(lead, broken())).toContainEqual({
      holds: false,
      says: expect.stringContaining(says) as string,
    });
  });
});
