import { besideControls } from "../../lib/beside/controls";
import { DOORS, NETWORK, STANDING } from "../../lib/beside/doors";
import { RECORDS, STORES } from "../../lib/beside/records";
import { ROLES, RUNNING } from "../../lib/beside/running";
import type { Touches } from "../../lib/beside/touch";
import type { Control, Finding } from "../../lib/checklist/control";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";
import { allows, File, IN, one, type Added } from "../addition/added";
import { synthExampleText } from "../support/examples";
import { deriveSchema } from "../support/schema/derive";

const file = new File(JSON.parse(synthExampleText("complete")) as TerraformJson);
const plan = new Plan(file.source);
const OURS = "complete/mcp/server-orders/added";
const BESIDE = "complete/beside/added";

function control(id: string): Control {
  const found = besideControls.find((each) => each.id === `beside.${id}`);
  if (found === undefined) throw new Error(`there is no beside.${id}`);
  return found;
}

/** What a control says of a block that is added by a construct. */
function judged(id: string, type: string, body: Readonly<Record<string, unknown>>, path = BESIDE): Finding {
  const after = new Plan(file.with(one(type, body), path));
  const block = after.blocks(type).find(({ name }) => name === "added");
  if (block === undefined) throw new Error(`${type} is not there`);
  return control(id).judge(block, after);
}

const TABLES: readonly (readonly [id: string, table: Touches])[] = [
  ["no-other-door", DOORS],
  ["network-as-made", NETWORK],
  ["run-by-us-alone", RUNNING],
  ["roles-as-made", ROLES],
  ["stores-as-made", STORES],
  ["records-as-made", RECORDS],
  ["groups-of-ours-alone", STANDING],
];
const ROWS = TABLES.flatMap(([id, table]) =>
  Object.entries(table).map(([type, touch]) => ({ id, type, touch })),
);

/** A block of each of these types, all of which the complete example has. */
function firstOf(types: readonly string[]): string {
  const [block] = plan.blocks(types[0] ?? "aws_subnet");
  if (block === undefined) throw new Error(`the complete example has no ${types[0]}`);
  return `\${${block.address}.id}`;
}

describe("what somebody else writes is seen where it points to something of ours", () => {
  test.each(ROWS)("$id: $type", ({ id, type, touch }) => {
    for (const attribute of touch.by.length === 0 ? ["vpc_security_group_ids"] : touch.by) {
      const pointing = (value: unknown) => ({ [attribute]: [{ nested: value }] });
      expect(judged(id, type, pointing(firstOf(touch.at))).holds).toBe(touch.holds);
      // Of somebody else's it says nothing.
      expect(judged(id, type, pointing("other-0123456789")).holds).toBe(true);
      // A construct of ours may, where any of ours writes such blocks.
      expect(judged(id, type, pointing(firstOf(touch.at)), OURS).holds).toBe(
        touch.ours === true ? true : touch.holds,
      );
    }
  });

  test("by attributes that the provider has", () => {
    const { resource_schemas: schemas } = deriveSchema("@cdktf/provider-aws", "aws", {
      resources: [...new Set(ROWS.map(({ type }) => type))],
      dataSources: [],
    });
    const unknown = ROWS.flatMap(({ type, touch }) =>
      touch.by
        .filter(
          (attribute) =>
            schemas[type]?.block.attributes?.[attribute] === undefined &&
            schemas[type]?.block.block_types?.[attribute] === undefined,
        )
        .map((attribute) => `${type}.${attribute}`),
    );
    expect(unknown).toEqual([]);
    expect(ROWS.filter(({ type }) => schemas[type] === undefined)).toEqual([]);
  });

  test("also by its name, by its ARN, and inside a longer text", () => {
    const name = String(file.value(IN.audit, "name"));
    const says = (log: string) =>
      judged("records-as-made", "aws_cloudwatch_log_subscription_filter", { log_group_name: log }).holds;
    expect([name, `arn:aws:logs:eu-west-1:111122223333:log-group:${name}:*`].map(says)).toEqual([
      "unknown",
      "unknown",
    ]);
    expect(says(`${name}-other`)).toBe(true);
    const scope = (location: string) =>
      judged("stores-as-made", "aws_s3control_access_grants_location", { location_scope: location }).holds;
    expect(scope(`s3://${file.ref(IN.archive, "bucket")}/*`)).toBe("unknown");
    expect(scope("s3://")).toBe(true);
  });

  test("nothing is said of a file that is not ours", () => {
    const { "//": _, ...source } = file.source;
    const stranger = new Plan(source as TerraformJson);
    for (const each of besideControls)
      for (const block of stranger.blocks(...each.on))
        expect(each.judge(block, stranger)).toEqual({ holds: true });
  });

  test("and nothing of ours is", () => {
    for (const each of besideControls)
      for (const block of plan.blocks(...each.on))
        expect([block.address, each.judge(block, plan)]).toEqual([block.address, { holds: true }]);
  });
});

describe("each part of a thing is written once", () => {
  const twice = (added: Added): Finding[] => {
    const after = new Plan(file.with(added, BESIDE));
    return Object.keys(added)
      .flatMap((type) => after.blocks(type))
      .map((block) => control("written-once").judge(block, after))
      .filter(({ holds }) => holds !== true);
  };
  const types = control("written-once").on.filter((type) => plan.blocks(type).length > 0);

  test.each(types)("%s", (type) => {
    const [own] = plan.blocks(type);
    // Both are told, and the same of something else is nothing.
    expect(twice(one(type, own?.body as Record<string, unknown>))).toHaveLength(2);
    const other = Object.fromEntries(
      Object.entries(own?.body ?? {}).map(([name, value]) => [
        name,
        typeof value === "string" ? "other" : value,
      ]),
    );
    expect(twice(one(type, other))).toEqual([]);
  });

  test.each([
    ["aws_kms_key_policy", { key_id: file.ref(IN.secretsKey), policy: allows({ Action: "kms:*" }) }],
    [
      "aws_vpc_endpoint_policy",
      { vpc_endpoint_id: file.ref(IN.s3Endpoint), policy: allows({ Action: "*" }) },
    ],
  ])("%s, which the other one may bring itself", (type, body) => {
    expect(twice(one(type, body))).toEqual([
      { holds: false, says: expect.stringMatching(/^aws_\S+ brings the same part itself$/) as string },
    ]);
  });

  test("alarms of both kinds share their names", () => {
    const name = file.value(IN.alarm, "alarm_name");
    expect(
      twice(one("aws_cloudwatch_composite_alarm", { alarm_name: name, alarm_rule: "FALSE" })),
    ).toHaveLength(1);
  });
});

describe("names and settings of the account", () => {
  const record = {
    zone_id: "Z1",
    name: `${String(file.value("platform/record/resource", "name"))}.`.toUpperCase(),
  };
  test.each([
    ["A", false],
    ["AAAA", false],
    ["NS", false],
    ["TXT", true],
  ])("a record %s of the same name", (type, holds) => {
    expect(judged("names-lead-here", "aws_route53_record", { ...record, type }).holds).toBe(holds);
    expect(judged("names-lead-here", "aws_route53_record", { ...record, type, name: "other" }).holds).toBe(
      true,
    );
    expect(judged("names-lead-here", "aws_route53_record", { ...record, type }, OURS).holds).toBe(true);
  });
  test.each([
    ["aws_cloudwatch_log_account_policy", { policy_type: "SUBSCRIPTION_FILTER_POLICY" }, "unknown"],
    ["aws_cloudwatch_log_account_policy", { policy_type: "FIELD_INDEX_POLICY" }, true],
    ["aws_oam_link", { resource_types: ["AWS::Logs::LogGroup"] }, "unknown"],
    ["aws_oam_link", { resource_types: ["AWS::CloudWatch::Metric"] }, true],
  ])("%s %j", (type, body, holds) => {
    expect(judged("logs-of-the-account", type, body).holds).toBe(holds);
  });
});
