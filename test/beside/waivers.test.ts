import Ajv2020 from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { NO_BLOCK } from "../../lib/checklist/engine";
import { FORMATS } from "../../lib/checklist/formats";
import { type Report } from "../../lib/checklist/report";
import { REPORT_SCHEMA } from "../../lib/checklist/report-schema";
import { type TerraformJson } from "../../lib/terraform/plan";
import { IN, one, several } from "../addition/added";
import {
  AT,
  attachment,
  at,
  file,
  FUNCTION,
  judged,
  partner,
  role,
  ROLES,
  seen,
  waiving,
  type Source,
} from "./waived";

describe("a finding at a block that somebody has looked at", () => {
  const waived = waiving(partner, seen(partner));

  test("is waived there, with reason and end, and nothing else is", () => {
    expect(at(waived)).toMatchObject({
      result: "waived",
      waiver: { field: "waivers", reason: "seen by both of us", until: "2027-03-31", lapsed: false },
    });
    const results = ({ verdicts }: Report) =>
      verdicts.map(({ control, address, result }) => [control, address, result]);
    const others = (all: unknown[][]) =>
      all.filter(([control, address]) => control !== ROLES || address !== AT);
    expect(others(results(judged(waived)))).toEqual(others(results(judged(partner))));
  });
  test("is told with what to write, and with nothing once it is written", () => {
    const { seen: digest } = at(partner);
    const written = `{ control: "${ROLES}", at: "${AT}", seen: "${digest}", waive: "why", until: "YYYY-MM-DD" }`;
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    for (const format of ["table", "markdown"] as const) {
      expect(FORMATS[format](judged(partner))).toContain(`to waive it, write into waivers: ${written}`);
      expect(FORMATS[format](judged(waived))).not.toContain("to waive it");
    }
  });
  test("shows as waived in every format", () => {
    const all = judged(waived);
    const reason = "seen by both of us";
    expect(FORMATS.table(all)).toMatch(
      new RegExp(`WAIVED .*\\[${ROLES}\\]\\n +${AT}: waived until 2027-03-31: ${reason}`),
    );
    expect(FORMATS.markdown(all)).toMatch(
      new RegExp(`\\| waived \\| .*${ROLES}.*waived until 2027-03-31: ${reason}`),
    );
    expect(FORMATS.html(all)).toContain(`waived until 2027-03-31: ${reason}`);
    expect(FORMATS.junit(all)).toMatch(new RegExp(`name="${AT}" time="0"><skipped message="[^"]*${reason}`));
    const { runs } = JSON.parse(FORMATS.sarif(all)) as { runs: { results: Record<string, unknown>[] }[] };
    const suppressed = runs[0]?.results.filter(({ suppressions }) => suppressions !== undefined);
    expect(suppressed).toHaveLength(1);
    expect(suppressed?.[0]).toMatchObject({ ruleId: ROLES, suppressions: [{ justification: reason }] });
    const { verdicts } = JSON.parse(FORMATS.json(all)) as Report;
    expect(verdicts.filter(({ result }) => result === "waived")).toHaveLength(1);
  });
  test("is what the schema of the report has, waived or not", () => {
    const isValid = addFormats(new Ajv2020({ strict: false })).compile(REPORT_SCHEMA);
    for (const source of [partner, waived]) {
      isValid(JSON.parse(FORMATS.json(judged(source))));
      expect(isValid.errors).toBeNull();
    }
  });
  test("is waived to its last day", () => {
    expect(at(waived, ROLES, AT, "2027-03-31").result).toBe("waived");
    const after = at(waived, ROLES, AT, "2027-04-01");
    expect(after).toMatchObject({
      result: "unknown",
      detail: expect.not.stringContaining("changed") as string,
    });
    const door = file.with(
      one("aws_lambda_permission", {
        function_name: `\${${FUNCTION}.function_name}`,
        action: "lambda:*",
        principal: "*",
      }),
    );
    const running = seen(door, "beside.run-by-us-alone", "aws_lambda_permission.added");
    expect(at(waiving(door, running), running.control, running.at, "2027-04-01")).toMatchObject({
      ...{ result: "fail", waiver: { lapsed: true } },
      detail: expect.stringMatching(/; its waiver ended on 2027-03-31$/) as string,
    });
  });
  test("by the waiver of any construct of ours in the file, and by no shorter reason", () => {
    expect(at(waiving(partner, { ...seen(partner), reason: "because" })).result).toBe("unknown");
    expect(at(waiving(partner, { ...seen(partner), until: "2027-02-30" })).result).toBe("unknown");
  });
});

describe("a waiver holds for what was seen alone", () => {
  const body = { policy_arn: "arn:aws:iam::aws:policy/ReadOnlyAccess" };
  const waiver = seen(partner);
  const CHANGED = /; it has changed since it was waived$/;

  test("not once the block says something else: the report says so, and has the new digest", () => {
    const other = waiving(
      file.with(attachment({ policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess" }), "complete/beside"),
      waiver,
    );
    const found = at(other);
    expect(found).toMatchObject({ result: "unknown", detail: expect.stringMatching(CHANGED) as string });
    expect(found.seen).not.toBe(waiver.seen);
    expect(FORMATS.table(judged(other))).toContain(`seen: "${found.seen}"`);
    expect(at(waiving(other, { ...waiver, seen: found.seen ?? "" })).result).toBe("waived");
  });
  test.each<[string, object, boolean]>([
    ["a tag", { tags: { owner: "partner" } }, true],
    ["how it is replaced", { lifecycle: { create_before_destroy: true } }, true],
    ["what is no longer kept up", { lifecycle: { ignore_changes: ["policy_arn"] } }, false],
    ["how many there are", { count: 2 }, false],
    ["another provider", { provider: "aws.other" }, false],
    ["a command", { provisioner: [{ "local-exec": { command: "sh x" } }] }, false],
  ])("after a change of %s", (_what, more, holds) => {
    const after = waiving(file.with(attachment({ ...body, ...more }), "complete/elsewhere"), waiver);
    expect(at(after).result === "waived").toBe(holds);
  });
  test("whatever the order of its fields", () => {
    const turned = one("aws_iam_role_policy_attachment", { ...body, role });
    expect(at(waiving(file.with(turned, "complete/beside"), waiver)).result).toBe("waived");
  });
  test("not under another address, even if it says the same", () => {
    const renamed = waiving(file.with(attachment(body, "renamed")), waiver);
    const found = at(renamed, ROLES, "aws_iam_role_policy_attachment.renamed");
    expect(found).toMatchObject({ result: "unknown", detail: expect.not.stringMatching(CHANGED) as string });
    const moved = waiving(renamed, { ...waiver, at: "aws_iam_role_policy_attachment.renamed" });
    expect(at(moved, ROLES, "aws_iam_role_policy_attachment.renamed").result).toBe("unknown");
  });
  test("of a block that is gone is told until its last day, and excuses nothing", () => {
    const gone = waiving(file.source, waiver);
    expect(at(gone)).toMatchObject({
      result: "waived",
      detail: NO_BLOCK,
      waiver: { reason: "seen by both of us", lapsed: false },
    });
    expect(FORMATS.table(judged(gone))).toContain(
      `${AT}: waived until 2027-03-31: seen by both of us (${NO_BLOCK})`,
    );
    for (const format of ["markdown", "html", "junit", "sarif", "json"] as const)
      expect(FORMATS[format](judged(gone))).toContain(NO_BLOCK);
    const all = judged(file.source).counts;
    expect(judged(gone).counts).toEqual({ ...all, waived: all.waived + 1 });
    expect(judged(gone, "2027-04-01").counts).toEqual(all);
    const other = waiving(file.source, { ...waiver, control: "task.nothing-added" });
    expect(judged(other).counts).toEqual(all);
    expect(judged(waiving(file.source, { ...waiver, reason: "because" })).counts).toEqual(all);
  });
  test("of two blocks that say the same for one", () => {
    const two = file.with(several(attachment(body), attachment(body, "second")), "complete/beside");
    const after = waiving(
      {
        ...two,
        resource: {
          ...two.resource,
          aws_iam_role_policy_attachment: {
            ...two.resource?.["aws_iam_role_policy_attachment"],
            ...attachment(body)["aws_iam_role_policy_attachment"],
            ...attachment(body, "second")["aws_iam_role_policy_attachment"],
          },
        },
      },
      waiver,
    );
    expect([at(after).result, at(after, ROLES, "aws_iam_role_policy_attachment.second").result]).toEqual([
      "waived",
      "unknown",
    ]);
  });
  test("not for a second body under the same address", () => {
    const source = JSON.parse(JSON.stringify(waiving(partner, waiver))) as Source;
    const all = source["resource"]?.["aws_iam_role_policy_attachment"] as Record<string, unknown>;
    all["added"] = [all["added"], { role, policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess" }];
    expect(
      judged(source as TerraformJson).verdicts.filter(
        ({ control, address, result }) => control === ROLES && address === AT && result === "waived",
      ),
    ).toEqual([]);
  });
  test("of two controls for the one that it names", () => {
    const target = file.with(
      one("aws_cloudwatch_event_target", {
        rule: file.ref(IN.failedRule, "name"),
        arn: `\${${FUNCTION}.arn}`,
      }),
    );
    const address = "aws_cloudwatch_event_target.added";
    const [records, running] = ["beside.records-as-made", "beside.run-by-us-alone"];
    const both = (source: TerraformJson) =>
      [records, running].map((control) => at(source, control, address).result);
    expect(both(target)).toEqual(["unknown", "unknown"]);
    const first = seen(target, records, address);
    expect(both(waiving(target, first))).toEqual(["waived", "unknown"]);
    // The digest of the one is not that of the other.
    expect(both(waiving(target, { ...first, control: running }))).toEqual(["unknown", "unknown"]);
  });
  test("one of several digests is enough", () => {
    expect(at(waiving(partner, { ...waiver, seen: `sha256:${"0".repeat(64)}` }, waiver)).result).toBe(
      "waived",
    );
  });
});
