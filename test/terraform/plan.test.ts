import { embedded, isExpression, Plan, type TerraformJson } from "../../lib/terraform/plan";

const source: TerraformJson = {
  resource: {
    aws_lb: { a: { name: "a", "//": { metadata: { path: "stack/mcp/a" } } }, b: {} },
    aws_lb_listener: {
      one: { load_balancer_arn: "${aws_lb.a.arn}" },
      two: { load_balancer_arn: "${aws_lb.b.arn}" },
      other: { load_balancer_arn: "arn:aws:elasticloadbalancing:x" },
    },
  },
  data: { aws_region: { r: {} } },
};
const plan = new Plan(source);

describe("blocks", () => {
  test("are all there, resources and data, with address and construct path", () => {
    expect(plan.all.map(({ address, mode, path }) => [address, mode, path])).toEqual([
      ["aws_lb.a", "resource", "stack/mcp/a"],
      ["aws_lb.b", "resource", ""],
      ["aws_lb_listener.one", "resource", ""],
      ["aws_lb_listener.two", "resource", ""],
      ["aws_lb_listener.other", "resource", ""],
      ["data.aws_region.r", "data", ""],
    ]);
  });
  test("are found by type, data apart", () => {
    expect(plan.blocks("aws_lb", "aws_region").map(({ name }) => name)).toEqual(["a", "b"]);
  });
  test("are none in an empty file", () => expect(new Plan({}).all).toEqual([]));
});

describe("references", () => {
  test.each([
    ["an attribute", "${aws_lb.a.arn}", "aws_lb.a"],
    ["the whole", "${aws_lb.a}", "aws_lb.a"],
    ["an index", "${aws_lb.a[0].arn}", "aws_lb.a"],
    ["data", "${data.aws_region.r.id}", "data.aws_region.r"],
    ["an index by a key", '${aws_lb.a["x"].arn}', "aws_lb.a"],
    ["all of them", "${aws_lb.a[*].arn}", "aws_lb.a"],
    ["a text around it", "x-${aws_lb.a.arn}", undefined],
    ["a condition on it", '${aws_lb.a.arn == "" ? "x" : "y"}', undefined],
    ["something added to it", "${aws_lb.a.port + 1}", undefined],
    ["somebody unknown", "${aws_lb.c.arn}", undefined],
    ["no text", 5, undefined],
  ])("%s", (_what, reference, address) => expect(plan.target(reference)?.address).toBe(address));
  test("are followed backwards", () => {
    const [a] = plan.blocks("aws_lb");
    const found = a ? plan.referring(a, "aws_lb_listener", "load_balancer_arn") : [];
    expect(found.map(({ name }) => name)).toEqual(["one"]);
  });
});

describe("JSON inside texts", () => {
  test.each<[string, unknown, unknown]>([
    ["plain", '{"a":[1]}', { a: [1] }],
    ["with a reference", '{"a":"${aws_lb.a.arn}/*"}', { a: "${aws_lb.a.arn}/*" }],
    ["with what Terraform would have read", '{"a":"$${x} %%{y}"}', { a: "${x} %{y}" }],
    [
      "with a hole for a number or a list",
      '{"a":${jsonencode(var.n)},"b":[${jsonencode(var.l)}]}',
      {
        a: "${jsonencode(var.n)}",
        b: ["${jsonencode(var.l)}"],
      },
    ],
    [
      "with an expression that has texts of its own",
      '{"a":"x/${element(split("/", var.c), 1)}/y"}',
      { a: 'x/${element(split("/", var.c), 1)}/y' },
    ],
    ["a key that stands twice", '{"Effect":"Deny","Effect":"Allow"}', undefined],
    ["broken", "{", undefined],
    ["an expression", "${data.aws_iam_policy_document.d.json}", undefined],
    ["no text", { a: 1 }, undefined],
  ])("%s", (_what, text, opened) => expect(embedded(text)).toEqual(opened));
});

describe("what is known only at deployment", () => {
  test.each([
    ["${aws_lb.a.arn}", true],
    ["x-${var.y}", true],
    ["$${literal}", false],
    ["%{ if true }0.0.0.0/0%{ endif }", true],
    ["100%%{literal}", false],
    ["plain", false],
    [5, false],
  ])("%s: %s", (value, known) => expect(isExpression(value)).toBe(known));
});
