import { fieldControls } from "../../lib/secrets/field-controls";
import { surroundingsControls } from "../../lib/secrets/surroundings-controls";
import { embedded, type Plan } from "../../lib/terraform/plan";
import { changed, judge, named } from "../audit/judge";
import { holdAsBuilt } from "../support/control-tests";
import { synthExample } from "../support/examples";

type Body = Record<string, unknown>;
const plan = synthExample("payments");

/** The plan with other settings of the functions of a kind. */
const told = (kind: string, change: (settings: Body) => void) =>
  changed(
    plan,
    "aws_lambda_function",
    (body) => {
      const { variables } = body.environment as { variables: Body };
      const settings = structuredClone(embedded(variables.SETTINGS)) as Body;
      change(settings);
      variables.SETTINGS = JSON.stringify(settings);
    },
    ({ filename }) => String(filename).endsWith(`${kind}.zip`),
  );

holdAsBuilt(fieldControls, plan);

test.each<[string, string, () => Plan]>([
  ["fields-made", "takes header, which nothing makes", () => told("generated", (all) => delete all.template)],
  ["fields-made", "takes header, which nothing makes", () => told("generated", (all) => (all.template = {}))],
  ["functions-told", "with that require", () => told("generated", (all) => (all.require = ["*"]))],
  ["functions-told", "with that users", () => told("postgres", (all) => (all.users = ["*", "b"]))],
  ["functions-told", "with that users", () => told("postgres", (all) => (all.users = []))],
  ["functions-told", "with that role", () => told("mysql", (all) => delete all.role)],
])("secrets.%s: %s", (id, says, broken) => {
  expect(judge(named([...fieldControls, ...surroundingsControls], `secrets.${id}`), broken())).toContainEqual(
    {
      holds: false,
      says: expect.stringContaining(says) as string,
    },
  );
});

test("one user keeps the rights that he has, and needs no role", () => {
  const single = told("postgres", (all) => {
    delete all.role;
    all.users = ["ledger"];
  });
  expect(judge(named(surroundingsControls, "secrets.functions-told"), single)).not.toContainEqual(
    expect.objectContaining({ holds: false }),
  );
});
