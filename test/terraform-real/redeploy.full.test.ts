import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import type { TerraformStack } from "cdktf";
import { AlarmSet, AuditArchive, decommission } from "../../lib";
import { ServerRoute } from "../../lib/ingress/server-route";
import { POSTURES } from "../../lib/posture";
import { ManagedSecret } from "../../lib/secrets/managed-secret";
import { secretsKey } from "../../lib/secrets/secrets-key";
import { forEmulator } from "../support/emulated";
import { startEmulator, type Emulator } from "../support/emulator/emulator";
import { testDeployment } from "../support/plan";
import { TerraformRun } from "../support/terraform";
import { slowest } from "../support/terraform-output";
import { describeWith } from "../support/toolchain";
import { bucketsOf } from "./drift";
import { SAID, writeWithout } from "./redeploy";

/*
 * A disposable deployment's names are free once it has ended: log group, roles and boundary, aliases, delivery stream,
 * topic, alarms, target group, secret. The archive stays and is in nobody's way. moto refuses the second of a name for
 * secrets, log groups, roles, policies, target groups, buckets and delivery streams; a secret in its recovery window it
 * refuses as one that exists, AWS as one that is scheduled for deletion. It does not check that a deleted secret, queue
 * or role takes seconds or minutes to be gone, nor that a bucket's name is taken in every account; of aliases, topics
 * and alarms nothing is claimed.
 * Left out: what has no name and makes the provider wait (the lifecycle of buckets), the rule of a listener that is not
 * here, and rotation, whose queue waits 25 s each time. The lifecycle of a whole deployment is the complete example's.
 */

/** Seconds of three applies and a plan; with the counter-example 95 were measured beside other work. */
const BUDGET_S = 240;
const WITHOUT = ["aws_s3_bucket_lifecycle_configuration", "aws_lb_listener_rule"];
const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;

function parts(stack: TerraformStack): (AlarmSet | AuditArchive)[] {
  const archive = new AuditArchive(stack, "archive", SAID);
  const alarms = new AlarmSet(stack, "alarms", {
    ...SAID,
    alarms: { notify: { emails: ["oncall@example.com"] } },
    watch: { deliveryStreamName: archive.deliveryStreamName },
  });
  return [archive, alarms];
}

function running(stack: TerraformStack): void {
  parts(stack);
  const on = testDeployment(stack, "sandbox");
  new ManagedSecret(stack, "secret", {
    ...{ on, name: "orders-signing", description: "Signs orders" },
    keyArn: secretsKey(stack, "key", on, { name: "orders", description: "The secret" }).arn,
    recoveryDays: POSTURES.sandbox.secretRecoveryDays,
    ...{ ours: [role("rotation")], writer: role("rotation"), readers: [role("orders-execution")] },
  });
  new ServerRoute(stack, "orders", {
    ...{ on, name: "orders", hostname: "mcp.example.com", path: "/orders/mcp", deregistrationSeconds: 60 },
    listenerArn: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/shared/1/2",
    vpcId: new Vpc(stack, "vpc", { cidrBlock: "10.60.0.0/20" }).id,
  });
}

const ended = (stack: TerraformStack): void => parts(stack).forEach((part) => decommission(part));

describeWith(["terraform", "python"], "a disposable deployment that has ended", () => {
  let emulator: Emulator;
  beforeAll(async () => void (emulator = await startEmulator("redeploy")), 60_000);
  afterAll(() => emulator.stop());
  const emulated = (name: string, build: (stack: TerraformStack) => void) =>
    forEmulator(writeWithout(`${name}-written`, WITHOUT, build), name, emulator);

  it(
    "is made again under the same name, beside the archive of the first, and is unchanged in a second plan",
    async () => {
      const file = await emulated("redeploy", running);
      const end = await emulated("redeploy-ended", ended);
      const run = await TerraformRun.start(file.file, { name: "redeploy-run", ...file });
      for (const [step, written] of [
        ["made", file.file],
        ["ended", end.file],
        ["made again", file.file],
      ] as const) {
        run.replace(written);
        const applied = await run.apply();
        process.stderr.write(
          `[${step}] ${applied.seconds.toFixed(0)} s; ${slowest(applied, 3).join(", ")}\n`,
        );
        expect([step, applied.errors]).toEqual([step, []]);
        expect(Object.keys(applied.done).length).toBeGreaterThan(15);
        expect((await bucketsOf(emulator)).length).toBe(step === "made again" ? 4 : 2);
        const managed = (await run.state()).filter((address) => !address.startsWith("data."));
        expect(managed.length > 0).toBe(step !== "ended");
      }
      expect(await run.plan()).toEqual([]);
    },
    BUDGET_S * 1000,
  );

  it("is not made again where a secret has a recovery window: its name is taken until that is over", async () => {
    const file = await emulated(
      "window",
      (stack) =>
        void new SecretsmanagerSecret(stack, "one", { name: "acme-dev/window", recoveryWindowInDays: 7 }),
    );
    const run = await TerraformRun.start(file.file, { name: "window-run", ...file });
    expect((await run.apply()).errors).toEqual([]);
    expect((await run.destroy()).errors).toEqual([]);
    expect(JSON.stringify((await run.apply()).errors)).toMatch(
      /CreateSecret.*(acme-dev\/window already exists|scheduled for deletion)/,
    );
  }, 120_000);
});
