import { failureControls } from "../../lib/alarms/failure-controls";
import { storeControls } from "../../lib/audit/store-controls";
import type { Chosen } from "../../lib/checklist/chosen";
import { MANIFEST_KEY } from "../../lib/checklist/manifest";
import { Plan } from "../../lib/terraform/plan";
import { chosenControls } from "../../lib/waf/chosen-controls";
import { changed, judge, named, without } from "../audit/judge";
import { synthExample } from "../support/examples";
import { policed } from "../support/policies";

type Fields = Record<string, unknown>;
const plan = synthExample("complete");
const all = [...storeControls, ...failureControls, ...chosenControls];
const IDS = [
  "audit.kept-as-chosen",
  "audit.readers-written-down",
  "alarms.thresholds-as-chosen",
  "waf.limits-as-chosen",
  "waf.log-arrives",
] as const;

/** What was chosen, changed in every entry that says it. */
function chosen(change: (one: Chosen & Fields) => void, from = plan): Plan {
  const source = structuredClone(from.source);
  const entries = Object.values((source["//"] as Record<string, Record<string, Fields>>)[MANIFEST_KEY] ?? {});
  const said = entries.flatMap((entry) => (entry.chosen === undefined ? [] : [entry.chosen]));
  if (said.length === 0) throw new Error("nothing is said to be chosen");
  said.forEach((one) => change(one as Chosen & Fields));
  return new Plan(source);
}
const group = (part: string, set: Fields) =>
  changed(
    plan,
    "aws_cloudwatch_log_group",
    (body) => Object.assign(body, set),
    ({ name }) => String(name).includes(part),
  );
const rule = (type: string, change: (one: Record<string, Fields>) => void) =>
  changed(plan, type, ({ rule: rules }) =>
    [rules].flat().forEach((one) => change(one as Record<string, Fields>)),
  );
const firewall = (change: (rate: Fields) => void) =>
  changed(plan, "aws_wafv2_web_acl", ({ rule: rules }) => {
    const rates = (rules as { statement: Record<string, Fields> }[]).flatMap(
      ({ statement }): Fields[] => [statement["rate_based_statement"] ?? []].flat() as Fields[],
    );
    expect(rates).toHaveLength(1);
    rates.forEach(change);
  });
const written = (change: (one: { Condition: Fields }) => void) =>
  policed(plan, "aws_s3_bucket_policy", "policy", (one) => {
    const { Service } = (one.Principal ?? {}) as { Service?: string | string[] };
    if ([Service].flat().includes("logging.s3.amazonaws.com"))
      change(one as unknown as { Condition: Fields });
  });

test.each(IDS)("%s holds as built", (id) => {
  const findings = judge(named(all, id), plan);
  expect(findings.length).toBeGreaterThan(0);
  expect(findings.filter(({ holds }) => holds !== true)).toEqual([]);
});

describe("what is not as it was chosen is found", () => {
  test.each<[(typeof IDS)[number], string, () => Plan]>([
    [
      "audit.kept-as-chosen",
      "it keeps for 1 days, where 400",
      () => group("audit", { retention_in_days: 1 }),
    ],
    ["audit.kept-as-chosen", "it keeps for 1 days", () => group("aws-waf-logs", { retention_in_days: 1 })],
    ["audit.kept-as-chosen", "it keeps for 1 days", () => group("flow", { retention_in_days: 1 })],
    [
      "audit.kept-as-chosen",
      "where 7 were chosen",
      () => chosen((one) => void ((one.logDays as Fields).all = 7)),
    ],
    [
      "audit.kept-as-chosen",
      "it keeps for 1 days, where 365 were chosen",
      () =>
        rule(
          "aws_s3_bucket_object_lock_configuration",
          (one) => void ((one.default_retention as Fields).days = 1),
        ),
    ],
    [
      "audit.kept-as-chosen",
      "who read is known for 1 days",
      () =>
        rule("aws_s3_bucket_lifecycle_configuration", (one) => {
          for (const each of [one.expiration].flat()) if (each?.days !== undefined) each.days = 1;
        }),
    ],
    [
      "audit.kept-as-chosen",
      "what is replaced in it goes after 2 days",
      () =>
        rule("aws_s3_bucket_lifecycle_configuration", (one) => {
          for (const each of [one.noncurrent_version_expiration].flat()) if (each) each.noncurrent_days = 2;
        }),
    ],
    [
      "alarms.thresholds-as-chosen",
      "where",
      () => changed(plan, "aws_cloudwatch_metric_alarm", (body) => (body.threshold = 1e6)),
    ],
    ["waf.limits-as-chosen", "it takes 20000 requests", () => firewall((rate) => (rate.limit = 20_000))],
    ["waf.limits-as-chosen", "in 600 seconds", () => firewall((rate) => (rate.evaluation_window_sec = 600))],
    [
      "waf.limits-as-chosen",
      "it expects",
      () => chosen((one) => void ("countries" in one && Object.assign(one, { countries: ["SE"] }))),
    ],
    [
      "audit.readers-written-down",
      "S3 may not write there",
      () => written((one) => Object.assign(one, { Effect: "Deny" })),
    ],
    ["audit.readers-written-down", "S3 may not write there", () => without(plan, "aws_s3_bucket_policy")],
    [
      "audit.readers-written-down",
      "any account's bucket",
      () => written((one) => delete one.Condition["StringEquals"]),
    ],
    [
      "audit.readers-written-down",
      "for other buckets",
      () => written((one) => delete one.Condition["ArnLike"]),
    ],
    ["waf.log-arrives", "WAF does not take a group", () => group("aws-waf-logs", { name: "acme-waf" })],
    [
      "waf.log-arrives",
      "may not logs:CreateLogStream",
      () => without(plan, "aws_cloudwatch_log_resource_policy"),
    ],
    [
      "waf.log-arrives",
      "may not logs:PutLogEvents",
      () =>
        policed(plan, "aws_cloudwatch_log_resource_policy", "policy_document", (one) => {
          one.Action = ["logs:CreateLogStream"];
        }),
    ],
    [
      "waf.log-arrives",
      "it goes to several places",
      () =>
        changed(plan, "aws_wafv2_web_acl_logging_configuration", (body) => {
          body.log_destination_configs = [
            ...(body.log_destination_configs as string[]),
            "arn:aws:s3:::aws-waf-logs-x",
          ];
        }),
    ],
  ])("%s: %s", (id, says, mutate) =>
    expect(judge(named(all, id), mutate())).toContainEqual({
      holds: false,
      says: expect.stringContaining(says),
    }),
  );

  test("a log group that would be left behind with its name", () =>
    expect(judge(named(all, "audit.log-groups-kept"), group("audit", { skip_destroy: true }))).toContainEqual(
      {
        holds: false,
        says: expect.stringContaining("left behind"),
      },
    ));
  test("a rule of a bucket that no longer says what it is for", () =>
    expect(
      judge(
        named(all, "audit.buckets-versioned"),
        rule("aws_s3_bucket_lifecycle_configuration", (one) => delete one.filter),
      ).filter(({ holds }) => holds === false),
    ).not.toEqual([]));
});

test("a number that is known only at deployment is compared as it is written", () => {
  const later = (days: string) =>
    chosen(
      (one) => void ((one.logDays as Fields).all = "${var.days}"),
      group("audit", { retention_in_days: days }),
    );
  const says = (days: string) => {
    const from = later(days);
    const groups = from
      .blocks("aws_cloudwatch_log_group")
      .filter(({ body }) => body.retention_in_days === days);
    expect(groups.length).toBeGreaterThan(0);
    return new Set(groups.map((block) => named(all, "audit.kept-as-chosen").judge(block, from).holds));
  };
  expect(says("${var.days}")).toEqual(new Set([true]));
  expect(says("${var.other}")).toEqual(new Set([false]));
});

test("where nobody wrote down what was chosen nothing is compared", () => {
  const silent = new Plan({ ...group("audit", { retention_in_days: 1 }).source, "//": {} });
  expect(judge(named(all, "audit.kept-as-chosen"), silent).filter(({ holds }) => holds !== true)).toEqual([]);
});
