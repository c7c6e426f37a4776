import { besideIn } from "../../../lib/checklist/review/runs";
import { Plan, type TerraformJson } from "../../../lib/terraform/plan";
import { EXAMPLES, synthExample } from "../../support/examples";
import { changed } from "../../audit/judge";

test.each(EXAMPLES.filter((name) => name !== "payments"))("%s runs nothing beside its servers", (name) => {
  expect(besideIn(synthExample(name))).toEqual({});
});

test("an egress proxy runs in a task of its own", () => {
  expect(Object.values(besideIn(synthExample("payments"))).length).toBeGreaterThan(0);
});

test("what somebody adds to a task is there by its name, the rest of its text as it is", () => {
  const plan = changed(synthExample("complete"), "aws_ecs_task_definition", (body) => {
    const text = String(body.container_definitions);
    body.container_definitions = `${text.slice(0, text.lastIndexOf("]"))},{"name":"agent","image":"x"}]`;
  });
  expect(besideIn(plan)).toEqual({
    "acme-prod-docs": { agent: true },
    "acme-prod-orders": { agent: true },
  });
});

test("of a task of somebody else every container is named; one that cannot be read names none", () => {
  const task = (container_definitions: string) =>
    besideIn(
      new Plan({ resource: { aws_ecs_task_definition: { t: { container_definitions } } } } as TerraformJson),
    );
  expect(task('[{"name":"web"},{"name":"log"}]')).toEqual({
    "aws_ecs_task_definition.t": { web: true, log: true },
  });
  expect(task("${local.containers}")).toEqual({});
});
