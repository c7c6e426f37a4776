import { HardenedMcp } from "../../lib";
import { ingressControls } from "../../lib/ingress/controls";
import { logDeliveryControls } from "../../lib/ingress/log-delivery-controls";
import { routeControls } from "../../lib/ingress/route-controls";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";
import { changed, judge, named, without } from "../audit/judge";
import { synthExample } from "../support/examples";
import { having, policed, type StatementBody } from "../support/policies";
import { writtenPlan } from "../support/plan";
import { CORPUS } from "../tokens/corpus";
import { split } from "../tokens/corpus-split";
import { written } from "../tokens/rendered";
import { failWhenBroken, holdAsBuilt } from "../support/control-tests";

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a mutation reaches wherever it wants
type Any = any;

const plan = synthExample("complete");
const parts = named(ingressControls, "ingress.parts-say-all");
const controls = [parts, ...routeControls, ...logDeliveryControls];
const LB = "aws_lb";
const TARGETS = "aws_lb_target_group";
const RULE = "aws_lb_listener_rule";
const BUCKET = "aws_s3_bucket";
const LIFECYCLE = "aws_s3_bucket_lifecycle_configuration";

holdAsBuilt(controls, plan);

const set = (type: string, values: object) => () =>
  changed(plan, type, (body) => void Object.assign(body, structuredClone(values)));
const unset = (type: string, field: string) => () => changed(plan, type, (body) => delete body[field]);
const health = (change: (check: Any) => void) => () =>
  changed(plan, TARGETS, (body: Any) => change(body.health_check));
const isOfLogs = (body: Any) => /ingress_logs/.test(String(body.bucket));
const policy = (change: (one: StatementBody) => void) => () =>
  policed(plan, "aws_s3_bucket_policy", "policy", change, isOfLogs);
const allowed = (change: (one: StatementBody) => void) =>
  policy((one) => void (one.Effect === "Allow" && change(one)));
const expiry = (change: (rule: Any) => void) => () =>
  changed(plan, LIFECYCLE, (body: Any) => body.rule.forEach(change), isOfLogs);
const paths = (body: Any): string[] =>
  body.condition.find((one: Any) => one.path_pattern !== undefined).path_pattern.values;

const broken: [string, string, () => Plan][] = [
  ["ingress.parts-say-all", "terminates TLS", set(LB, { load_balancer_type: "network" })],
  ["ingress.parts-say-all", "browsers allow six", set(LB, { enable_http2: false })],
  ["ingress.parts-say-all", "a host that was rewritten", unset(LB, "preserve_host_header")],
  ["ingress.parts-say-all", "cannot be taken out", unset(LB, "enable_zonal_shift")],
  ["ingress.parts-say-all", "after 60 seconds", unset(LB, "idle_timeout")],
  ["ingress.parts-say-all", "after 60 seconds", set(LB, { idle_timeout: 5000 })],
  ["ingress.parts-say-all", "holds on to a connection", unset(LB, "client_keep_alive")],
  ["ingress.parts-say-all", "log bucket at once", unset(LB, "depends_on")],
  ["ingress.parts-say-all", "nobody is reached", unset(TARGETS, "target_type")],
  ["ingress.parts-say-all", "belongs to no network", unset(TARGETS, "vpc_id")],
  ["ingress.parts-say-all", "another protocol", unset(TARGETS, "protocol_version")],
  ["ingress.parts-say-all", "piles long calls up", unset(TARGETS, "load_balancing_algorithm_type")],
  ["ingress.parts-say-all", "deregistration_delay is 5: calls", set(TARGETS, { deregistration_delay: "5" })],
  ["ingress.parts-say-all", "its old rules", set(TARGETS, { deregistration_delay: "300" })],
  ["ingress.parts-say-all", "deregistration_delay is not set", unset(TARGETS, "deregistration_delay")],
  ["ingress.parts-say-all", "fails half-way", unset(TARGETS, "lifecycle")],
  ["ingress.parts-say-all", "goes on getting calls", health((check) => (check.enabled = false))],
  ["ingress.parts-say-all", "never counts as healthy", health((check) => delete check.path)],
  ["ingress.parts-say-all", "nothing listens on", health((check) => (check.port = "80"))],
  ["ingress.parts-say-all", "count as healthy", health((check) => (check.matcher = "200-499"))],
  ["ingress.parts-say-all", "AWS takes 2 to 10", health((check) => (check.healthy_threshold = 1))],
  ["ingress.parts-say-all", "AWS takes 2 to 10", health((check) => (check.unhealthy_threshold = 11))],
  ["ingress.parts-say-all", "more than 60 seconds", health((check) => delete check.interval)],
  ["ingress.parts-say-all", "more than 60 seconds", health((check) => (check.unhealthy_threshold = 10))],
  ["ingress.parts-say-all", "after the next question", health((check) => (check.timeout = 10))],
  ["ingress.parts-say-all", "prove the host's name", unset("aws_lb_listener", "certificate_arn")],

  ["ingress.lb-stands-where-it-says", "AWS makes it public", unset(LB, "internal")],
  ["ingress.lb-stands-where-it-says", "it is internal, and aws_subnet", set(LB, { internal: true })],
  ["ingress.lb-stands-where-it-says", "fewer than two zones", unset(LB, "subnets")],
  [
    "ingress.lb-stands-where-it-says",
    "fewer than two zones",
    () => changed(plan, LB, (body: Any) => body.subnets.pop()),
  ],
  ["ingress.lb-stands-where-it-says", "no route", () => without(plan, "aws_route")],
  ["ingress.lb-stands-where-it-says", "no route", unset("aws_internet_gateway", "vpc_id")],
  ["ingress.lb-stands-where-it-says", "no route", () => without(plan, "aws_route_table_association")],
  ["ingress.lb-stands-where-it-says", "does not wait", unset("aws_subnet", "depends_on")],

  ["ingress.rules-lead-to-their-server", "more than forward, or nothing", set(RULE, { action: [] })],
  [
    "ingress.rules-lead-to-their-server",
    "more than forward, or nothing",
    set(RULE, { action: [{ type: "redirect" }] }),
  ],
  ["ingress.rules-lead-to-their-server", "forwards to nothing", set(RULE, { action: [{ type: "forward" }] })],
  [
    "ingress.rules-lead-to-their-server",
    "of another server",
    () =>
      set(RULE, {
        action: [{ type: "forward", target_group_arn: `\${${plan.blocks(TARGETS)[0]?.address}.arn}` }],
      })(),
  ],
  [
    "ingress.rules-lead-to-their-server",
    "leaves out /",
    () => changed(plan, RULE, (body) => paths(body).shift()),
  ],
  [
    "ingress.rules-lead-to-their-server",
    "leaves out /.well-known",
    () => changed(plan, RULE, (body) => paths(body).pop()),
  ],
  [
    "ingress.rules-lead-to-their-server",
    "lets in /admin",
    () => changed(plan, RULE, (body) => paths(body).push("/admin")),
  ],
  [
    "ingress.rules-lead-to-their-server",
    "for the host other.example.com",
    () =>
      changed(plan, RULE, (body: Any) => {
        body.condition[0] = { host_header: { values: ["other.example.com"] } };
      }),
  ],

  ["ingress.log-bucket-delivery", "nobody may write", () => without(plan, "aws_s3_bucket_policy", isOfLogs)],
  [
    "ingress.log-bucket-delivery",
    "connection_logs below connection/",
    allowed(
      (one) =>
        (one.Resource = [one.Resource].flat().filter((each) => !String(each).includes("/connection/"))),
    ),
  ],
  [
    "ingress.log-bucket-delivery",
    "access_logs below /",
    () => changed(plan, LB, (body: Any) => delete body.access_logs.prefix),
  ],
  ["ingress.log-bucket-delivery", "may not write access_logs", allowed((one) => (one.Action = "s3:*"))],
  [
    "ingress.log-bucket-delivery",
    "may not write access_logs",
    allowed((one) => (one.Principal = { Service: "*" })),
  ],
  [
    "ingress.log-bucket-delivery",
    "lets more be written",
    allowed((one) => (one.Resource = [...[one.Resource].flat(), "*"])),
  ],
  [
    "ingress.log-bucket-delivery",
    "not denied for all",
    policy((one) => void (one.Effect === "Deny" && (one.Resource = [[one.Resource].flat()[0]]))),
  ],

  ["ingress.log-bucket-kept", "would empty it", set(BUCKET, { force_destroy: true })],
  [
    "ingress.log-bucket-kept",
    "before 30 days",
    expiry((rule) => (rule.noncurrent_version_expiration = [{ noncurrent_days: 1 }])),
  ],
  ["ingress.log-bucket-kept", "some of the logs", expiry((rule) => (rule.filter = [{ prefix: "access/" }]))],
];

failWhenBroken(controls, broken);

test("a rule for all logs may have an empty filter or none", () => {
  const control = named(controls, "ingress.log-bucket-kept");
  for (const filter of [[{}], undefined])
    expect(judge(control, expiry((rule) => (rule.filter = filter))())).toEqual([{ holds: true }]);
});

describe("what is known only at deployment is unknown, never held", () => {
  test.each<[string, () => Plan]>([
    ["ingress.parts-say-all", set(LB, { client_keep_alive: "${var.seconds}" })],
    ["ingress.lb-stands-where-it-says", set(LB, { subnets: "${var.subnets}" })],
    ["ingress.lb-stands-where-it-says", set(LB, { internal: "${var.internal}" })],
    [
      "ingress.rules-lead-to-their-server",
      set(RULE, { action: [{ type: "forward", target_group_arn: "${var.x}" }] }),
    ],
    ["ingress.log-bucket-delivery", set("aws_s3_bucket_policy", { policy: "${var.policy}" })],
  ])("%s", (id, later) => {
    const holds = judge(named(controls, id), later()).map((finding) => finding.holds);
    expect(holds).toContain("unknown");
    expect(holds).not.toContain(false);
  });
});

test("a stream that a client may open does not count as a call that a leaving task is kept for", () => {
  const plan = writtenPlan((stack) => void new HardenedMcp(stack, "mcp", split));
  const delays = plan.blocks("aws_lb_target_group").map(({ body }) => body["deregistration_delay"]);
  // The longest call takes 20 seconds; the stream has no end of its own.
  expect(delays).toEqual(["30", "30"]);
});

describe("certificates of clients, and a load balancer inside", () => {
  const corpus = (name: string) => new Plan(written(CORPUS[name] as never, []) as unknown as TerraformJson);
  const [other, inside] = [corpus("other"), corpus("given")];
  const reach = named(ingressControls, "ingress.reach-as-named");
  const INGRESS = "aws_vpc_security_group_ingress_rule";
  const isWay = (cidr: string) => (body: Any) => body.cidr_ipv4 === cidr;
  test("hold as built", () => {
    for (const one of [other, inside, plan])
      expect([...judge(parts, one), ...judge(reach, one)].filter(({ holds }) => holds === false)).toEqual([]);
  });
  test.each<[string, string, string]>([
    ["aws_lb_trust_store", "ca_certificates_bundle_s3_object_version", "adds an authority"],
    ["aws_lb_trust_store", "name", "makes up another one"],
    ["aws_lb_trust_store_revocation", "revocations_s3_object_version", "takes a revocation back"],
  ])("%s without %s", (type, field, says) => {
    expect(
      judge(
        parts,
        changed(other, type, (body) => delete body[field]),
      ),
    ).toContainEqual({
      holds: false,
      says: expect.stringContaining(says) as string,
    });
  });
  test.each<[string, () => Plan]>([
    [
      "opens it to everywhere",
      () => changed(inside, INGRESS, (body) => (body.cidr_ipv4 = "0.0.0.0/0"), isWay("10.90.0.0/16")),
    ],
    [
      "beside 203.0.113.0/24",
      () => {
        const [way] = other.blocks(INGRESS).filter(({ body }) => isWay("203.0.113.0/24")(body));
        return having(other, INGRESS, { ...way?.body, cidr_ipv4: "0.0.0.0/0" });
      },
    ],
  ])("everywhere %s", (says, broken) => {
    expect(judge(reach, broken())).toContainEqual({
      holds: false,
      says: expect.stringContaining(says) as string,
    });
  });
});
