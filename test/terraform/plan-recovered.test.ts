import { inPlannedOrder } from "../../lib/terraform/plan-blocks";
import { recovered } from "../../lib/terraform/plan-recovered";

const never = () => false;
const TOPIC = "${aws_sns_topic.t.arn}";
const told = (written: unknown, ...references: string[]) => ({
  constant_value: written,
  references: references.length === 0 ? ["aws_sns_topic.t.arn", "aws_sns_topic.t"] : references,
});

describe("what is not known yet is the text that is written", () => {
  test.each<[string, unknown, unknown, unknown, unknown]>([
    ["a reference", undefined, true, TOPIC, TOPIC],
    ["a policy with one in it", undefined, true, `{"Resource":"${TOPIC}"}`, `{"Resource":"${TOPIC}"}`],
    ["a whole list", undefined, true, [TOPIC], [TOPIC]],
    ["an item of a list", [null], [true], [TOPIC], [TOPIC]],
    ["an item of a set in another order", ["b", null], [false, true], [TOPIC, "b"], ["b", TOPIC]],
    ["an entry of a map", { A: "a" }, { B: true }, { A: "a", B: TOPIC }, { A: "a", B: TOPIC }],
  ])("%s", (_what, value, unknown, written, expected) => {
    expect(recovered(value, unknown, told(written), never)).toEqual(expected);
  });
});

describe("nothing is taken for known that is not", () => {
  test.each<[string, unknown, unknown, ReturnType<typeof told>]>([
    ["what is planned, whatever is written", "planned", undefined, told(TOPIC)],
    ["nothing, where nothing is unknown", null, undefined, told(TOPIC)],
    ["a text without an expression", undefined, true, told("arn:aws:sns:eu-west-1:1:safe")],
    ["an escaped expression", undefined, true, told("$${aws_sns_topic.t.arn}")],
    ["what refers to something else than Terraform says", undefined, true, told("${aws_sns_topic.safe.arn}")],
    ["what refers to data in place of a resource", undefined, true, told("${data.aws_sns_topic.t.arn}")],
    ["what refers to two, of which Terraform says one", undefined, true, told(`${TOPIC}\${aws_lb.x.arn}`)],
    ["a list that is longer than what is written", ["evil", null], [false, true], told([TOPIC])],
    ["a list with more expressions than are unknown", ["evil", null], [false, true], told([TOPIC, TOPIC])],
    ["what has no references", undefined, true, { constant_value: TOPIC } as ReturnType<typeof told>],
  ])("%s stays", (_what, value, unknown, one) => {
    expect(recovered(value, unknown, one, never)).toEqual(value);
  });
  test("a known value is a reference only where it is what that is planned to be", () => {
    const isOf = (text: string, value: string) => text === TOPIC && value === "arn:1";
    expect(recovered("arn:1", undefined, told(TOPIC), isOf)).toBe(TOPIC);
    expect(recovered("arn:2", undefined, told(TOPIC), isOf)).toBe("arn:2");
    expect(recovered({ A: "arn:2" }, {}, told({ A: TOPIC }), isOf)).toEqual({ A: "arn:2" });
  });
});

describe("blocks of a set", () => {
  const constant = (name: string, more: object = {}) => ({ name: { constant_value: name }, ...more });
  const [a, b] = [constant("a", { of: { references: ["x.y"] } }), constant("b")];
  test("are told apart by what is constant in them", () => {
    expect(inPlannedOrder([{ name: "b" }, { name: "a" }], [a, b])).toEqual([b, a]);
  });
  test("and by the blocks in them", () => {
    const [one, other] = [{ in: [a] }, { in: [b] }];
    expect(inPlannedOrder([{ in: [{ name: "b" }] }, { in: [{ name: "a" }] }], [one, other])).toEqual([
      other,
      one,
    ]);
    expect(inPlannedOrder([{ in: [] }], [one])).toBeUndefined();
  });
  test.each<[string, unknown[], unknown[]]>([
    ["one has another constant", [{ name: "evil" }, { name: "a" }], [a, b]],
    [
      "one of two could be either",
      [{ name: "b" }, {}, { name: "a" }],
      [a, b, { name: { references: ["x.y"] } }],
    ],
    ["there is one more", [{ name: "a" }, { name: "b" }, { name: "b" }], [a, b]],
    ["one is none", [null, { name: "a" }], [a, b]],
  ])("are left alone where %s", (_what, planned, written) => {
    expect(inPlannedOrder(planned, written)).toBeUndefined();
  });
  test("of one constant stay in their order", () => {
    const blocks = [
      constant("a", { of: { references: ["x.1"] } }),
      constant("a", { of: { references: ["x.2"] } }),
    ];
    expect(inPlannedOrder([{ name: "a" }, { name: "a" }], blocks)).toBe(blocks);
  });
});
