import { readFileSync } from "node:fs";
import { join } from "node:path";
import { estimate } from "../../lib/cost/estimate";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";
import { ROOT } from "../support/toolchain";

/** The frozen examples are what is synthesised: another test compares them. */
const frozen = (name: string): TerraformJson =>
  JSON.parse(
    readFileSync(join(ROOT, "test", "fixtures", "0.1.0", name, "cdk.tf.json"), "utf8"),
  ) as TerraformJson;

test("the README's sums are those that are counted", () => {
  const rows = readFileSync(join(ROOT, "README.md"), "utf8")
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()));
  const columns = rows.find(([, first]) => first === "part") ?? [];
  const sums = rows.find(([, first]) => first === "**together**") ?? [];
  const said = columns.flatMap((column, index) => {
    const name = /^`([a-z-]+)`/.exec(column)?.[1];
    return name === undefined ? [] : [[name, sums[index]]];
  });
  expect(said).toEqual(
    ["minimal", "complete", "payments", "existing-network", "existing-load-balancer"].map((name) => [
      name,
      `**about ${estimate(new Plan(frozen(name))).total.toFixed(0)}**`,
    ]),
  );
});
