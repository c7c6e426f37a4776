import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";
import { EXAMPLES, synthExample } from "../support/examples";

/** Addresses are a public contract: a changed one destroys and makes anew what it names, unless a move ships with it. */
const RELEASE = "0.1.0";

const addresses = (plan: Plan): string[] => plan.all.map((block) => block.address).sort();

describe(`addresses are those of release ${RELEASE}`, () => {
  test.each(EXAMPLES)("%s", (name) => {
    const fixture = join(__dirname, "..", "fixtures", RELEASE, name, "cdk.tf.json");
    const frozen = new Plan(JSON.parse(readFileSync(fixture, "utf8")) as TerraformJson);
    expect(addresses(synthExample(name))).toEqual(addresses(frozen));
  });
});
