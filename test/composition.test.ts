import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { HardenedMcp, McpPlatform, McpServer } from "../lib";
import { embedded, Plan, type TerraformJson } from "../lib/terraform/plan";
import { ATTRIBUTES } from "./support/attributes";
import { goodConfig, goodServer } from "./support/config";
import { EXAMPLES, runExample, synthExample, synthExampleText } from "./support/examples";

const { servers: _servers, ...platformConfig } = goodConfig();

/** Synthesises an app with its validations and opens each stack that was written. */
function written(build: (app: App) => void): Record<string, Plan> {
  const outdir = mkdtempSync(join(tmpdir(), "composition-"));
  try {
    const app = new App({ outdir });
    build(app);
    app.synth();
    const { stacks } = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8")) as {
      stacks: Record<string, { name: string; synthesizedStackPath: string }>;
    };
    return Object.fromEntries(
      Object.values(stacks).map(({ name, synthesizedStackPath }) => [
        name,
        new Plan(JSON.parse(readFileSync(join(outdir, synthesizedStackPath), "utf8")) as TerraformJson),
      ]),
    );
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

function stackIn(app: App, name: string): TerraformStack {
  const stack = new TerraformStack(app, name);
  new AwsProvider(stack, "aws", { region: "eu-west-1" });
  return stack;
}

const count = (plan: Plan | undefined, type: string): number => plan?.blocks(type).length ?? 0;

describe("a platform and its servers may live apart", () => {
  test("a platform alone has a load balancer and no service", () => {
    const { platform } = written(
      (app) => void new McpPlatform(stackIn(app, "platform"), "mcp", platformConfig),
    );
    expect([count(platform, "aws_lb"), count(platform, "aws_ecs_service")]).toEqual([1, 0]);
  });

  test("a server in another stack of the same app refers to the platform by cdktf's own remote state", () => {
    const { team, platform } = written((app) => {
      const { attributes } = new McpPlatform(stackIn(app, "platform"), "mcp", platformConfig);
      new McpServer(stackIn(app, "team"), "notes", { ...goodServer(), name: "notes", platform: attributes });
    });
    expect([
      count(platform, "aws_ecs_service"),
      count(team, "aws_ecs_service"),
      count(team, "aws_lb"),
    ]).toEqual([0, 1, 0]);
    expect(JSON.stringify(team?.source)).toContain("data.terraform_remote_state");
  });

  test("a server on a platform that is described by hand", () => {
    const { team } = written(
      (app) =>
        void new McpServer(stackIn(app, "team"), "notes", {
          ...goodServer(),
          name: "notes",
          platform: ATTRIBUTES,
        }),
    );
    const [rule] = team?.blocks("aws_lb_listener_rule") ?? [];
    expect(rule?.body["listener_arn"]).toBe(ATTRIBUTES.ingress.listenerArn);
    const boundaries = team?.blocks("aws_iam_role").map(({ body }) => body["permissions_boundary"]) ?? [];
    expect(new Set(boundaries)).toEqual(new Set([ATTRIBUTES.iam.boundaryArn]));
  });

  test("two deployments in one stack stay apart", () => {
    const { both } = written((app) => {
      const stack = stackIn(app, "both");
      new HardenedMcp(stack, "one", goodConfig());
      new HardenedMcp(
        stack,
        "two",
        goodConfig({
          name: "other",
          network: { kind: "new", cidr: "10.50.0.0/20", zones: ["eu-west-1a", "eu-west-1b"] },
        }),
      );
    });
    const names = both?.blocks("aws_lb").map(({ body }) => body["name"]) ?? [];
    expect(new Set(names).size).toBe(2);
  });
});

describe("nothing else moves when a server comes or goes", () => {
  const addresses = (servers: string[]): Set<string> => {
    const { all } = written((app) => {
      const entries = servers.map((name) => [name, goodServer({ path: `/${name}/mcp` })]);
      new HardenedMcp(
        stackIn(app, "all"),
        "mcp",
        goodConfig({ servers: Object.fromEntries(entries) as never }),
      );
    });
    return new Set(all?.all.map(({ address }) => address));
  };
  const [two, three] = [addresses(["b", "d"]), addresses(["a", "b", "d"])];
  test("every address of the two is there with the third", () => {
    expect([...two].filter((address) => !three.has(address))).toEqual([]);
    expect(
      [...three].filter((address) => !two.has(address)).every((address) => address.includes("server-a")),
    ).toBe(true);
  });
});

describe.each(EXAMPLES)("what is written for %s", (name) => {
  test("holds no token that cdktf did not resolve", () => {
    expect(synthExampleText(name)).not.toMatch(/TfToken\[|e\+29\d/i);
  });
  test("holds JSON that opens, wherever JSON stands in a string", () => {
    const texts = synthExample(name).all.flatMap((block) =>
      ["policy", "assume_role_policy", "container_definitions"].flatMap((field) =>
        typeof block.body[field] === "string" ? [{ address: block.address, value: block.body[field] }] : [],
      ),
    );
    expect(texts.length).toBeGreaterThan(0);
    expect(texts.filter(({ value }) => embedded(value) === undefined).map(({ address }) => address)).toEqual(
      [],
    );
  });
  test("names no resource by chance: the same input gives the same bytes", () => {
    expect(runExample(name)).toBe(synthExampleText(name));
  });
});
