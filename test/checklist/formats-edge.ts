import { fails, HOLDS, unknown, type Control } from "../../lib/checklist/control";
import { MANIFEST_KEY } from "../../lib/checklist/manifest";
import { report, type Report, type ReportedVerdict } from "../../lib/checklist/report";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";

/** Texts that a writer of a format stumbles over: markup, entities, control characters, lone surrogates, other scripts. */
export const AWKWARD = [
  'key "k" is <weak> & | short',
  "an end ]]> of a section, &amp; an entity, --> a comment",
  "bell\u0007, escape\u001b[31m, null\u0000, tab\t, line\nfeed, return\r",
  "naïve café, 日本語, العربية, 🔐, \u202eright to left",
  "half a pair \ud83d alone, \udd10 and the other; \ufffe \uffff",
] as const;

const control: Control = {
  id: "store.bucket-encrypted",
  item: 6,
  waivedBy: "store.encryption",
  says: 'Every <bucket> is "encrypted" & locked',
  why: "A lost disk | tells nothing then: 日本語.",
  on: ["aws_s3_bucket"],
  judge: ({ body }) =>
    body.says === undefined ? HOLDS : body.says === "?" ? unknown("a token") : fails(String(body.says)),
  maps: { owasp: ["MCP07"], checkov: ["CKV_AWS_145"] },
};
const absent: Control = { ...control, id: "store.table-encrypted", on: ["aws_dynamodb_table"] };

const awkward = Object.fromEntries(AWKWARD.map((says, index) => [`b-${index}`, { says }]));
const json = {
  "//": {
    [MANIFEST_KEY]: {
      "stack/w": {
        kind: "part",
        waivers: [{ field: "store.encryption", reason: `only <demo> ${AWKWARD[2]}`, until: "2026-12-31" }],
      },
    },
  },
  resource: {
    aws_s3_bucket: {
      good: {},
      odd: { says: "?" },
      waived: { says: "no key", "//": { metadata: { path: "stack/w/b" } } },
      ...awkward,
    },
  },
} as unknown as TerraformJson;

/** What no part of this version leaves unbuilt has still to be written right. */
const notBuilt: ReportedVerdict = {
  control: "store.not-yet",
  item: 6,
  result: "not-built",
  says: "It is there",
  why: "It is needed.",
  detail: "it is not built",
  stack: 'a "stack" <of> & Ünïcode',
  file: "cdktf.out\\stacks\\ä b#1?x=%\\cdk.tf.json",
};

/** A report with every result, and with every awkward text in it. */
export const EDGE: Report = report(
  [{ stack: notBuilt.stack, file: notBuilt.file, plan: new Plan(json) }],
  [control, absent],
  "2026-11-25",
  [notBuilt],
);
