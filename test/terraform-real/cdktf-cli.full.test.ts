import { spawn } from "node:child_process";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freshBuild } from "../support/built";
import { EXAMPLE_ACCOUNT } from "../support/emulated";
import { startEmulator, type Emulator } from "../support/emulator/emulator";
import { realSchema } from "../support/schema/real";
import { scratch } from "../support/scratch";
import { describeWith, pluginDir, quietEnvironment, ROOT } from "../support/toolchain";

/** Seconds on two cores; most of it is the provider's own waiting. */
const BUDGET_S = { deploy: 300, destroy: 240 };

/** What a user does: the example's folder, `cdktf deploy`, `cdktf destroy`. Only the account is not a real one. */
describeWith(["terraform", "python"], "the cdktf CLI with the minimal example", () => {
  const folder = scratch("cli-minimal");
  let emulator: Emulator;

  beforeAll(async () => {
    await freshBuild();
    await realSchema();
    emulator = await startEmulator("cli");
    await emulator.seed(EXAMPLE_ACCOUNT);
    cpSync(join(ROOT, "examples", "minimal"), folder, { recursive: true });
    const node = "node -r ts-node/register/transpile-only";
    writeFileSync(
      join(folder, "cdktf.json"),
      JSON.stringify({
        language: "typescript",
        // After the example's own program, ours takes away what the provider of version 5 does not know.
        app: `${node} main.ts && ${node} ${join(ROOT, "test", "support", "emulated.ts")}`,
        projectId: "minimal-in-a-test",
        sendCrashReports: "false",
      }),
    );
  }, 180_000);
  afterAll(() => emulator.stop());

  function cdktf(...args: string[]): Promise<{ code: number | null; output: string }> {
    const mirror = pluginDir();
    const child = spawn(join(ROOT, "node_modules", ".bin", "cdktf"), args, {
      cwd: folder,
      env: {
        ...quietEnvironment(emulator.env),
        CI: "true",
        ...(mirror !== undefined && { TF_CLI_ARGS_init: `-plugin-dir=${mirror}` }),
      },
    });
    let output = "";
    child.stdout.on("data", (data) => (output += String(data)));
    child.stderr.on("data", (data) => (output += String(data)));
    return new Promise((resolve) => child.once("close", (code) => resolve({ code, output })));
  }

  it(
    "deploys it",
    async () => {
      const { code, output } = await cdktf("deploy", "minimal", "--auto-approve", "--skip-provider-lock");
      expect([code, output]).toEqual([0, expect.stringMatching(/Apply complete! Resources: \d\d+ added/)]);
    },
    BUDGET_S.deploy * 1000,
  );

  it(
    "destroys it",
    async () => {
      const { code, output } = await cdktf("destroy", "minimal", "--auto-approve", "--skip-provider-lock");
      expect([code, output]).toEqual([
        0,
        expect.stringMatching(/Destroy complete! Resources: \d\d+ destroyed/),
      ]);
    },
    BUDGET_S.destroy * 1000,
  );

  it("never sent a request that AWS's own models refuse", () => {
    expect(emulator.violations()).toEqual([]);
  });
});
