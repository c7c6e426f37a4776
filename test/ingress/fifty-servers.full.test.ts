import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { HardenedMcp, McpServer } from "../../lib";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";
import { goodConfig, goodServer } from "../support/config";
import { scratch } from "../support/scratch";

/** Seconds of CPU, with every validation and control, for everything below. */
const BUDGET_S = 60;
const NAMES = Array.from({ length: 50 }, (_, index) => `server-${String(index + 1).padStart(2, "0")}`);
/** Of the platform's own stack; the others are a team's. */
const OWN = 20;
const server = (name: string) => goodServer({ path: `/${name}/mcp` });

test(
  "fifty servers in two stacks share a load balancer, and nothing but it",
  () => {
    const outdir = scratch("fifty-servers");
    mkdirSync(outdir, { recursive: true });
    const before = process.cpuUsage();
    const app = new App({ outdir });
    const stack = (id: string) => {
      const made = new TerraformStack(app, id);
      new AwsProvider(made, "aws", { region: "eu-west-1" });
      return made;
    };
    const own = Object.fromEntries(NAMES.slice(0, OWN).map((name) => [name, server(name)]));
    const mcp = new HardenedMcp(stack("platform"), "mcp", goodConfig({ servers: own }));
    const team = stack("team");
    for (const name of NAMES.slice(OWN))
      new McpServer(team, name, { ...server(name), name, platform: mcp.platform.attributes });
    // With all validations, and so the checklist of both stacks.
    app.synth();
    const { user, system } = process.cpuUsage(before);
    const seconds = (user + system) / 1e6;

    const plans = ["platform", "team"].map(
      (id) =>
        new Plan(
          JSON.parse(readFileSync(join(outdir, "stacks", id, "cdk.tf.json"), "utf8")) as TerraformJson,
        ),
    );
    const all = (type: string) => plans.flatMap((plan) => plan.blocks(type));
    const resources = plans.map((plan) => plan.all.length);
    process.stderr.write(
      `[fifty servers] ${resources.join(" and ")} blocks in ${seconds.toFixed(1)} s of CPU; ${all("aws_lb_listener_rule").length} listener rules\n`,
    );
    expect(all("aws_lb")).toHaveLength(1);
    expect(all("aws_lb_listener_rule")).toHaveLength(NAMES.length);
    for (const type of ["aws_ecs_service", "aws_lb_target_group", "aws_iam_role"]) {
      const names = all(type).map(({ body }) => body["name"]);
      expect(new Set(names).size).toBe(names.length);
    }
    expect(all("aws_ecs_service")).toHaveLength(NAMES.length);
    expect(seconds).toBeLessThan(BUDGET_S);
  },
  4 * BUDGET_S * 1000,
);
