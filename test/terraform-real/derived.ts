import { answersOf, synthesise, variablesOf } from "../support/built";
import type { ExampleName } from "../support/examples";
import { derivedProviders } from "../support/schema/derived-provider";
import { realSchema } from "../support/schema/real";
import { readStack, TerraformRun } from "../support/terraform";
import { describeWith } from "../support/toolchain";

/** Seconds an example may take for all five steps: about 40 for 250 resources on two cores. */
const BUDGET_S = 180;
const FIRST_SCHEMA_S = 120;

/**
 * The unchanged files, with everything that only provider 6.25 knows, against a provider with exactly that schema:
 * every name, every required argument, every reference and the order of creation and destruction.
 */
export function runsAsTheyAre(examples: readonly ExampleName[]): void {
  describeWith(["terraform"], "a provider of schema 6.25 runs the examples as they are", () => {
    beforeAll(async () => void (await realSchema()), FIRST_SCHEMA_S * 1000);
    it.each(examples)("%s: validated, applied, unchanged in a second plan, destroyed", run, BUDGET_S * 1000);
  });
}

async function run(name: ExampleName): Promise<void> {
  const file = await synthesise("derived", name);
  const stack = readStack(file);
  const providers = await derivedProviders(stack, answersOf(name));
  try {
    const terraform = await TerraformRun.start(file, {
      name: `derived-${name}`,
      env: { TF_REATTACH_PROVIDERS: providers.reattach },
      variables: variablesOf(name),
    });
    expect(await terraform.validate()).toEqual([]);
    const applied = await terraform.apply();
    expect(applied.errors).toEqual([]);
    const declared = addresses(stack.resource);
    expect(Object.keys(applied.done).map(withoutKey)).toEqual(expect.arrayContaining(declared));
    expect(declared.length).toBeGreaterThan(0);
    expect(await terraform.plan()).toEqual([]);
    const destroyed = await terraform.destroy();
    expect(destroyed.errors).toEqual([]);
    expect(await terraform.state()).toEqual([]);
  } finally {
    providers.stop();
  }
}

function addresses(resources: ReturnType<typeof readStack>["resource"]): string[] {
  return Object.entries(resources ?? {}).flatMap(([type, instances]) =>
    Object.keys(instances).map((name) => `${type}.${name}`),
  );
}

/** `aws_subnet.a["x"]` as it is declared: `aws_subnet.a`. */
function withoutKey(address: string): string {
  return address.replace(/\[.*\]$/, "");
}
