import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TerraformStack } from "cdktf";
import { McpServer, Network } from "../../lib";
import { Cluster } from "../../lib/task/cluster";
import { ATTRIBUTES } from "../support/attributes";
import { goodServer } from "../support/config";
import { EXAMPLE_ACCOUNT, forEmulator } from "../support/emulated";
import { startEmulator, type Emulator } from "../support/emulator/emulator";
import { testDeployment } from "../support/plan";
import { TerraformRun } from "../support/terraform";
import { slowest, type ApplySummary } from "../support/terraform-output";
import { describeWith } from "../support/toolchain";
import { SAID, writeWithout } from "./redeploy";

/*
 * A network with its endpoints and flow logs, a cluster, and a server with its service, functions, rotations and alarms: all
 * of it destroyed, and made again under the same names. What the emulator refuses while the first is there is shown at the
 * end: log groups, roles and policies, aliases, secrets, target groups, flow logs. Of functions and clusters it lets a
 * second of a name stand in place of the first, and of services, groups, namespaces, schedules, queues and alarms it was
 * not asked: of those this shows that they go and come, and not that their names are free. Nor does it know what AWS keeps
 * for a while: a queue's name for 60 seconds, a service that drains, interfaces of functions, which hold their groups.
 * Left out: the listener's rule and the subscription, whose listener and stream are not here.
 */

/** Seconds; 350 were measured beside other work. */
const BUDGET_S = 600;
const WITHOUT = ["aws_lb_listener_rule", "aws_cloudwatch_log_subscription_filter"];

function running(stack: TerraformStack): void {
  const net = new Network(stack, "net", {
    ...SAID,
    ...{ cidr: "10.60.0.0/20", zones: ["eu-west-1a", "eu-west-1b"], reach: "internal" },
  });
  const cluster = new Cluster(stack, "cluster", {
    on: testDeployment(stack, "sandbox"),
    slice: { kind: "new" },
    logsKeyArn: ATTRIBUTES.secrets.keyArn,
    vpcId: net.vpcId,
    namespaceName: "acme-dev.internal",
  });
  new McpServer(stack, "notes", {
    ...goodServer(),
    name: "notes",
    platform: {
      ...{ ...ATTRIBUTES, ...SAID, cluster },
      network: {
        vpcId: net.vpcId,
        taskSubnetIds: net.taskSubnetIds,
        endpoints: { ...net.endpoints, owned: true },
      },
      ingress: { ...ATTRIBUTES.ingress, securityGroupId: "sg-0123456789abcdef0", owned: false },
    },
  });
}

/** Types of what was refused. */
const refused = ({ errors }: ApplySummary): string[] =>
  [...new Set(errors.map(({ address = "" }) => address.split(".")[0] ?? ""))].sort();

/** Takes what is there out of Terraform's state, so that an apply makes a second one of its name. */
async function again(run: TerraformRun, types: readonly string[]): Promise<string[]> {
  const file = join(run.folder, "terraform.tfstate");
  const text = readFileSync(file, "utf8");
  const state = JSON.parse(text) as { resources: { type: string }[] };
  const resources = state.resources.filter(({ type }) => !types.includes(type));
  expect(resources.length).toBeLessThan(state.resources.length);
  writeFileSync(file, JSON.stringify({ ...state, resources }));
  const found = refused(await run.apply());
  writeFileSync(file, text);
  return found;
}

describeWith(["terraform", "python"], "network, functions and services that have ended", () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator("redeploy-services");
    await emulator.seed(EXAMPLE_ACCOUNT);
  }, 60_000);
  afterAll(() => emulator.stop());

  it(
    "are made again under the same names, and are unchanged in a second plan",
    async () => {
      const written = writeWithout("services-written", WITHOUT, running);
      const file = await forEmulator(written, "services", emulator);
      const run = await TerraformRun.start(file.file, { name: "services-run", ...file });
      for (const step of ["made", "ended", "made again"] as const) {
        const done = await (step === "ended" ? run.destroy() : run.apply());
        process.stderr.write(`[${step}] ${done.seconds.toFixed(0)} s; ${slowest(done, 3).join(", ")}\n`);
        expect([step, done.errors]).toEqual([step, []]);
        for (const type of [
          "aws_vpc_endpoint",
          "aws_lambda_function",
          "aws_ecs_service",
          "aws_scheduler_schedule",
        ])
          expect(Object.keys(done.done).filter((address) => address.startsWith(`${type}.`))).not.toEqual([]);
        const managed = (await run.state()).filter((address) => !address.startsWith("data."));
        expect(managed.length > 80).toBe(step !== "ended");
        expect(managed.length > 0).toBe(step !== "ended");
      }
      expect(await run.plan()).toEqual([]);

      expect(await again(run, ["aws_flow_log"])).toEqual(["aws_flow_log"]);
      const beside = await TerraformRun.start(file.file, { name: "services-beside", ...file });
      expect(refused(await beside.apply())).toEqual([
        ...["aws_cloudwatch_log_group", "aws_iam_policy", "aws_iam_role", "aws_kms_alias"],
        ...["aws_lb_target_group", "aws_secretsmanager_secret"],
      ]);
    },
    BUDGET_S * 1000,
  );
});
