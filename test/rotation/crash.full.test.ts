import { execFileSync } from "node:child_process";
import { DescribeSecretCommand, RotateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { awsStore } from "../../lib/runtime/rotation/aws-store";
import { rotation } from "../../lib/runtime/rotation/rotation";
import { startEmulator, type Emulator } from "../support/emulator/emulator";
import { describeWith, ROOT } from "../support/toolchain";
import { EmulatedAccount, KIND_NAMES } from "./emulated-account";
import { KINDS, STEPS } from "./fixture";

/** Begins a rotation and leaves it to the test: the version is pending, and the function ends at once. */
const STUB = `exports.handler = async () => { throw new Error("left to the test"); };`;

type Act = (event: object) => Promise<unknown>;

describeWith(["python"], "a crash at any call to the emulated Secrets Manager", () => {
  let emulator: Emulator;
  let account: EmulatedAccount;
  beforeAll(async () => {
    emulator = await startEmulator("crash");
    account = new EmulatedAccount(emulator);
    await account.createRole();
  }, 180_000);
  afterAll(() => emulator.stop());

  test.each(KIND_NAMES)(
    "%s: every call fails once before and once after its effect, and each rotation still ends well, in silence",
    async (kind) => {
      const { arn, functionArn } = await account.deploy(kind, kind, zipped(STUB));
      const said: string[] = [];
      const secrets = new Set<string>();
      let calls = 0;
      let crash: { readonly call: number; readonly when: "before" | "after" } | undefined;
      const handler = rotation({
        secretArn: arn,
        kind: KINDS[kind]!(),
        store: awsStore({
          send: async (command: { readonly input: { readonly SecretString?: string } }) => {
            const when = crash?.call === calls++ ? crash.when : undefined;
            collect(secrets, command.input.SecretString);
            const cut = () =>
              Object.assign(new Error(`lost ${JSON.stringify(command.input)}`), { name: "TimeoutError" });
            if (when === "before") throw cut();
            const result = account.client.send(command as never);
            // Whatever the answer was, it is lost.
            if (when === "after") throw await result.then(cut, cut);
            return result;
          },
        } as never),
        minAgeSeconds: 0,
        log: (line) => said.push(line),
      });
      const twice: Act = async (event) => {
        try {
          return await handler(event);
        } catch (error) {
          said.push(String((error as Error).stack));
          return handler(event);
        }
      };
      const rotate = async () => {
        await account.client.send(new RotateSecretCommand({ SecretId: arn, RotationLambdaARN: functionArn }));
        const { VersionIdsToStages = {} } = await account.client.send(
          new DescribeSecretCommand({ SecretId: arn }),
        );
        const pending = Object.entries(VersionIdsToStages).find(([, stages]) =>
          stages.includes("AWSPENDING"),
        );
        const [ClientRequestToken = ""] = pending ?? [];
        secrets.add(ClientRequestToken);
        const before = await account.text(arn);
        calls = 0;
        for (const Step of STEPS) await twice({ Step, SecretId: arn, ClientRequestToken });
        expect(await account.text(arn, "AWSPREVIOUS")).toBe(before);
        expect(await account.text(arn)).not.toBe(before);
        expect(await account.stages(arn)).toEqual(["AWSCURRENT", "AWSPREVIOUS"]);
      };

      await twice({ action: "seed", secretId: arn });
      await rotate();
      const whole = calls;
      expect(whole).toBeGreaterThan(10);
      let rotations = 1;
      for (let call = 0; call < whole; call++) {
        for (const when of ["before", "after"] as const) {
          crash = { call, when };
          await rotate();
          rotations++;
        }
      }
      expect(rotations).toBeGreaterThan(20);
      // What was cut off was said, and none of it quotes a value or a token.
      expect(said.filter((line) => line.includes("TimeoutError"))).toHaveLength(2 * whole);
      expect(secrets.size).toBeGreaterThan(rotations);
      for (const line of said) for (const secret of secrets) expect(line).not.toContain(secret);
    },
    120_000,
  );

  test("no request broke a rule of AWS's own models", () => {
    expect(emulator.violations()).toEqual([]);
  });
});

/** The texts in a value that nobody may see. The name of a client is none. */
function collect(secrets: Set<string>, value: string | undefined): void {
  if (value === undefined) return;
  for (const field of Object.values(JSON.parse(value) as Record<string, string>))
    if (field.length >= 16) secrets.add(field);
}

/** As a function's code. The zip writer is an ES module, which this file is not. */
function zipped(code: string): Buffer {
  const program = `import { zip } from "./scripts/zip.mjs"; process.stdout.write(zip({ "index.js": ${JSON.stringify(code)} }))`;
  return execFileSync(process.execPath, ["--input-type=module", "-e", program], { cwd: ROOT });
}
