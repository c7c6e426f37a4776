import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv2020 from "ajv/dist/2020";
import { POLICY_SCHEMA } from "../../lib";
import { readPolicies } from "../../lib/checklist/manifest";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";
import { EXAMPLES, synthExample } from "../support/examples";
import { PARTS_ALONE, partPlan } from "../support/parts";

/** Addresses are a public contract: a changed one destroys and makes anew what it names, unless a move ships with it. */
const RELEASE = "0.1.0";

const addresses = (plan: Plan): string[] => plan.all.map((block) => block.address).sort();

function frozen(name: string): Plan {
  const fixture = join(__dirname, "..", "fixtures", RELEASE, name, "cdk.tf.json");
  return new Plan(JSON.parse(readFileSync(fixture, "utf8")) as TerraformJson);
}

describe(`addresses are those of release ${RELEASE}`, () => {
  test.each(EXAMPLES)("%s", (name) => {
    expect(addresses(synthExample(name))).toEqual(addresses(frozen(name)));
  });

  test.each(PARTS_ALONE)("the part %s", (name) => {
    expect(addresses(partPlan(name))).toEqual(addresses(frozen(`parts/${name}`)));
  });
});

describe("policies are as their schema says", () => {
  const valid = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false }).compile(
    POLICY_SCHEMA,
  );
  test.each(EXAMPLES)("%s", (name) => {
    const policies = [...readPolicies(synthExample(name).source).values()];
    // One example has no server.
    expect(policies.length > 0).toBe(name !== "repositories");
    for (const policy of policies) {
      valid(policy);
      expect(valid.errors ?? []).toEqual([]);
    }
  });
});
