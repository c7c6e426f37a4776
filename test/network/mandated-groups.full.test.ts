import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { MandatedGroups } from "../../lib/network/mandated-groups";
import { derivedProviders } from "../support/schema/derived-provider";
import { realSchema } from "../support/schema/real";
import { scratch } from "../support/scratch";
import { readStack, TerraformRun } from "../support/terraform";
import { describeWith } from "../support/toolchain";

/** Seconds a plan may take; the real provider's first schema takes longer. */
const BUDGET_S = 60;
const FIRST_SCHEMA_S = 120;

describeWith(["terraform"], "groups of somebody else, as Terraform reads them", () => {
  let file: string;
  beforeAll(async () => {
    await realSchema();
    const outdir = scratch("mandated-groups-written");
    const app = new App({ outdir });
    const stack = new TerraformStack(app, "groups");
    new AwsProvider(stack, "aws", { region: "eu-west-1" });
    new MandatedGroups(stack, "mandated", ["sg-0123456789abcdef7"]);
    app.synth();
    file = join(outdir, "stacks", "groups", "cdk.tf.json");
  }, FIRST_SCHEMA_S * 1000);

  it.each<[string, string[], boolean, RegExp]>([
    [
      "stops where a rule lets somebody in",
      ["sgr-1"],
      false,
      /lets somebody in, and every task is in that group/,
    ],
    ["goes on where all rules let out", ["sgr-1", "sgr-2"], true, /^nothing$/],
    ["goes on where there is no rule", [], false, /^nothing$/],
  ])(
    "a plan %s",
    async (_what, ids, isEgress, says) => {
      const providers = await derivedProviders(readStack(file), {
        aws_vpc_security_group_rules: { ids },
        aws_vpc_security_group_rule: { is_egress: isEgress, security_group_id: "sg-0123456789abcdef7" },
      });
      try {
        const run = await TerraformRun.start(file, {
          name: "mandated-groups",
          env: { TF_REATTACH_PROVIDERS: providers.reattach },
        });
        const said = await run.plan().then(
          () => "nothing",
          (error: unknown) =>
            String(error)
              .replace(/\s*[│╵╷]\s*/g, " ")
              .replace(/\s+/g, " "),
        );
        expect(said).toMatch(says);
      } finally {
        providers.stop();
      }
    },
    BUDGET_S * 1000,
  );
});
