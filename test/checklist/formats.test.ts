import type { Control } from "../../lib/checklist/control";
import { fails, HOLDS, unknown } from "../../lib/checklist/control";
import { FORMATS } from "../../lib/checklist/formats";
import { report, type Report } from "../../lib/checklist/report";
import { MANIFEST_KEY } from "../../lib/checklist/manifest";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";

const control: Control = {
  id: "store.bucket-encrypted",
  waivedBy: "store.encryption",
  item: 6,
  says: 'Every <bucket> is "encrypted" & locked',
  why: "A lost disk | tells nothing then.",
  on: ["aws_s3_bucket"],
  judge: ({ body }) =>
    body.says === undefined ? HOLDS : body.says === "?" ? unknown("a token") : fails(String(body.says)),
  maps: { checkov: ["CKV_AWS_145"] },
};
const absent: Control = { ...control, id: "store.table-encrypted", on: ["aws_dynamodb_table"] };

const json = {
  "//": {
    [MANIFEST_KEY]: {
      "stack/w": {
        kind: "part",
        waivers: [{ field: "store.encryption", reason: "only <demo> data", until: "2026-12-31" }],
      },
    },
  },
  resource: {
    aws_s3_bucket: {
      good: {},
      bad: { says: 'key "k" is <weak> & | short\u0007' },
      odd: { says: "?" },
      waived: { says: "no key", "//": { metadata: { path: "stack/w/b" } } },
    },
  },
} as unknown as TerraformJson;
const sources = [{ stack: "one", file: "cdktf.out/stacks/one x/cdk.tf.json", plan: new Plan(json) }];
const full: Report = report(sources, [control, absent], "2026-11-25");

describe("the document", () => {
  test("counts every verdict once and says whether all is well", () => {
    const { "not-built": notBuilt, ...counts } = full.counts;
    expect(counts).toEqual({ pass: 1, fail: 1, waived: 1, unknown: 1, "not-applicable": 1 });
    expect(notBuilt).toBe(0);
    expect(full.ok).toBe(false);
    expect(full.items[5]).toMatchObject({ item: 6, result: "fail", counts: { pass: 1, fail: 1, waived: 1 } });
  });
  test("is well when nothing fails and nothing is left unbuilt", () => {
    const theirs = new Plan({ resource: { aws_s3_bucket: { good: {}, odd: { says: "?" } } } });
    expect(report([{ stack: "a", file: "a", plan: theirs }], [control], "2026-11-25").ok).toBe(true);
  });
  test("says once what is not built, however many stacks there are", () => {
    const twice = report(
      [...sources, { ...(sources[0] as (typeof sources)[0]), stack: "two" }],
      [],
      "2026-11-25",
    );
    expect(twice.counts["not-built"]).toBe(full.counts["not-built"]);
  });
  test("is what --format json writes", () => {
    expect(JSON.parse(FORMATS.json(full))).toEqual(JSON.parse(JSON.stringify(full)));
  });
});

describe("how a deployment is ended on purpose", () => {
  const declared = (lifecycle: string, kind = "platform") =>
    report(
      [
        {
          stack: "one",
          file: "f",
          plan: new Plan({
            "//": {
              [MANIFEST_KEY]: { "one/mcp": { kind, deployment: "acme-prod", lifecycle, waivers: [] } },
            },
          } as unknown as TerraformJson),
        },
      ],
      [],
      "2026-11-25",
    );
  test.each(["table", "markdown", "html"] as const)("is told in %s, both steps of it", (format) => {
    const text = FORMATS[format](declared("protected"));
    expect(text).toMatch(/acme-prod is protected: .*deletionProtection .*then decommission\(…\)/);
    expect(FORMATS[format](declared("disposable"))).toMatch(/acme-prod is disposable: decommission\(…\)/);
    expect(FORMATS[format](declared("protected", "server"))).not.toContain("decommission");
  });
});

describe("for people", () => {
  test.each(["table", "markdown"] as const)(
    "%s shows what is not a pass, with the reason, and the sum",
    (format) => {
      const text = FORMATS[format](full);
      // Markdown is read as markup, where it is shown.
      const less = format === "markdown" ? "&lt;" : "<";
      for (const part of [
        "aws_s3_bucket.bad",
        `is ${less}weak>`,
        `waived until 2026-12-31: only ${less}demo> data`,
        "a token",
      ]) {
        expect(text).toContain(part);
      }
      expect(text).not.toContain("aws_s3_bucket.good");
      expect(text).toContain("1 pass, 1 fail, 1 waived, 1 unknown");
    },
  );
  test("a cell of Markdown stays one cell", () => {
    const line = FORMATS.markdown(full)
      .split("\n")
      .find((each) => each.includes("aws_s3_bucket.bad"));
    expect(line?.match(/(?<!\\)\|/g)).toHaveLength(5);
  });
});

describe("SARIF 2.1.0", () => {
  const log = JSON.parse(FORMATS.sarif(full)) as {
    version: string;
    runs: {
      tool: { driver: { name: string; rules: { id: string }[] } };
      results: {
        ruleId: string;
        ruleIndex: number;
        kind: string;
        level: string;
        message: { text: string };
        locations: [{ physicalLocation: { artifactLocation: { uri: string } } }];
        suppressions?: object[];
      }[];
    }[];
  };
  const [run] = log.runs;
  test("every result has a rule, a kind with the level it allows, and a message", () => {
    expect(log.version).toBe("2.1.0");
    expect(run?.results).toHaveLength(full.verdicts.length);
    for (const { ruleId, ruleIndex, kind, level, message } of run?.results ?? []) {
      expect(run?.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
      expect(["pass", "fail", "open", "notApplicable"]).toContain(kind);
      // §3.27.10: a level other than none belongs to failures.
      expect(level === "none").toBe(kind !== "fail");
      expect(message.text).not.toBe("");
    }
  });
  test("a waived failure is suppressed with its reason", () => {
    const suppressed = run?.results.filter(({ suppressions }) => suppressions !== undefined);
    expect(suppressed).toEqual([
      expect.objectContaining({
        suppressions: [{ kind: "external", status: "accepted", justification: "only <demo> data" }],
      }),
    ]);
  });
  test("files are relative references", () => {
    const uri = run?.results[0]?.locations[0].physicalLocation.artifactLocation.uri;
    expect(uri).toBe("cdktf.out/stacks/one%20x/cdk.tf.json");
  });
});

describe("JUnit", () => {
  const xml = FORMATS.junit(full);
  test("is well-formed XML", () => expect(elements(xml)).toContain("testcase"));
  test("counts what it holds", () => {
    const [, tests, failures, skipped] = /tests="(\d+)" failures="(\d+)" skipped="(\d+)"/.exec(xml) ?? [];
    expect([tests, failures, skipped].map(Number)).toEqual([
      full.verdicts.length,
      full.counts.fail + full.counts["not-built"],
      3,
    ]);
    expect(xml.match(/<failure /g)).toHaveLength(Number(failures));
    expect(xml.match(/<skipped /g)).toHaveLength(Number(skipped));
  });
  test("has no character that XML has no place for", () => expect(xml).not.toContain("\u0007"));
});

/** Names of the elements; throws where tags are not closed in order or a text holds markup. */
function elements(xml: string): string[] {
  const [open, seen]: [string[], string[]] = [[], []];
  const rest = xml
    .replace(/^<\?xml [^?]*\?>/, "")
    .replace(
      /<(\/?)([a-z]+)((?: [a-z]+="[^"<]*")*)(\/?)>/g,
      (_all, close: string, name: string, _a, empty: string) => {
        if (close !== "") expect(open.pop()).toBe(name);
        else if (empty === "") open.push(name);
        seen.push(name);
        return "";
      },
    );
  expect(open).toEqual([]);
  expect(rest).not.toMatch(/[<>]|&(?!amp;|lt;|gt;|quot;)/);
  return seen;
}
