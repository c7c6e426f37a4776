import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { docs, file } from "./fixture";
import { cli, folder } from "./io";

const stack = file({ docs }) as Record<string, unknown>;
const text = JSON.stringify(stack);
const harmless = { resource: { random_pet: { p: {} } } };
const shown = (more: object) => ({
  format_version: "1.2",
  planned_values: {},
  resource_changes: [],
  ...more,
});
const named = (change: Record<string, unknown>) => ({
  ...stack,
  "//": { "hardened-mcp": { "s/mcp": { kind: "part", waivers: [], ...change } } },
});
const root = folder({
  "one/cdk.tf.json": harmless,
  "decoy/cdk.tf.json": harmless,
  "decoy/stacks/real/cdk.tf.json": stack,
  "merged/cdk.tf.json": harmless,
  "merged/more.tf": 'resource "aws_lb" "x" {}',
  "merged-json/cdk.tf.json": harmless,
  "merged-json/more.tf.json": {},
  "override/cdk.tf.json": harmless,
  "override/override.tf.json": {},
  "tofu/cdk.tf.json": harmless,
  "tofu/more.tofu": "",
  "values/cdk.tf.json": harmless,
  "values/x.auto.tfvars": 'a = "b"',
  "values/.terraform.lock.hcl": "",
  "out/stacks/a/cdk.tf.json": harmless,
  "out/stacks/hcl/cdk.tf": "",
  "linked/stacks/a/cdk.tf.json": harmless,
  "gone/stacks/a/cdk.tf.json": harmless,
  "gone/manifest.json": { stacks: { b: { synthesizedStackPath: "stacks/b/cdk.tf.json" } } },
  "odd/stacks/a/cdk.tf.json": harmless,
  "odd/manifest.json": "{",
  "twice.json": '{"resource":{"random_pet":{"p":{}},"random_pet":{"q":{}}}}',
  "deep.json": `{"resource":{"random_pet":{"p":{"a":${"[".repeat(5000)}${"]".repeat(5000)}}}}}`,
  "deeper.json": `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`,
  "empty.json": "",
  "text.json": { resource: "x" },
  "destroy.json": shown({ planned_values: {} }),
  "part.json": shown({ complete: false }),
  "failed.json": shown({ errored: true }),
  "odd-plan.json": shown({ planned_values: { root_module: { resources: [5, null, "x"] } } }),
  "list-plan.json": shown({ planned_values: { root_module: { resources: 5 } } }),
  "kind.json": named({ kind: "emperor" }),
  "waivers.json": named({ waivers: "all" }),
  "entry.json": { ...stack, "//": { "hardened-mcp": { "s/mcp": 5 } } },
  "policy.json": named({ policy: { server: "x" } }),
  "comment.json": { ...stack, "//": 5 },
});
symlinkSync(join(root, "decoy/stacks/real"), join(root, "linked/stacks/real"));
mkdirSync(join(root, "folder/cdk.tf.json"), { recursive: true });
mkdirSync(join(root, "circle"));
symlinkSync("cdk.tf.json", join(root, "circle/cdk.tf.json"));
writeFileSync(join(root, "bom.json"), `\ufeff${JSON.stringify(harmless)}`);
writeFileSync(
  join(root, "bytes.json"),
  Buffer.from('{"resource":{"random_pet":{"p":{"a":"\xff"}}}}', "latin1"),
);
writeFileSync(join(root, "utf16.json"), Buffer.from(JSON.stringify(harmless), "utf16le"));
writeFileSync(join(root, "escape.json"), '{"resource":\u001b[2J}');
execFileSync("mkfifo", [join(root, "pipe.json")]);

describe("what cannot be judged whole is not judged: one sentence, and 2", () => {
  test.each<[string, string, RegExp]>([
    ["a harmless file above the real stacks", "decoy", /decoy holds cdk.tf.json and a folder of stacks/],
    ["another file of Terraform's beside it", "merged", /merged also holds more.tf, which Terraform merges/],
    ["another one in JSON", "merged-json", /also holds more.tf.json/],
    ["one that overrides", "override", /also holds override.tf.json/],
    ["one that only OpenTofu reads", "tofu", /also holds more.tofu/],
    ["a stack in the other language", "out", /out\/hcl is written as cdk.tf, which cannot be read/],
    ["a stack that is said to be there", "gone", /gone is said to hold the stack b, which is not there/],
    ["a list of stacks that cannot be read", "odd", /manifest.json cannot be read/],
    ["a key that stands twice", "twice.json", /says resource.random_pet twice/],
    ["what is nested very deep", "deep.json", /deep.json is nested more than 100 deep/],
    ["what is nested deeper still", "deeper.json", /deeper.json is nested more than 100 deep/],
    ["nothing", "empty.json", /empty.json cannot be read as JSON: Unexpected end/],
    ["a folder of the file's name", "folder", /folder\/cdk.tf.json is a folder, expected a file/],
    ["a link to itself", "circle", /circle\/cdk.tf.json cannot be read: ELOOP/],
    ["a mark of byte order", "bom.json", /bom.json begins with a byte order mark/],
    ["bytes that are no text", "bytes.json", /bytes.json is not UTF-8/],
    ["another encoding", "utf16.json", /utf16.json cannot be read as JSON/],
    ["what steers a terminal", "escape.json", /escape.json cannot be read as JSON: [^\u001b]*$/],
    ["a pipe that never ends", "pipe.json", /pipe.json is no file/],
    ["a text for resources", "text.json", /has a text at resource/],
    ["a plan that destroys", "destroy.json", /holds no resource/],
    ["a plan of a part", "part.json", /is a plan of a part/],
    ["a plan that failed", "failed.json", /ended in an error/],
    ["a plan of no resources", "odd-plan.json", /odd-plan.json cannot be read/],
    ["a plan of no list", "list-plan.json", /list-plan.json cannot be read/],
    ["a construct of no kind", "kind.json", /says of s\/mcp what no construct says: kind/],
    ["waivers of everything", "waivers.json", /what no construct says: waivers/],
    ["a construct that is a number", "entry.json", /what no construct says: no object/],
    ["a policy without clients", "policy.json", /what no construct says: policy/],
    ["a comment that is none", "comment.json", /has a comment that is no object/],
  ])("%s", async (_what, place, says) => {
    for (const command of [
      ["check", place],
      ["diff", "one", place],
    ]) {
      const { code, out, err } = await cli(root, ...command);
      expect([code, out]).toEqual([2, ""]);
      expect(err).toMatch(says);
      expect(err).toMatch(/^hardened-mcp: [^\n]*\n$/);
    }
  });
  test("values of variables beside it change nothing that is known", async () =>
    expect((await cli(root, "check", "values")).code).toBe(0));
  test("a stack behind a link is judged", async () => {
    const { out } = await cli(root, "check", "linked", "--format", "json");
    expect((JSON.parse(out) as { stacks: object[] }).stacks).toHaveLength(2);
  });
});

/** Every place of a file, as the keys that lead there. */
function placesIn(value: unknown, at: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== "object" || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...at, key]))];
}

function withAt(path: readonly (string | number)[], value: unknown): unknown {
  const [key, ...rest] = path;
  const copy = JSON.parse(text) as Record<string | number, unknown>;
  if (key === undefined) return value;
  let inner = copy;
  for (const step of path.slice(0, -1)) inner = inner[step] as typeof inner;
  inner[rest.at(-1) ?? key] = value;
  return copy;
}

describe("whatever stands where", () => {
  const GARBAGE = [
    null,
    0,
    -1,
    1e308,
    "",
    "x",
    "${",
    "%{ if true }",
    true,
    [],
    [[]],
    {},
    { "": {} },
    [null],
    ["${var.x}"],
  ];
  const places = placesIn(stack).filter((path) => !path.includes("container_definitions"));
  // Every place with two kinds of garbage each: the kinds go around.
  const files = Object.fromEntries(
    places.flatMap((path, index) =>
      [0, 7].map((step) => [
        `f${index}-${step}.json`,
        withAt(path, GARBAGE[(index + step) % GARBAGE.length]),
      ]),
    ),
  );
  const garbage = folder(files);
  test(`it ends in a verdict or in a sentence (${places.length} places)`, async () => {
    const ends = new Map<number, number>();
    for (const name of Object.keys(files)) {
      const { code, err } = await cli(garbage, "check", name, "--format", "json");
      expect(`${name} ${err}`).not.toMatch(/fault of ours|\n {4}at /);
      expect([1, 2]).toContain(code);
      if (code === 2) expect(err).toMatch(/^hardened-mcp: [^\n]*\n$/);
      ends.set(code, (ends.get(code) ?? 0) + 1);
    }
    expect(places.length).toBeGreaterThan(50);
    expect(ends.get(1)).toBeGreaterThan(0);
    expect(ends.get(2)).toBeGreaterThan(0);
  });
});

describe("a plan that is judged as one of a file", () => {
  test.each<[string, string[], RegExp]>([
    ["no plan is named", ["--of", "one"], /--of FOLDER needs the file of a plan/],
    ["the plan is a folder", ["one", "--of", "one"], /one is not a plan's file/],
    ["there is no such plan", ["nowhere.json", "--of", "one"], /nowhere.json is not a plan's file/],
    ["it is no plan", ["one/cdk.tf.json", "--of", "one"], /is not what `terraform show -json` prints/],
    ["it is one of a part", ["part.json", "--of", "one"], /part.json is a plan of a part/],
    [
      "it is one of nothing",
      ["destroy.json", "--of", "one"],
      /is not a plan of one\/cdk.tf.json: it does not say/,
    ],
  ])("%s", async (_what, args, says) => {
    const { code, out, err } = await cli(root, "check", ...args);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(says);
    expect(err).toMatch(/^hardened-mcp: [^\n]*\n$/);
  });
});
