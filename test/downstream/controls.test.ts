import { downstreamControls } from "../../lib/downstream/controls";
import { changed, judge, named } from "../audit/judge";
import { synthExample } from "../support/examples";

const EGRESS = "aws_vpc_security_group_egress_rule";
type Body = Record<string, unknown>;
const plan = synthExample("complete");
const to = (field: string, block: string) =>
  changed(
    plan,
    EGRESS,
    (body) => (body[field] = block),
    (body) => body.cidr_ipv4 === "10.60.0.0/24",
  );

test.each(downstreamControls.map((control) => [control.id, control] as const))(
  "%s holds as built",
  (_id, control) => {
    const findings = judge(control, plan);
    expect(findings.length).toBeGreaterThan(1);
    expect(findings).toEqual(findings.map(() => ({ holds: true })));
  },
);

test.each<[string, string, string]>([
  ["cidr_ipv4", "0.0.0.0/0", "it leads to 0.0.0.0/0"],
  ["cidr_ipv4", "8.0.0.0/7", "it leads to 8.0.0.0/7"],
  ["cidr_ipv4", "anywhere", "it leads to anywhere"],
  ["cidr_ipv6", "::/0", "it leads to ::/0"],
  ["cidr_ipv6", "2000::/3", "it leads to 2000::/3"],
])("a way out by %s to %s", (field, block, says) => {
  const findings = judge(named(downstreamControls, "downstream.ways-out-narrow"), to(field, block));
  expect(findings.filter(({ holds }) => holds !== true)).toEqual([{ holds: false, says }]);
});

test.each(["10.0.0.0/8", "10.60.0.7/32"])("a way out to %s", (block) => {
  const findings = judge(named(downstreamControls, "downstream.ways-out-narrow"), to("cidr_ipv4", block));
  expect(findings).toEqual(findings.map(() => ({ holds: true })));
});

test("a way out to a block known only later is unknown", () => {
  const findings = judge(
    named(downstreamControls, "downstream.ways-out-narrow"),
    to("cidr_ipv4", "${var.block}"),
  );
  expect(findings.filter(({ holds }) => holds !== true)).toEqual([
    { holds: "unknown", says: "its block is known only at deployment" },
  ]);
});

test.each<[string, (body: Body) => void]>([
  ["no description", (body) => delete body.description],
  ["an empty one", (body) => (body.description = " ")],
])("a way out with %s", (_class, change) => {
  const findings = judge(
    named(downstreamControls, "downstream.ways-out-explained"),
    changed(plan, EGRESS, change),
  );
  expect(findings).toEqual(findings.map(() => ({ holds: false, says: "it has no description" })));
});
