import { WAIVABLE as ofIngress } from "../../lib/ingress/model";
import { SINGLE_USER } from "../../lib/secrets/model";
import { WAIVABLE as ofWaf } from "../../lib/waf/model";
import { CONTROLS } from "../../lib/checklist/controls";
import { fails, HOLDS, type Control } from "../../lib/checklist/control";
import { isOurs, judgePlan } from "../../lib/checklist/engine";
import { MANIFEST_KEY, type ManifestWaiver } from "../../lib/checklist/manifest";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";

const LB = "aws_lb";
const GUARD = "aws_wafv2_web_acl_association";

/** A load balancer has a firewall, which has to be there. */
const guarded: Control = {
  id: "edge.guarded",
  item: 8,
  says: "Every load balancer has a firewall",
  why: "Nothing stands before it otherwise.",
  on: [LB],
  judge: (lb, plan) =>
    plan.referring(lb, GUARD, "resource_arn").length > 0 ? HOLDS : fails("it has no firewall"),
};
const present: Control = { ...guarded, id: "edge.present", on: [GUARD], needed: true, judge: () => HOLDS };
const closed: Control = {
  ...guarded,
  id: "edge.closed",
  waivedBy: "edge.closed",
  judge: ({ body }) => (body.internal === true ? HOLDS : fails("it is open")),
};

const manifest = (waivers: readonly unknown[] = []) => ({
  "//": { [MANIFEST_KEY]: { "s/mcp": { kind: "platform", waivers } } },
});
function plan(guard: object, lb: object = {}, more: object = {}): Plan {
  const path = { "//": { metadata: { path: "s/mcp/lb" } } };
  return new Plan({
    ...manifest(),
    resource: {
      [LB]: { a: { internal: true, ...path, ...lb } },
      [GUARD]: { g: { resource_arn: "${aws_lb.a.arn}", ...guard } },
    },
    ...more,
  } as TerraformJson);
}
const judge = (of: Plan, ...controls: Control[]) =>
  judgePlan(of, controls, { asOf: "2026-11-26" })
    .filter(({ result }) => result !== "not-built")
    .map(({ control, address = "-", result }) => `${control} ${address} ${result}`);

describe("what is not certain to be deployed proves nothing", () => {
  test.each<[string, Plan, string[]]>([
    ["it is there", plan({}), ["edge.guarded aws_lb.a pass", `edge.present ${GUARD}.g pass`]],
    ["there are none of it", plan({ count: 0 }), ["edge.guarded aws_lb.a fail", "edge.present - fail"]],
    [
      "there may be none of it",
      plan({ count: "${var.waf ? 1 : 0}" }),
      ["edge.guarded aws_lb.a unknown", `edge.present ${GUARD}.g pass`, "edge.present - unknown"],
    ],
    [
      "it points to something by what is computed",
      plan({ resource_arn: '${aws_lb.a.arn == "" ? aws_lb.a.arn : local.other}' }),
      ["edge.guarded aws_lb.a fail", `edge.present ${GUARD}.g pass`],
    ],
    [
      "it points to something and may change",
      plan({ lifecycle: { ignore_changes: ["resource_arn"] } }),
      ["edge.guarded aws_lb.a unknown", `edge.present ${GUARD}.g pass`],
    ],
    [
      "all of it may be otherwise",
      plan({ lifecycle: { ignore_changes: "all" } }),
      ["edge.guarded aws_lb.a unknown", `edge.present ${GUARD}.g unknown`],
    ],
  ])("%s", (_what, of, expected) => expect(judge(of, guarded, present)).toEqual(expected));
  test("a value that is ignored is not known", () => {
    const of = plan({}, { lifecycle: { ignore_changes: ["internal"] } });
    expect(judge(of, closed)).toEqual(["edge.closed aws_lb.a unknown"]);
  });
  test("nor is one of which a control asks only whether it is there", () => {
    const named: Control = {
      ...guarded,
      judge: ({ body }) => (body.name === undefined ? fails("it has no name") : HOLDS),
    };
    const of = plan({}, { name: "n", lifecycle: { ignore_changes: ["name"] } });
    expect(judge(of, named)).toEqual(["edge.guarded aws_lb.a unknown"]);
  });
  test("what fails as it is written fails", () => {
    const of = plan({}, { internal: false, lifecycle: { ignore_changes: "all" } });
    expect(judge(of, closed)).toEqual(["edge.closed aws_lb.a fail"]);
  });
  test("what a module makes is not known", () => {
    const of = plan({}, {}, { module: { net: { source: "./net" } } });
    expect(judge(of, guarded)).toEqual(["edge.guarded aws_lb.a pass", "file.whole - unknown"]);
  });
  test("a block that is moved changes nothing", () => {
    const of = plan({}, {}, { moved: [{ from: "aws_lb.x", to: "aws_lb.a" }] });
    expect(judge(of, guarded)).toEqual(["edge.guarded aws_lb.a pass"]);
  });
  test.each([
    ["is let go and stays", { removed: [{ from: "aws_lb.y", lifecycle: { destroy: false } }] }],
    ["is taken over", { import: [{ to: "aws_lb.a", id: "x" }] }],
  ])("what %s is not known", (_what, more) => {
    expect(judge(plan({}, {}, more), guarded)).toEqual([
      "edge.guarded aws_lb.a pass",
      "file.whole - unknown",
    ]);
  });
});

describe("waivers that no configuration writes excuse nothing", () => {
  const good: ManifestWaiver = { field: "edge.closed", reason: "a demonstration", until: "2026-12-31" };
  const judged = (waiver: unknown, control = closed) => {
    const source = { ...plan({}, { internal: false }).source, ...manifest([waiver]) };
    return judge(new Plan(source as TerraformJson), control).map((line) => line.split(" ")[2]);
  };
  test.each<[string, unknown, string]>([
    ["a good one", good, "waived"],
    ["without a day", { ...good, until: undefined }, "fail"],
    ["a day that sorts after all others", { ...good, until: "zzzz" }, "fail"],
    ["a day that does not exist", { ...good, until: "2026-12-32" }, "fail"],
    ["a number for a day", { ...good, until: 99_991_231 }, "fail"],
    ["no reason", { ...good, reason: "" }, "fail"],
    ["a reason of blanks", { ...good, reason: " ".repeat(20) }, "fail"],
    ["no field", { ...good, field: 5, control: closed.id }, "fail"],
  ])("%s", (_what, waiver, result) => expect(judged(waiver)).toEqual([result]));
  test("of a control that cannot be waived", () => {
    const { waivedBy: _, ...firm } = closed;
    expect(judged({ ...good, control: closed.id }, firm)).toEqual(["fail"]);
    expect(judged({ ...good, control: closed.id }, closed)).toEqual(["waived"]);
  });
});

test("what a configuration can waive, a control says that it can", () => {
  const ids = [...Object.values(ofWaf), ...Object.values(ofIngress), SINGLE_USER.control];
  const waivable = CONTROLS.filter(({ waivedBy }) => waivedBy !== undefined).map(({ id }) => id);
  expect([...waivable].sort()).toEqual([...ids].sort());
});

test("a block that does not say by whom it was made may be ours, where anything is", () => {
  const of = (path: string, ours: boolean) => {
    const source = { resource: { [LB]: { a: { "//": { metadata: { path } } } } }, ...(ours && manifest()) };
    const whole = new Plan(source as TerraformJson);
    const [block] = whole.all;
    return block && isOurs(block, whole);
  };
  expect([of("", true), of("s/mcp/x", true), of("s/other", true), of("", false)]).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
