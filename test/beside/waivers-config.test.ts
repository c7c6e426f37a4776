import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppautoscalingScheduledAction } from "@cdktf/provider-aws/lib/appautoscaling-scheduled-action";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { AuditArchive, HardenedMcp, type BlockWaiver, type HardenedMcpConfig } from "../../lib";
import { resolveWaivers } from "../../lib/beside/model";
import { CONTROLS } from "../../lib/checklist/controls";
import { readManifest } from "../../lib/checklist/manifest";
import { report, type ReportedVerdict } from "../../lib/checklist/report";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";
import { Check, formatProblem } from "../../lib/validation";
import { goodConfig, goodServer, isTestToken, TOKEN } from "../support/config";

const RIGHT: BlockWaiver = {
  control: "beside.run-by-us-alone",
  at: "aws_lambda_permission.partner",
  seen: `sha256:${"0a".repeat(32)}`,
  waive: "the partner's own, reviewed",
  until: "2099-12-31",
};

function said(...waivers: readonly object[]): string[] {
  const check = Check.start(isTestToken);
  resolveWaivers(waivers as readonly BlockWaiver[], check.at("waivers"));
  return check.problems.map(formatProblem);
}

describe("a waiver of one block in the configuration", () => {
  test("that is whole is written down", () => {
    const check = Check.start(isTestToken);
    const { waive: reason, ...rest } = RIGHT;
    expect(resolveWaivers([RIGHT], check)).toEqual([{ field: "waivers", reason, ...rest }]);
    expect(check.problems).toEqual([]);
    expect(
      said({ ...RIGHT, at: "data.aws_s3_object.x" }, { ...RIGHT, control: "beside.attributes-known" }),
    ).toEqual([]);
  });
  test.each([
    "task.nothing-added",
    "beside.written-once",
    "file.whole",
    "gateway.as-rendered",
    "waf.common-rules",
  ])("of %s is refused in one line", (control) => {
    const lines = said({ ...RIGHT, control });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      new RegExp(
        `^waivers\\[0\\]\\.control is "${control}", which is not waived at a block, expected one of beside\\.`,
      ),
    );
    expect(lines[0]).toMatch(/; mend what it found \[unknown-kind\]$/);
  });
  const COPY = "copy what the report prints at the finding";
  test.each<[string, object, string]>([
    ["no digest", { seen: undefined }, `waivers[0].seen is missing; set it [required]`],
    [
      "a shorter digest",
      { seen: "sha256:0a" },
      `waivers[0].seen is "sha256:0a", expected sha256: and 64 characters; ${COPY} [wrong-form]`,
    ],
    [
      "all addresses",
      { at: "*" },
      `waivers[0].at is "*", expected the address of a block such as aws_lambda_permission.partner; ${COPY} [wrong-form]`,
    ],
    [
      "an address that is known later",
      { at: TOKEN },
      `waivers[0].at is known only at deployment; ${COPY} [token-not-allowed]`,
    ],
    [
      "a digest that is known later",
      { seen: TOKEN },
      `waivers[0].seen is known only at deployment; ${COPY} [token-not-allowed]`,
    ],
    [
      "a control that is known later",
      { control: TOKEN },
      `waivers[0].control is known only at deployment; ${COPY} [token-not-allowed]`,
    ],
    [
      "a short reason",
      { waive: "why" },
      "waivers[0].waive has 3 characters, expected at least 8; say why, for the reader of the report [wrong-form]",
    ],
    ["no end", { until: undefined }, "waivers[0].until is missing; set it [required]"],
    ["a field more", { forever: true }, "waivers[0].forever is not a field here; remove it [unknown-field]"],
  ])("with %s is refused", (_what, change, line) => {
    const waiver = Object.fromEntries(
      Object.entries({ ...RIGHT, ...change }).filter(([, value]) => value !== undefined),
    );
    expect(said(waiver)).toEqual([line]);
  });
  test.each([[null], ["x"], [3]])("%j is none", (waiver) => {
    expect(said(waiver as unknown as object)).toHaveLength(1);
  });
});

/** What is written for a configuration, with what somebody adds to it, and what was warned of. */
function synth(
  config: Partial<HardenedMcpConfig>,
  add: (mcp: HardenedMcp) => void,
): { plan: Plan; warnings: string } {
  const outdir = mkdtempSync(join(tmpdir(), "waivers-"));
  try {
    const app = new App({ outdir });
    const stack = new TerraformStack(app, "test");
    new AwsProvider(stack, "aws", { region: "eu-west-1" });
    const mcp = new HardenedMcp(stack, "mcp", goodConfig(config));
    add(mcp);
    app.synth();
    const text = readFileSync(join(outdir, "stacks", "test", "cdk.tf.json"), "utf8");
    const warnings = mcp.node.findAll().flatMap((one) => one.node.metadata.map(({ data }) => String(data)));
    return { plan: new Plan(JSON.parse(text) as TerraformJson), warnings: warnings.join("\n") };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

const verdicts = (plan: Plan): readonly ReportedVerdict[] =>
  report([{ stack: "test", file: "f", plan }], CONTROLS, "2026-11-27").verdicts;

/** What a message says that is to be written, read as it stands there. */
function printed(message: string, until: string): BlockWaiver {
  const fields = /write into waivers: \{ (.*?) \}/.exec(message)?.[1] ?? "";
  const waiver = JSON.parse(`{${fields.replace(/(\w+): "/g, '"$1": "')}}`) as BlockWaiver;
  return { ...waiver, waive: "looked at by the platform team", until };
}

describe("at synth", () => {
  const volume = (name: string) => (mcp: HardenedMcp) =>
    mcp.servers["notes"]?.nodes.taskDefinition.addOverride("volume", [{ name }]);
  const failing = (config: Partial<HardenedMcpConfig>, name: string): string => {
    try {
      synth(config, volume(name));
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  };

  test("the message has what to write, which lets it pass, until the value changes; its end only warns", () => {
    const message = failing({}, "scratch");
    expect(message).toContain("[beside.attributes-known]; to waive it, write into waivers: ");
    const waivers = [printed(message, "2099-12-31")];
    const passed = synth({ waivers }, volume("scratch"));
    expect(verdicts(passed.plan).filter(({ result }) => result === "waived")).toMatchObject([
      { control: "beside.attributes-known", waiver: { reason: "looked at by the platform team" } },
    ]);
    expect(failing({ waivers }, "other")).toMatch(
      /it has changed since it was waived \[beside\.attributes-known\]; to waive it/,
    );
    const ended = synth({ waivers: [printed(message, "2026-01-31")] }, volume("scratch"));
    expect(ended.warnings).toContain("its waiver ended on 2026-01-31");
  }, 60_000);

  test("a server's own waiver counts as well as a platform's; each is in its entry", () => {
    const add = (mcp: HardenedMcp) =>
      new AppautoscalingScheduledAction(TerraformStack.of(mcp), "evening", {
        name: "evening",
        resourceId: mcp.servers["notes"]?.nodes.scaling?.resourceId ?? "",
        scalableDimension: "ecs:service:DesiredCount",
        serviceNamespace: "ecs",
        schedule: "cron(0 20 * * ? *)",
        scalableTargetAction: { minCapacity: "2", maxCapacity: "6" },
      });
    const control = "beside.run-by-us-alone";
    const place = "aws_appautoscaling_scheduled_action.evening";
    const before = synth({}, add);
    const found = verdicts(before.plan).find((one) => one.control === control && one.address === place);
    expect(found?.result).toBe("unknown");
    const waiver: BlockWaiver = { ...RIGHT, control, at: place, seen: found?.seen ?? "" };
    for (const config of [{ waivers: [waiver] }, { servers: { notes: goodServer({ waivers: [waiver] }) } }]) {
      const { plan } = synth(config, add);
      expect(readManifest(plan.source).flatMap(({ waivers }) => waivers)).toMatchObject([
        { field: "waivers", at: place },
      ]);
      expect(verdicts(plan).find((one) => one.control === control && one.address === place)?.result).toBe(
        "waived",
      );
    }
  }, 60_000);

  test("a part writes its own down, too", () => {
    const stack = new TerraformStack(new App({ outdir: mkdtempSync(join(tmpdir(), "waivers-")) }), "test");
    new AwsProvider(stack, "aws", { region: "eu-west-1" });
    new AuditArchive(stack, "audit", {
      name: "acme",
      environment: "dev",
      posture: "sandbox",
      waivers: [RIGHT],
    });
    expect(readManifest(stack.toTerraform() as TerraformJson)[0]?.waivers).toMatchObject([
      { at: RIGHT.at, seen: RIGHT.seen },
    ]);
  });
});
