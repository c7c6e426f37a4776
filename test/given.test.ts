import { TerraformVariable } from "cdktf";
import { HardenedMcp } from "../lib";
import type { ClusterConfig, KeysConfig } from "../lib/config";
import { resolveHardenedMcp } from "../lib/model";
import { goodConfig, isTestToken, problemsOf, TOKEN } from "./support/config";
import { synthPlan } from "./support/plan";

const CLUSTER = "arn:aws:ecs:eu-west-1:123456789012:cluster/shared";
const key = (end: string) =>
  `arn:aws:kms:eu-west-1:123456789012:key/0123abcd-0000-4000-8000-00000000000${end}`;
const KEYS: KeysConfig = {
  kind: "existing",
  secretsKeyArn: key("1"),
  auditKeyArn: key("2"),
  alarmsKeyArn: key("3"),
};
const topic = { notify: { topicArn: "arn:aws:sns:eu-west-1:123456789012:oncall" } };

describe("a cluster that is there", () => {
  const plan = synthPlan(
    (stack) =>
      void new HardenedMcp(stack, "mcp", goodConfig({ cluster: { kind: "existing", arn: CLUSTER } })),
  );
  test("is used by service and scaling, and none is made", () => {
    expect(plan.blocks("aws_ecs_cluster")).toEqual([]);
    expect(plan.blocks("aws_ecs_cluster_capacity_providers")).toEqual([]);
    expect(plan.blocks("aws_ecs_service").map(({ body }) => body.cluster)).toEqual([CLUSTER]);
    expect(plan.blocks("aws_appautoscaling_target").map(({ body }) => body.resource_id)).toEqual([
      "service/shared/acme-test-notes",
    ]);
  });
  test("has its name taken out of an ARN that is known only at deployment", () => {
    const later = synthPlan((stack) => {
      const arn = new TerraformVariable(stack, "cluster", { type: "string" }).stringValue;
      new HardenedMcp(stack, "mcp", goodConfig({ cluster: { kind: "existing", arn } }));
    });
    const ids = later.blocks("aws_appautoscaling_target").map(({ body }) => body.resource_id);
    expect(ids).toEqual(['service/${element(split("/", var.cluster), 1)}/acme-test-notes']);
  });
});

describe("keys that are there", () => {
  const plan = synthPlan((stack) => void new HardenedMcp(stack, "mcp", goodConfig({ keys: KEYS })));
  test("are the only ones", () => {
    expect(plan.blocks("aws_kms_key")).toEqual([]);
    const said = (type: string, field: string) => new Set(plan.blocks(type).map(({ body }) => body[field]));
    expect(said("aws_secretsmanager_secret", "kms_key_id")).toEqual(new Set([key("1")]));
    expect(said("aws_cloudwatch_log_group", "kms_key_id")).toEqual(new Set([key("2")]));
    expect(said("aws_sns_topic", "kms_master_key_id")).toEqual(new Set([key("3")]));
    expect(JSON.stringify(plan.blocks("aws_kinesis_firehose_delivery_stream"))).toContain(key("2"));
  });
});

describe("what cannot be is refused by name", () => {
  const asks = (change: { cluster?: unknown; keys?: unknown; alarms?: unknown }) =>
    problemsOf(() => resolveHardenedMcp(goodConfig(change as never), isTestToken));
  const cluster = (arn: unknown) => ({ cluster: { kind: "existing", arn } as ClusterConfig });
  const keys = (change: object) => ({ keys: { ...KEYS, ...change } });
  test.each<[string, Parameters<typeof asks>[0], string[]]>([
    ["a cluster", cluster(CLUSTER), []],
    ["a cluster that is known only at deployment", cluster(TOKEN), []],
    ["a cluster by its name", cluster("shared"), ["cluster.arn is"]],
    ["no cluster at all", cluster(undefined), ["cluster.arn is"]],
    ["keys", { keys: KEYS }, []],
    ["keys that are known only at deployment", keys({ secretsKeyArn: TOKEN }), []],
    [
      "an alias",
      keys({ auditKeyArn: "arn:aws:kms:eu-west-1:123456789012:alias/logs" }),
      ["keys.auditKeyArn is"],
    ],
    ["no key for the topic that is made", keys({ alarmsKeyArn: undefined }), ["keys.alarmsKeyArn is"]],
    [
      "a key for a topic that is given",
      { keys: KEYS, alarms: topic },
      ["keys.alarmsKeyArn is a key for a topic"],
    ],
    ["none, beside a topic that is given", { ...keys({ alarmsKeyArn: undefined }), alarms: topic }, []],
    ["a field that is none", keys({ logsKeyArn: key("4") }), ["keys.logsKeyArn is not a field here"]],
  ])("%s", (_name, change, begins) =>
    expect(asks(change)).toEqual(begins.map((begin) => expect.stringContaining(begin))),
  );
});
