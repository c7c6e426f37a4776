import { Plan, type TerraformJson } from "../../lib/terraform/plan";
import { readWritten } from "../../lib/terraform/written";

const bucket = (body: object) => ({ resource: { aws_s3_bucket: { b: body } } }) as TerraformJson;
/** Names of what is there in both readings. */
const there = (source: TerraformJson) =>
  (["most", "least"] as const).map((reading) => readWritten(source, reading).blocks.map(({ name }) => name));
/** The body of the one bucket in both readings. */
const bodies = (body: object) =>
  (["most", "least"] as const).map((reading) => readWritten(bucket(body), reading).blocks[0]?.body);

describe("labels are read like Terraform reads them", () => {
  test.each<[string, object]>([
    ["objects", { aws_s3_bucket: { a: {}, b: {} } }],
    ["a list of types", [{ aws_s3_bucket: { a: {} } }, { aws_s3_bucket: { b: {} } }]],
    ["a list of names", { aws_s3_bucket: [{ a: {} }, { b: {} }] }],
    ["a list of bodies", { aws_s3_bucket: { a: [{}], b: [{}] } }],
    ["with comments between", { "//": "x", aws_s3_bucket: { "//": "x", a: {}, b: {} } }],
  ])("%s", (_what, resource) => {
    const plan = new Plan({ resource } as TerraformJson);
    expect(plan.blocks("aws_s3_bucket").map(({ address }) => address)).toEqual([
      "aws_s3_bucket.a",
      "aws_s3_bucket.b",
    ]);
  });
  test.each<[string, object, RegExp]>([
    ["a text for all", { resource: "x" }, /has a text at resource, expected an object/],
    ["a number for a type", { resource: { aws_lb: 5 } }, /has a number at resource\.aws_lb/],
    ["a list in a list", { resource: [[]] }, /has a list at resource/],
    ["null for a body", { resource: { aws_lb: { a: null } } }, /has null at resource\.aws_lb\.a/],
    ["a text among bodies", { data: { aws_region: { a: [{}, "x"] } } }, /has a text at data\.aws_region\.a/],
    ["a name that is none", { resource: { "aws lb": {} } }, /resource\.aws lb, which cannot be a name/],
    ["the prototype", JSON.parse('{"resource":{"__proto__":{"a":{}}}}') as object, /__proto__, which cannot/],
  ])("refused: %s", (_what, source, says) => expect(() => new Plan(source as TerraformJson)).toThrow(says));
  test("an older name of a type is the newer one, pointed to as it is written", () => {
    const plan = new Plan({
      resource: { aws_alb: { a: {} }, aws_alb_listener: { l: { load_balancer_arn: "${aws_alb.a.arn}" } } },
    });
    expect(plan.blocks("aws_lb").map(({ address }) => address)).toEqual(["aws_alb.a"]);
    expect(plan.target("${aws_alb.a.arn}")?.type).toBe("aws_lb");
    expect(plan.blocks("aws_lb_listener")).toHaveLength(1);
  });
  test("the address of a comment means nothing in a file", () => {
    const plan = new Plan(bucket({ "//": { address: "aws_s3_bucket.other" } }));
    expect(plan.all.map(({ address }) => address)).toEqual(["aws_s3_bucket.b"]);
  });
});

describe("what may not come to be", () => {
  test.each<[string, object, string[], string[]]>([
    ["nothing is said", {}, ["b"], ["b"]],
    ["null is said", { count: null, for_each: null }, ["b"], ["b"]],
    ["none", { count: 0 }, [], []],
    ["none, as a text", { count: "0" }, [], []],
    ["two", { count: 2 }, ["b"], ["b"]],
    ["as many as an expression says", { count: "${var.n}" }, ["b"], []],
    ["as many as a condition says", { count: "${true ? 0 : 1}" }, ["b"], []],
    ["no text at all", { count: " " }, ["b"], []],
    ["for each of nothing", { for_each: {} }, [], []],
    ["for each of an empty list", { for_each: [] }, [], []],
    ["for each of something", { for_each: { x: 1 } }, ["b"], ["b"]],
    ["for each of what an expression says", { for_each: "${toset([])}" }, ["b"], []],
  ])("%s", (_what, body, most, least) => expect(there(bucket(body))).toEqual([most, least]));
});

describe("dynamic blocks", () => {
  const content = { port: 1 };
  test.each<[string, object, object, object]>([
    ["one", { dynamic: { rule: { for_each: [1], content } } }, { rule: [content] }, { rule: [content] }],
    ["none", { dynamic: { rule: { for_each: [], content } } }, {}, {}],
    ["perhaps", { dynamic: { rule: { for_each: "${var.x}", content } } }, { rule: [content] }, {}],
    [
      "beside written ones",
      { rule: { port: 2 }, dynamic: { rule: { for_each: [1], content } } },
      { rule: [{ port: 2 }, content] },
      { rule: [{ port: 2 }, content] },
    ],
    [
      "as lists",
      { dynamic: [{ rule: [{ for_each: [1], content: [content] }] }] },
      { rule: [content] },
      { rule: [content] },
    ],
    [
      "inside another block",
      { outer: [{ dynamic: { rule: { for_each: [1], content } } }] },
      { outer: [{ rule: [content] }] },
      { outer: [{ rule: [content] }] },
    ],
  ])("%s", (_what, body, most, least) => expect(bodies(body)).toEqual([most, least]));
  test("a field of that name that repeats nothing is a field", () =>
    expect(bodies({ dynamic: { a: 1 } })).toEqual([{ dynamic: { a: 1 } }, { dynamic: { a: 1 } }]));
});

describe("values that are not kept up, or none", () => {
  test("null is nothing, at every depth", () =>
    expect(bodies({ a: null, b: [{ c: null, d: 1 }] })).toEqual([{ b: [{ d: 1 }] }, { b: [{ d: 1 }] }]));
  test("what is ignored is not known", () => {
    const lifecycle = { ignore_changes: ["policy", 'tags["x"]'] };
    const [all] = readWritten(bucket({ policy: "p", lifecycle }), "blind").blocks;
    expect([...bodies({ policy: "p", lifecycle }), all?.body]).toEqual([
      { policy: "p", lifecycle },
      { lifecycle },
      { policy: "${ignored}", tags: "${ignored}", lifecycle },
    ]);
  });
  test.each<[string, unknown]>([
    ["all", "all"],
    ["all in a list", ["all"]],
    ["all as an expression", "${all}"],
  ])("where %s is ignored, nothing is known of the block", (_what, ignore_changes) => {
    const plan = new Plan(bucket({ policy: "p", lifecycle: { ignore_changes } }));
    expect([...plan.ignored]).toEqual(["aws_s3_bucket.b"]);
    expect(plan.least().map(({ all }) => all[0]?.body.policy)).toEqual([undefined, "${ignored}"]);
  });
  test("the number of tasks is the scaling's to change", () => {
    const service = { desired_count: 2, lifecycle: { ignore_changes: ["desired_count"] } };
    expect(new Plan({ resource: { aws_ecs_service: { s: service } } }).least()).toEqual([]);
  });
  test.each<[string, unknown, unknown]>([
    ["a variable", "${var.x}", undefined],
    ["something computed", '${aws_s3_bucket.b.arn == "" ? "x" : "y"}', undefined],
    ["an attribute of what is not in the file", "${aws_kms_key.gone.arn}", undefined],
    ["an attribute of what is", "${aws_s3_bucket.b.arn}", "${aws_s3_bucket.b.arn}"],
    ["a text with an expression in it", "x-${var.x}", "x-${var.x}"],
    ["some of a list", ["${var.x}", "a"], ["a"]],
    [
      "how a domain is proven",
      "${tolist(aws_acm_certificate.c.domain_validation_options).0.resource_record_name}",
      "${tolist(aws_acm_certificate.c.domain_validation_options).0.resource_record_name}",
    ],
  ])("what nobody knows before deployment is left out: %s", (_what, value, least) => {
    const left = bodies({ value, "//": "x" });
    expect(left.map((body) => body?.value)).toEqual([value, least]);
  });
  test("conditions on a deployment are not values of it", () => {
    const lifecycle = { precondition: [{ condition: "${var.x}" }] };
    expect(new Plan(bucket({ lifecycle })).least()).toEqual([]);
  });
  test("nothing is copied where there is nothing to settle", () => {
    const body = { a: [{ b: { c: 1 } }] };
    expect(bodies(body)[0]).toBe(body);
  });
});
