import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { TerraformVariable } from "cdktf";
import { AlarmSet, type AlarmSetConfig } from "../../lib";
import { resolveAlarmSet } from "../../lib/parts/alarm-set-model";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";
import { isTestToken, problemsOf, TOKEN } from "../support/config";
import { childOf, failing, partPlan, withoutType } from "../support/parts";
import { writtenPlan } from "../support/plan";

const TOPIC = "arn:aws:sns:eu-west-1:123456789012:oncall";
const BALANCER =
  "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/shared/0123456789abcdef";
const KEY = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555";
const ALARM = "aws_cloudwatch_metric_alarm";
const good: AlarmSetConfig = {
  name: "acme",
  environment: "test",
  posture: "production",
  alarms: { notify: { topicArn: TOPIC } },
  watch: { loadBalancerArn: BALANCER },
};
const planOf = (change: Partial<AlarmSetConfig> = {}, attack: (set: AlarmSet) => void = () => undefined) =>
  writtenPlan((stack) => attack(new AlarmSet(stack, "watch", { ...good, ...change })));
const names = (plan: Plan) =>
  plan
    .blocks(ALARM)
    .map(({ body }) => String(body["alarm_name"]).replace(/^acme-(test|prod)-/, ""))
    .sort();
const example = partPlan("alarm-set");

/** The plan without the alarm of a name. */
function withoutAlarm(plan: Plan, name: string): Plan {
  const file = JSON.parse(JSON.stringify(plan.source)) as {
    resource: Record<string, Record<string, { alarm_name?: string }>>;
  };
  const alarms = Object.entries(file.resource[ALARM] ?? {});
  const kept = alarms.filter(([, body]) => !String(body.alarm_name).endsWith(name));
  expect(kept).toHaveLength(alarms.length - 1);
  file.resource[ALARM] = Object.fromEntries(kept);
  return new Plan(file as unknown as TerraformJson);
}

describe("alarms on their own", () => {
  test("are all of the catalogue over what is watched, and no others", () => {
    expect(names(planOf())).toEqual(["load-balancer-errors", "malformed-http", "tls-failures"]);
    expect(names(planOf({ watch: { deliveryStreamName: "acme-audit" } }))).toEqual([
      "archive-late",
      "archive-refused",
    ]);
    expect(names(planOf({ watch: { webAcl: { metricName: "shared" } } }))).toEqual(["firewall-blocks"]);
    const own = { metricName: "acme", ownRules: true };
    const alarms = { notify: { topicArn: TOPIC }, expectedCountries: ["IE"] };
    expect(names(planOf({ alarms, watch: { webAcl: own } }))).toEqual([
      "address-rate-limited",
      "credential-in-url",
      "firewall-blocks",
      "unexpected-country",
    ]);
  });
  test("watch the load balancer by the end of its ARN, known or not", () => {
    const dimensions = (plan: Plan) => plan.blocks(ALARM).map(({ body }) => body["dimensions"]);
    for (const each of dimensions(planOf()))
      expect(each).toEqual({ LoadBalancer: "app/shared/0123456789abcdef" });
    const later = writtenPlan((stack) => {
      const arn = new TerraformVariable(stack, "arn", { type: "string" }).stringValue;
      new AlarmSet(stack, "watch", { ...good, watch: { loadBalancerArn: arn } });
    });
    for (const each of dimensions(later))
      expect(each).toEqual({ LoadBalancer: '${element(split(":loadbalancer/", var.arn), 1)}' });
    expect(failing(later)).toEqual([]);
  });
  test("tell a topic that is there, or a new one under a key", () => {
    expect(planOf().blocks("aws_sns_topic", "aws_kms_key")).toEqual([]);
    const made = planOf({
      alarms: { notify: { emails: ["a@example.com"] } },
      key: { kind: "existing", arn: KEY },
    });
    expect(made.blocks("aws_sns_topic").map(({ body }) => body["kms_master_key_id"])).toEqual([KEY]);
    expect(made.blocks("aws_kms_key")).toEqual([]);
    expect(failing(made)).toEqual([]);
  });
  test("ring at the numbers that were chosen", () => {
    const chosen = planOf({ alarms: { notify: { topicArn: TOPIC }, thresholds: { "tls-failures": 7 } } });
    const found = chosen.blocks(ALARM).map(({ body }) => body["threshold"]);
    expect(found).toContain(7);
    expect(failing(chosen)).toEqual([]);
  });
});

describe("the checklist", () => {
  test("passes what is there", () => {
    expect(failing(example)).toEqual([]);
    expect(names(example)).toHaveLength(8);
  });
  test("asks for alarms, and for all that belong together", () => {
    expect(failing(withoutType(example, ALARM))).toContain("alarms.heard");
    for (const name of names(example))
      expect(new Set(failing(withoutAlarm(example, name)))).toEqual(new Set(["alarms.set-complete"]));
  });
});

describe("a protection that an override takes away stops the synth", () => {
  const emails = { alarms: { notify: { emails: ["a@example.com"] } } };
  test.each<[string, (set: AlarmSet) => void, RegExp]>([
    [
      "an alarm that tells nobody",
      (set) => childOf(set, CloudwatchMetricAlarm).addOverride("actions_enabled", false),
      /\[alarms\.heard\]/,
    ],
    [
      "an alarm of another number",
      (set) => childOf(set, CloudwatchMetricAlarm).addOverride("threshold", 1_000_000),
      /\[alarms\.thresholds-as-chosen\]/,
    ],
    [
      "an alarm of another metric",
      (set) => childOf(set, CloudwatchMetricAlarm).addOverride("metric_name", "RequestCount"),
      /\[alarms\.as-catalogued\]/,
    ],
    [
      "an alarm of another name",
      (set) => childOf(set, CloudwatchMetricAlarm).addOverride("tags", undefined),
      /\[alarms\.set-complete\]/,
    ],
    [
      "a topic for everybody",
      (set) =>
        childOf(set, SnsTopicPolicy).addOverride(
          "policy",
          '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"sns:Publish","Resource":"*"}]}',
        ),
      /\[alarms\.topic-policy\]/,
    ],
  ])("%s", (_what, attack, says) => expect(() => planOf(emails, attack)).toThrow(says));
});

describe("what is wrong is said at once", () => {
  const problems = (change: object) =>
    problemsOf(() => resolveAlarmSet({ ...good, ...change } as AlarmSetConfig, isTestToken));
  test.each<[string, object, string[]]>([
    ["nothing", {}, []],
    ["names known later", { watch: { loadBalancerArn: TOKEN, deliveryStreamName: TOKEN } }, []],
    ["nothing watched", { watch: {} }, ["watch names nothing"]],
    ["watch left out", { watch: undefined }, ["watch is missing"]],
    [
      "every field",
      {
        alarms: { notify: {}, thresholds: { nonsense: 1 } },
        watch: {
          loadBalancerArn: "shared",
          deliveryStreamName: "a b",
          webAcl: { metricName: "a b", ownRules: "yes" },
          topic: 1,
        },
        key: { kind: "existing", arn: "k" },
      },
      [
        "alarms.notify.emails has 0",
        "alarms.thresholds.nonsense is no alarm",
        'key.arn is "k"',
        "watch.topic is not a field",
        'watch.loadBalancerArn is "shared"',
        'watch.deliveryStreamName is "a b"',
        'watch.webAcl.metricName is "a b"',
        "watch.webAcl.ownRules is a string",
      ],
    ],
    [
      "countries without rules of ours",
      {
        alarms: { notify: { topicArn: TOPIC }, expectedCountries: ["IE"] },
        watch: { webAcl: { metricName: "a" } },
      },
      ["alarms.expectedCountries counts by a rule"],
    ],
    [
      "a key beside a topic that is there",
      { key: { kind: "existing", arn: KEY } },
      ["key is a key for a topic that is given"],
    ],
  ])("%s", (_what, change, said) => {
    const found = problems(change);
    expect(found).toEqual(said.map((each) => expect.stringContaining(each)));
  });
});
