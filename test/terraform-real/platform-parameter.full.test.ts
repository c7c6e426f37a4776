import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformOutput, TerraformStack } from "cdktf";
import { join } from "node:path";
import { PlatformParameter, platformFromParameter, type KnownPlatform } from "../../lib/platform-parameter";
import { ATTRIBUTES } from "../support/attributes";
import { forEmulator } from "../support/emulated";
import { startEmulator, type Emulator } from "../support/emulator/emulator";
import { scratch } from "../support/scratch";
import { TerraformRun } from "../support/terraform";
import { describeWith } from "../support/toolchain";

/** Seconds in all: one parameter written, read, and read by a server that was written for another platform. */
const BUDGET_S = 120;

/** With everything that one of Terraform's texts has to escape. */
const requiredTags = { owner: "any", "cost-centre": { pattern: '[0-9${"\\\\%]{4}' } } as const;
const PLATFORM = { ...ATTRIBUTES, requiredTags };

const { name, environment, posture, hostname, gateway } = ATTRIBUTES;
const KNOWN: KnownPlatform = {
  ...{ name, environment, posture, hostname, gateway },
  auditRetainDays: ATTRIBUTES.audit.retainDays,
  ownsEndpoints: false,
  requiredTags,
};

function write(folder: string, build: (stack: TerraformStack) => void): string {
  const outdir = scratch(folder);
  const app = new App({ outdir });
  const stack = new TerraformStack(app, folder);
  new AwsProvider(stack, "aws", { region: "eu-west-1" });
  build(stack);
  app.synth();
  return join(outdir, "stacks", folder, "cdk.tf.json");
}

/** A team's stack that says what it has found. */
const team = (folder: string, known: KnownPlatform) =>
  write(folder, (stack) => {
    const found = platformFromParameter(stack, "platform", known);
    new TerraformOutput(stack, "listener", { value: found.ingress.listenerArn });
    new TerraformOutput(stack, "subnets", { value: found.network.taskSubnetIds });
  });

describeWith(["terraform", "python"], "a platform's parameter, read in another repository", () => {
  let emulator: Emulator;
  beforeAll(async () => void (emulator = await startEmulator("parameter")), BUDGET_S * 1000);
  afterAll(() => emulator.stop());

  const start = async (file: string, run: string) => {
    const emulated = await forEmulator(file, run, emulator);
    return TerraformRun.start(emulated.file, { name: run, ...emulated });
  };

  it(
    "gives what the platform wrote, and stops a server that was written for another",
    async () => {
      const platform = await start(
        write("where", (stack) => void new PlatformParameter(stack, "where", { attributes: PLATFORM })),
        "where-run",
      );
      expect((await platform.apply()).errors).toEqual([]);
      const found = await start(team("team", KNOWN), "team-run");
      expect((await found.apply()).errors).toEqual([]);
      expect(await found.outputs()).toEqual({
        listener: ATTRIBUTES.ingress.listenerArn,
        subnets: ATTRIBUTES.network.taskSubnetIds,
      });
      const other = await start(
        team("other", {
          ...KNOWN,
          hostname: "mcp.example.org",
          egress: true,
          requiredTags: { owner: "any" },
        }),
        "other-run",
      );
      const { errors } = await other.apply();
      expect(JSON.stringify(errors)).toMatch(
        /has another hostname than this server was written for: mcp\.example\.com/,
      );
      expect(JSON.stringify(errors)).toMatch(
        /has another requiredTags than this server was written for: cost-centre ~ .*, owner instead of owner\./,
      );
      expect(JSON.stringify(errors)).toMatch(/has another egress than this server was written for: false/);
    },
    BUDGET_S * 1000,
  );
});
