import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformStack, Testing, type App } from "cdktf";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { HardenedMcp } from "../../lib";
import { CONTROLS } from "../../lib/checklist/controls";
import { judgePlan } from "../../lib/checklist/engine";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";
import { ROOT } from "../support/toolchain";
import { ofExample } from "../tokens/example-config";

type Recipe = (mcp: HardenedMcp, ...more: string[]) => void;

const TEXT = readFileSync(join(ROOT, "docs", "overrides.md"), "utf8");

/** The recipes of a block of the document, as functions. */
function loaded(text: string): Record<string, Recipe> {
  // Within the repository, so that imports resolve.
  const folder = mkdtempSync(join(ROOT, ".cache", "recipes-"));
  try {
    writeFileSync(join(folder, "recipe.ts"), text);
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- a recipe of the document
    const made = require(join(folder, "recipe.ts")) as Record<string, Recipe>;
    // What is data there stands in a configuration, and changes nothing by itself.
    return Object.fromEntries(Object.entries(made).filter(([, recipe]) => typeof recipe === "function"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const BLOCKS = [...TEXT.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(({ 1: text = "" }) => text);
const RECIPES: Record<string, Recipe> = Object.assign({}, ...BLOCKS.map(loaded)) as Record<string, Recipe>;
const config = ofExample("complete");
/** As the document has it of a container that stands beside the server. */
const withAgent = {
  ...config,
  servers: Object.fromEntries(
    Object.entries(config.servers).map(([name, server]) => [
      name,
      { ...server, run: { ...server.run, beside: { agent: { because: "traces of what it does" } } } },
    ]),
  ),
};

/** The file with what an override has made of it, and what the checklist says of that. */
function written(change: Recipe, of = config): { readonly text: string; readonly failed: readonly string[] } {
  const stack = new TerraformStack(Testing.app() as App, "test");
  new AwsProvider(stack, "aws", { region: "eu-west-1" });
  change(new HardenedMcp(stack, "mcp", of), "https://runbooks.example.com");
  const text = JSON.stringify(stack.toTerraform());
  const failed = judgePlan(new Plan(JSON.parse(text) as TerraformJson), CONTROLS, { asOf: "2026-11-26" })
    .filter(({ result }) => result === "fail")
    .map(({ control, address, detail }) => `${address ?? ""}: ${detail ?? ""} [${control}]`);
  return { text, failed };
}

const untouched = written(() => undefined);

/** What the checklist says of each recipe. */
const SAID: Record<string, readonly string[]> = {
  patient: [],
  askedLessOften: [],
  scaledEarlier: [],
  owned: [],
  moreTasks: ["gateway.record-true", "task.scales"],
  longerKept: ["audit.kept-as-chosen"],
  weakTls: ["ingress.listener-tls-policy"],
  quietNights: [],
  agentBeside: [],
  named: [],
};

test("every recipe has a verdict, and the untouched deployment passes", () => {
  expect(Object.keys(RECIPES).sort()).toEqual(Object.keys(SAID).sort());
  expect(untouched.failed).toEqual([]);
});

test.each(Object.entries(SAID))("%s changes the file, and the checklist says of it: %j", (name, controls) => {
  const { text, failed } = written(RECIPES[name] as Recipe, name === "agentBeside" ? withAgent : config);
  expect(text).not.toBe(untouched.text);
  expect(failed.map((line) => /\[(.*)\]$/.exec(line)?.[1])).toEqual(controls);
});

test("the waiver that the document writes is of what its recipe adds, as it is seen there", () => {
  const plan = new Plan(JSON.parse(written(RECIPES["quietNights"] as Recipe).text) as TerraformJson);
  const found = judgePlan(plan, CONTROLS, { asOf: "2026-11-26" }).filter(
    ({ control, address = "" }) => control === "beside.run-by-us-alone" && address.includes("evening"),
  );
  expect(found).toHaveLength(1);
  const [{ address, seen } = { address: "", seen: "" }] = found;
  const shown = [...TEXT.matchAll(/at: "(\S+)",\s+seen: "(\S+)"/g)].map(([, at, digest]) => [at, digest]);
  expect(shown).toEqual([
    [address, seen],
    [address, seen],
  ]);
});

test("what the document prints was printed", () => {
  const printed = [...TEXT.matchAll(/^(aws_\S+) fails "…": (.*)$/gm)].map(
    ([, address = "", rest = ""]) => `${address}: ${rest}`,
  );
  const said = ["moreTasks", "longerKept", "weakTls"].flatMap(
    (name) => written(RECIPES[name] as Recipe).failed,
  );
  expect(printed.length).toBe(3);
  expect(printed.filter((line) => !said.includes(line))).toEqual([]);
});

test("an agent that the configuration does not name stops the synth", () => {
  const { failed } = written(RECIPES["agentBeside"] as Recipe);
  expect(failed).toEqual([expect.stringMatching(/its tasks also run agent \[task\.nothing-added\]$/)]);
});

/** What an agent beside the server is asked: each left out is seen. */
test.each([
  ["a user", `      user: "65532:65532",\n`, "task.non-root"],
  ["a file system that is read only", `      readonlyRootFilesystem: true,\n`, "task.read-only-root"],
  ["no capabilities", `capabilities: { drop: ["ALL"] }`, "task.no-capabilities"],
  ["a log", `      logConfiguration: server?.["logConfiguration"],\n`, "task.logged"],
  [
    "its place behind the gateway",
    `      dependsOn: [{ containerName: "gateway", condition: "START" }],\n`,
    "task.gateway-first",
  ],
  [
    "waiting for that right",
    "  service.dependsOn = [...(service.dependsOn ?? []), dependable(rights)];\n",
    "task.service-waits",
  ],
  ["the right to pull its image", `"ecr:BatchCheckLayerAvailability", `, "task.may-start"],
])("an agent without %s stops the synth", (_what, line, control) => {
  expect(TEXT).toContain(line);
  const block = BLOCKS.find((text) => text.includes("agentBeside")) ?? "";
  const { agentBeside } = loaded(block.replace(line, ""));
  expect(
    written(agentBeside as Recipe, withAgent).failed.map((said) => /\[(.*)\]$/.exec(said)?.[1]),
  ).toContain(control);
});
