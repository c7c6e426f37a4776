import { waitControls } from "../../lib/task/wait-controls";
import type { Plan } from "../../lib/terraform/plan";
import { changed, judge } from "../audit/judge";
import { synthExample } from "../support/examples";

const [control] = waitControls as [(typeof waitControls)[number]];
const SERVICE = "aws_ecs_service";

/** Services that no longer wait for what is called like this. */
const impatient = (plan: Plan, like: RegExp) =>
  changed(plan, SERVICE, (body) => {
    const waited = body.depends_on as string[];
    const kept = waited.filter((address) => !like.test(address));
    body.depends_on = kept;
  });

test.each(["complete", "minimal", "payments", "existing-network"] as const)("services of %s wait", (name) => {
  const findings = judge(control, synthExample(name));
  expect(findings.length).toBeGreaterThan(0);
  expect(findings).toEqual(findings.map(() => ({ holds: true })));
});

test.each<[string, RegExp]>([
  ["wait for aws_iam_role_policy.", /_service_execution_rights_/],
  ["wait for aws_iam_role_policy.", /_service_task_rights_/],
  ["wait for aws_vpc_security_group_egress_rule.", /egress_rule.*_to-endpoints_/],
  ["wait for aws_vpc_security_group_ingress_rule.", /ingress_rule.*_to-endpoints_/],
  ["wait for aws_vpc_security_group_egress_rule.", /_to-s3_/],
  ["wait for a rule of the listener", /^aws_lb_listener_rule\./],
])("not to %s fails", (says, like) => {
  for (const name of ["complete", "payments"] as const)
    expect(judge(control, impatient(synthExample(name), like))).toContainEqual({
      holds: false,
      says: expect.stringContaining(says),
    });
});

test("a proxy waits for its way out", () => {
  expect(judge(control, impatient(synthExample("payments"), /_to-internet_/))).toContainEqual({
    holds: false,
    says: expect.stringContaining("egress_to-internet"),
  });
});
