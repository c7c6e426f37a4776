import { privateLinkControls } from "../../lib/downstream/private-link-controls";
import type { Plan } from "../../lib/terraform/plan";
import { changed, judge, named } from "../audit/judge";
import { holdAsBuilt } from "../support/control-tests";
import { synthExample } from "../support/examples";
import { policed, type StatementBody } from "../support/policies";

type Body = Record<string, unknown>;
const plan = synthExample("payments");
const ENDPOINT = "aws_vpc_endpoint";
const isOwn = ({ service_name: service }: Body) => String(service).endsWith(".sqs");
const endpoint = (change: (body: Body) => void) => changed(plan, ENDPOINT, change, isOwn);
const policy = (change: (one: StatementBody) => void) => policed(plan, ENDPOINT, "policy", change, isOwn);

holdAsBuilt(privateLinkControls, plan);

test.each<[string, () => Plan]>([
  ["leads nowhere", () => endpoint((body) => delete body.service_name)],
  ["leads past it", () => endpoint((body) => (body.private_dns_enabled = false))],
  ["leads past it", () => endpoint((body) => delete body.private_dns_enabled)],
  ["no policy", () => endpoint((body) => delete body.policy)],
  ["everything of every account", () => policy((one) => (one.Resource = ["*"]))],
  ["credentials of any account", () => policy((one) => delete one.Condition)],
])("%s", (says, broken) => {
  const findings = judge(named(privateLinkControls, "downstream.endpoint-as-named"), broken());
  expect(findings).toContainEqual({ holds: false, says: expect.stringContaining(says) as string });
});

test("a name of its own is enough where something is told it", () => {
  const own = plan.blocks(ENDPOINT).find(({ body }) => isOwn(body));
  const told = changed(
    endpoint((body) => (body.private_dns_enabled = false)),
    "aws_ecs_task_definition",
    (body) => (body.family = `\${${own?.address}.dns_entry[0].dns_name}`),
  );
  expect(judge(named(privateLinkControls, "downstream.endpoint-as-named"), told)).not.toContainEqual(
    expect.objectContaining({ holds: false }),
  );
});
