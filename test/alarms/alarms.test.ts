import { ALARMS } from "../../lib/alarms/catalogue";
import { embedded, type Block } from "../../lib/terraform/plan";
import { alarmsPlan, NOTIFY } from "./fixture";

const plan = alarmsPlan({
  notify: { emails: ["oncall@example.com", "on-call@example.com"] },
  expectedCountries: ["IE"],
  thresholds: { "tool-denied": 20, "tls-failures": 7 },
});
const alarms = plan.blocks("aws_cloudwatch_metric_alarm");
const alarm = (name: string): Block => {
  const found = alarms.filter(({ body }) => body.alarm_name === `acme-test-${name}`);
  expect(found).toHaveLength(1);
  return found[0] as Block;
};
const region = "${data.aws_region.account_region_154F2A67.id}";
const accountId = "${data.aws_caller_identity.account_identity_B7F107C0.account_id}";
const lb = "${aws_lb.lb.arn_suffix}";
const topic = plan.blocks("aws_sns_topic")[0] as Block;

describe("alarms", () => {
  test("the platform's once, a server's per server, each heard", () => {
    const names = (scope: string, prefix: string) =>
      ALARMS.filter((each) => each.scope === scope).map(({ id }) => `acme-test-${prefix}${id}`);
    expect(alarms.map(({ body }) => body.alarm_name).sort()).toEqual(
      [...names("platform", ""), ...names("server", "orders-"), ...names("server", "docs-")].sort(),
    );
    for (const { body } of alarms) {
      expect(body).toMatchObject({
        actions_enabled: true,
        alarm_actions: [`\${${topic.address}.arn}`],
        ok_actions: [`\${${topic.address}.arn}`],
        treat_missing_data: expect.stringMatching(/^(notBreaching|breaching)$/),
      });
    }
  });
  test.each([
    ["firewall-blocks", { WebACL: "acme-test-web-acl", Rule: "ALL", Region: region }],
    ["address-rate-limited", { WebACL: "acme-test-web-acl", Rule: "per-ip", Region: region }],
    ["credential-in-url", { WebACL: "acme-test-web-acl", Rule: "query-credential", Region: region }],
    ["unexpected-country", { WebACL: "acme-test-web-acl", Rule: "countries", Region: region }],
    ["load-balancer-errors", { LoadBalancer: lb }],
    ["archive-late", { DeliveryStreamName: "acme-test-audit" }],
    ["orders-slow", { LoadBalancer: lb, TargetGroup: "targetgroup/orders/1" }],
    ["docs-slow", { LoadBalancer: lb, TargetGroup: "targetgroup/docs/1" }],
    ["orders-cpu-high", { ClusterName: "acme-test", ServiceName: "${aws_ecs_service.orders-service.name}" }],
  ])("%s watches the right thing", (name, dimensions) =>
    expect(alarm(name).body.dimensions).toEqual(dimensions),
  );
  test("thresholds are the user's where named, else the catalogue's", () => {
    expect(alarm("orders-tool-denied").body.threshold).toBe(20);
    expect(alarm("docs-tool-denied").body.threshold).toBe(20);
    expect(alarm("tls-failures").body.threshold).toBe(7);
    expect(alarm("orders-failed-authentication").body.threshold).toBe(20);
    expect(alarm("orders-memory-high").body.threshold).toBe(85);
  });
  test("each says who must do what, and fires as the catalogue says", () => {
    expect(alarm("orders-no-healthy-task").body).toMatchObject({
      alarm_description: expect.stringMatching(/^No task is healthy.*roll back the last deployment\.$/),
      comparison_operator: "LessThanThreshold",
      statistic: "Minimum",
      evaluation_periods: 2,
      datapoints_to_alarm: 2,
      treat_missing_data: "breaching",
    });
    expect(alarm("firewall-blocks").body.comparison_operator).toBe("GreaterThanThreshold");
    expect(alarm("load-balancer-errors").body.comparison_operator).toBe("GreaterThanOrEqualToThreshold");
    expect(alarm("orders-slow").body).toMatchObject({ extended_statistic: "p99" });
    expect(alarm("orders-slow").body.statistic).toBeUndefined();
  });
  test("a calculation gives back its result alone, over one server's metrics", () => {
    const dimensions = { LoadBalancer: lb, TargetGroup: "targetgroup/docs/1" };
    const metric = (name: string) => ({
      namespace: "AWS/ApplicationELB",
      metric_name: name,
      dimensions,
      period: 60,
      stat: "Sum",
    });
    expect(alarm("docs-server-errors").body.metric_query).toEqual([
      {
        id: "result",
        expression: "IF(requests >= 50, 100 * FILL(errors, 0) / requests, 0)",
        label: expect.any(String),
        return_data: true,
      },
      { id: "requests", metric: metric("RequestCount"), return_data: false },
      { id: "errors", metric: metric("HTTPCode_Target_5XX_Count"), return_data: false },
    ]);
    expect(alarm("docs-audit-silent").body.metric_query).toContainEqual({
      id: "lines",
      metric: {
        namespace: "AWS/Logs",
        metric_name: "IncomingLogEvents",
        dimensions: { LogGroupName: "/hardened-mcp/docs-audit" },
        period: 900,
        stat: "Sum",
      },
      return_data: false,
    });
  });
});

describe("metric filters", () => {
  const filters = plan.blocks("aws_cloudwatch_log_metric_filter");
  test("each alarm over audit lines has its own, on its server's log group", () => {
    const counted = ALARMS.filter(({ signal }) => signal.kind === "audit-lines");
    expect(counted.length).toBeGreaterThan(0);
    for (const server of ["orders", "docs"]) {
      for (const { id, signal } of counted) {
        const { metric_name: name, namespace, statistic } = alarm(`${server}-${id}`).body;
        const found = filters.filter(
          ({ body }) => (body.metric_transformation as Record<string, unknown>).name === name,
        );
        expect({ namespace, statistic, filters: found.map(({ body }) => body) }).toMatchObject({
          namespace: "hardened-mcp/acme-test",
          statistic: "Sum",
          filters: [
            {
              log_group_name: `/hardened-mcp/${server}-audit`,
              pattern: signal.kind === "audit-lines" ? signal.pattern : "",
              metric_transformation: { namespace, value: "1", default_value: "0" },
            },
          ],
        });
      }
    }
  });
  test("AWS's limits: three dimensions, and none together with a default", () => {
    expect(filters.length).toBe(18);
    for (const { body } of filters) {
      const { dimensions, default_value: fallback } = body.metric_transformation as Record<string, unknown>;
      expect(Object.keys(dimensions ?? {}).length).toBeLessThanOrEqual(3);
      expect(dimensions === undefined).toBe(fallback !== undefined);
    }
  });
});

describe("the topic", () => {
  test("has a key that CloudWatch may use, for alarms of this account", () => {
    const condition = {
      StringEquals: { "aws:SourceAccount": accountId },
      ArnLike: { "aws:SourceArn": expect.stringMatching(/:cloudwatch:\$\{.*\}:\$\{.*\}:alarm:\*$/) },
    };
    const key = plan.target(topic.body.kms_master_key_id);
    expect(embedded(key?.body.policy)).toMatchObject({
      Statement: [
        { Sid: "AccountDecidesByIam" },
        {
          Effect: "Allow",
          Principal: { Service: "cloudwatch.amazonaws.com" },
          Action: ["kms:Decrypt", "kms:GenerateDataKey"],
          Condition: condition,
        },
      ],
    });
    const policies = plan.referring(topic, "aws_sns_topic_policy", "arn");
    const publish = { Action: ["sns:Publish"], Resource: [`\${${topic.address}.arn}`] };
    expect(policies.map(({ body }) => embedded(body.policy))).toEqual([
      {
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "AlarmsOfThisAccount",
            Effect: "Allow",
            Principal: { Service: "cloudwatch.amazonaws.com" },
            ...publish,
            Condition: condition,
          },
          {
            Sid: "TlsOnly",
            Effect: "Deny",
            Principal: "*",
            ...publish,
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
        ],
      },
    ]);
  });
  test("every address has a subscription of its own name, also where names look alike", () => {
    const subscriptions = plan.blocks("aws_sns_topic_subscription");
    expect(subscriptions.map(({ body }) => body.endpoint).reverse()).toEqual([
      "oncall@example.com",
      "on-call@example.com",
    ]);
    for (const { address } of subscriptions) expect(address).not.toMatch(/_\d+_|\[\d/);
    const dotted = alarmsPlan({ notify: { emails: ["a.b@example.com", "a-b@example.com"] } });
    expect(dotted.blocks("aws_sns_topic_subscription")).toHaveLength(2);
  });
  test("a topic that is there gets no key, policy or reader of ours", () => {
    const arn = "arn:aws:sns:eu-west-1:123456789012:oncall";
    const existing = alarmsPlan({ notify: { topicArn: arn } });
    expect(
      existing.blocks("aws_sns_topic", "aws_sns_topic_policy", "aws_sns_topic_subscription", "aws_kms_key"),
    ).toEqual([]);
    const all = existing.blocks("aws_cloudwatch_metric_alarm");
    expect(all.length).toBeGreaterThan(0);
    for (const { body } of all) expect(body.alarm_actions).toEqual([arn]);
  });
});

test("addresses do not change with the order of anything", () => {
  const addresses = (emails: string[]) =>
    alarmsPlan({ notify: { emails } })
      .all.map(({ address }) => address)
      .sort();
  const more = [...NOTIFY.emails, "b@example.com"];
  expect(addresses([...more].reverse())).toEqual(addresses(more));
});
