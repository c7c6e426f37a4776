import { ageDefinition } from "../../lib/secrets/delivery/age-definition";
import { startEmulator, type Emulator } from "../support/emulator/emulator";
import { describeWith } from "../support/toolchain";
import { jsonata, Machines, type Execution } from "./machines";

/** As it is deployed, without patience, and with the clock set ahead: what is looked at cannot be made old. */
function definition(secrets: Parameters<typeof ageDefinition>[1], aheadDays: number): object {
  const text = JSON.stringify(ageDefinition("aws", secrets));
  const clock = `($millis() + ${aheadDays * 86_400_000})`;
  return JSON.parse(text.replace('"MaxAttempts":3', '"MaxAttempts":0').replace("$millis()", clock)) as object;
}

describeWith(["python"], "the state machine that looks at the age of secrets, interpreted", () => {
  let emulator: Emulator;
  let machines: Machines;
  const arns: Record<string, string> = {};
  beforeAll(async () => {
    emulator = await startEmulator("age", await jsonata());
    machines = new Machines(emulator);
    for (const Name of ["ledger", "cookie", "empty"]) {
      const { ARN } = await machines.call("secretsmanager", "CreateSecret", { Name });
      arns[Name] = String(ARN);
    }
    for (const SecretId of ["ledger", "cookie"]) {
      for (const round of ["first", "second"]) {
        await machines.call("secretsmanager", "PutSecretValue", {
          SecretId,
          SecretString: `canary-${round}`,
          ClientRequestToken: `${SecretId}-${round}-${"0".repeat(32)}`,
        });
      }
    }
  }, 180_000);
  afterAll(() => emulator.stop());

  const look = (days: Readonly<Record<string, number>>, aheadDays: number): Promise<Execution> => {
    const secrets = Object.entries(days).map(([name, lateAfterDays]) => ({
      name,
      arn: arns[name] ?? name,
      lateAfterDays,
    }));
    return machines.run(definition(secrets, aheadDays), {});
  };

  test("secrets within their time are good news", async () => {
    const { status, states } = await look({ ledger: 32, cookie: 9 }, 8);
    expect([status, states.filter((state) => state === "Young").length]).toEqual(["SUCCEEDED", 2]);
  }, 60_000);
  test.each<[string, Record<string, number>, number]>([
    ["a value that is late", { ledger: 9, cookie: 32 }, 10],
    ["a secret that never had a value", { ledger: 32, empty: 32 }, 0],
  ])(
    "%s fails, by its name",
    async (_what, days, ahead) => {
      const { status, error, cause } = await look(days, ahead);
      expect([status, error]).toEqual(["FAILED", "SecretIsLate"]);
      expect(cause).toMatch(/^(ledger|empty) has had no new value for more than (9|32) days$/);
    },
    60_000,
  );
  test("so does a secret that is not there, or may not be looked at", async () => {
    const arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:nowhere-AbCdEf";
    expect((await look({ [arn]: 30 }, 0)).status).toBe("FAILED");
  }, 60_000);
});
