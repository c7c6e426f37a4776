import { nothingAdded, readNames } from "../../lib/beside/added";
import { ATTRIBUTES } from "../../lib/beside/attributes";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";
import { EXAMPLES, synthExample } from "../support/examples";
import { PARTS_ALONE, partPlan } from "../support/parts";
import { CORPUS } from "../tokens/corpus";
import { written } from "../tokens/rendered";

const judged = (plan: Plan) =>
  plan
    .blocks(...nothingAdded.on)
    .map((block) => ({ block, finding: nothingAdded.judge(block, plan) }))
    .flatMap(({ block, finding }) =>
      finding.holds === true ? [] : [`${finding.holds} ${block.type} ${finding.says}`],
    );

describe("nothing that is synthesised says more than the table has", () => {
  test.each(EXAMPLES)("example %s", (name) => expect(judged(synthExample(name))).toEqual([]));
  test.each(PARTS_ALONE)("part %s", (name) => expect(judged(partPlan(name))).toEqual([]));
  test.each(Object.keys(CORPUS))("configuration %s", (name) => {
    const config = CORPUS[name];
    if (config === undefined) throw new Error("there is none");
    expect(judged(new Plan(written(config, []) as unknown as TerraformJson))).toEqual([]);
  });
});

test("names are read with those in their brackets", () => {
  expect(readNames("a b(c d(e)\n  f) g")).toEqual({
    ...{ a: undefined, g: undefined },
    b: { c: undefined, d: { e: undefined }, f: undefined },
  });
  expect(Object.values(ATTRIBUTES).filter((text) => Object.keys(readNames(text)).length === 0)).toEqual([]);
});

describe("what is added to a block of ours is said", () => {
  const complete = synthExample("complete");
  const adding = (type: string, more: object) => {
    const source = structuredClone(complete.source) as Record<string, Record<string, Record<string, object>>>;
    for (const body of Object.values(source.resource?.[type] ?? {})) Object.assign(body, more);
    return judged(new Plan(source));
  };
  test.each<[string, object, string]>([
    ["aws_ecs_service", { deployment_controller: [{ type: "EXTERNAL" }] }, "false"],
    ["aws_ecs_service", { service_connect_configuration: [{ enabled: true }] }, "false"],
    ["aws_ecs_service", { vpc_lattice_configurations: [{ port_name: "gateway" }] }, "false"],
    ["aws_ecs_service", { deployment_configuration: [{ strategy: "BLUE_GREEN" }] }, "false"],
    ["aws_ecs_task_definition", { volume: [{ name: "v", host_path: "/" }] }, "false"],
    ["aws_ecs_task_definition", { proxy_configuration: [{ container_name: "gateway" }] }, "false"],
    ["aws_ecs_task_definition", { track_latest: true }, "false"],
    ["aws_secretsmanager_secret", { replica: [{ region: "us-east-1" }] }, "unknown"],
    ["aws_kms_key", { bypass_policy_lockout_safety_check: true }, "unknown"],
    ["aws_kms_key", { is_enabled: false }, "unknown"],
    ["aws_lb_listener_rule", { transform: [{ type: "url-rewrite" }] }, "false"],
    ["aws_lb_listener", { routing_http_request_x_amzn_mtls_clientcert_header_name: "X-Api-Key" }, "unknown"],
    ["aws_lb_target_group", { stickiness: [{ type: "lb_cookie" }] }, "unknown"],
    ["aws_lambda_function", { layers: ["arn:x"] }, "false"],
    ["aws_sns_topic_subscription", { filter_policy: "{}" }, "false"],
    ["aws_cloudwatch_log_group", { log_group_class: "INFREQUENT_ACCESS" }, "false"],
    ["aws_secretsmanager_secret_version", { secret_string_wo: "x" }, "false"],
    ["aws_cloudwatch_metric_alarm", { unit: "Bytes" }, "false"],
    ["aws_s3_bucket", { region: "us-east-1" }, "unknown"],
    ["aws_vpc", { ipv6_cidr_block: "2001:db8::/56" }, "unknown"],
  ])("%s %j", (type, more, holds) => {
    const [name] = Object.keys(more);
    expect(adding(type, more)[0]).toMatch(new RegExp(`^${holds} ${type} it also says ${name}`));
  });
  test("inside of a block, too", () => {
    const [service] = complete.blocks("aws_ecs_service");
    const [balancer] = service?.body.load_balancer as object[];
    const more = { load_balancer: [{ ...balancer, advanced_configuration: [{ role_arn: "arn:x" }] }] };
    expect(adding("aws_ecs_service", more)[0]).toContain("load_balancer.advanced_configuration");
  });
  test.each<[string, object]>([
    ["aws_ecs_service", { wait_for_steady_state: true, tags: { any: "tag" } }],
    ["aws_ecs_task_definition", { ephemeral_storage: { size_in_gib: 40 }, skip_destroy: true }],
    ["aws_lb", { timeouts: { create: "20m" }, tags_all: {}, count: 1 }],
    ["aws_lambda_function", { environment: [{ variables: { ANY: "name" } }] }],
  ])("but not of %s %j", (type, more) => expect(adding(type, more)).toEqual([]));
  test("nor of what somebody else has made", () => {
    const plan = new Plan({
      ...complete.source,
      resource: { aws_lb: { other: { dns_record_client_routing: "x" } } },
    });
    expect(judged(plan)).toEqual([]);
  });
});
