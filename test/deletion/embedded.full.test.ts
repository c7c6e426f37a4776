import { Plan, opened } from "../../lib/terraform/plan";
import { EXAMPLES, synthExample } from "../support/examples";
import { closeText, openText } from "./embedded";
import { mutate, mutationsOf } from "./mutations";

describe.each(EXAMPLES)("%s", (name) => {
  const plan = synthExample(name);
  test("what is opened and closed again says the same to whoever judges it", () => {
    const texts = plan.all.flatMap(({ body }) =>
      Object.values(body).filter((text): text is string => typeof text === "string"),
    );
    const found = texts.filter((text) => openText(text) !== undefined);
    expect(found.length).toBeGreaterThan(5);
    for (const text of found) expect(opened(closeText(openText(text) as object))).toEqual(opened(text));
  });

  test("every change changes its block, and nothing but its block", () => {
    const of = ({ all }: Plan) =>
      new Map(all.map(({ mode, type, name, body }) => [`${mode}.${type}.${name}`, body]));
    const before = of(plan);
    let count = 0;
    for (const mutation of mutationsOf(plan.source)) {
      if (count++ % 97 > 0) continue;
      const after = of(new Plan(mutate(plan.source, mutation)));
      const changed = [...after].filter(([address, body]) => body !== before.get(address));
      expect(changed.map(([address]) => address)).toEqual([
        `${mutation.section}.${mutation.type}.${mutation.name}`,
      ]);
      expect(JSON.stringify(changed[0]?.[1])).not.toBe(JSON.stringify(before.get(changed[0]?.[0] as string)));
    }
    expect(count).toBeGreaterThan(100);
  });
});

test("texts inside texts are reached: Envoy's configuration, policies, patterns of events", () => {
  const labels = [...mutationsOf(synthExample("complete").source)].map(
    ({ type, label }) => `${type}.${label}`,
  );
  const reached = (start: string) => labels.filter((label) => label.startsWith(start)).length;
  expect(
    reached("aws_ecs_task_definition.container_definitions:[gateway].command[]:.static_resources"),
  ).toBeGreaterThan(500);
  expect(reached("aws_secretsmanager_secret_version.secret_string:.tools")).toBeGreaterThan(10);
  expect(reached("aws_iam_role_policy.policy:.Statement")).toBeGreaterThan(100);
  expect(reached("aws_cloudwatch_event_rule.event_pattern:.detail")).toBeGreaterThan(1);
});
