import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformOutput, TerraformVariable } from "cdktf";
import { decommission, HardenedMcp, type HardenedMcpConfig } from "../../lib";
import type { ExistingArchiveConfig } from "../../lib/audit/config";
import { givenArchiveControls } from "../../lib/audit/given-controls";
import { CONTROLS } from "../../lib/checklist/controls";
import { judgePlan } from "../../lib/checklist/engine";
import { endings } from "../../lib/checklist/ending";
import { readManifest } from "../../lib/checklist/manifest";
import { resolveHardenedMcp } from "../../lib/model";
import { embedded, type Plan } from "../../lib/terraform/plan";
import { goodConfig, isTestToken, problemsOf, TOKEN } from "../support/config";
import { synthPlan, writtenPlan } from "../support/plan";
import { policed } from "../support/policies";
import { changed, changedData, judge, named } from "./judge";

const ARCHIVE = {
  kind: "existing",
  name: "org-log-archive",
  accountId: "210987654321",
  keyArn: "arn:aws:kms:eu-west-1:210987654321:key/0123abcd-0000-4000-8000-000000000001",
  folder: "mcp/acme/",
} as const satisfies ExistingArchiveConfig;

const config = (change: object = {}, rest: Partial<HardenedMcpConfig> = {}) =>
  goodConfig({ audit: { archive: { bucket: { ...ARCHIVE, ...change } } }, ...rest });

let owner: { bucketPolicy: string; keyStatement: string } | undefined;
const plan = writtenPlan((stack) => {
  owner = new HardenedMcp(stack, "mcp", config()).platform.audit.archiveOwner;
});
const unread = writtenPlan((stack) => void new HardenedMcp(stack, "mcp", config({ read: "never" })));
const STREAM = "aws_kinesis_firehose_delivery_stream";
const data = (of: Plan, type: string) =>
  of.all.filter((block) => block.mode === "data" && block.type === type);
const to = (of: Plan) => of.blocks(STREAM)[0]?.body["extended_s3_configuration"] as Record<string, unknown>;
const verdicts = (of: Plan) => judgePlan(of, CONTROLS, { asOf: "2026-11-26" });

describe("an archive that is there", () => {
  test("is not made, nor a key or a record of readers for it", () => {
    const buckets = plan.blocks("aws_s3_bucket").map(({ path }) => path);
    expect(buckets.filter((path) => path.includes("/audit/"))).toEqual([]);
    expect(plan.blocks("aws_s3_bucket_object_lock_configuration")).toEqual([]);
  });
  test("is written to in its folder, under its owner's key, once it was read", () => {
    const [bucket] = data(plan, "aws_s3_bucket");
    const [policy] = data(plan, "aws_s3_bucket_policy");
    expect(to(plan)).toMatchObject({
      bucket_arn: `\${${bucket?.address}.arn}`,
      kms_key_arn: ARCHIVE.keyArn,
      prefix: "mcp/acme/audit/!{timestamp:yyyy/MM/dd}/",
      error_output_prefix: "mcp/acme/failed/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd}/",
    });
    expect(plan.blocks(STREAM)[0]?.body["depends_on"]).toContain(policy?.address);
  });
  test("by a role that may write that folder of that account's bucket, and nothing else there", () => {
    const bucket = `\${${data(plan, "aws_s3_bucket")[0]?.address}.arn}`;
    const role = plan.target(to(plan)["role_arn"]);
    const [rights] = plan
      .blocks("aws_iam_role_policy")
      .filter(({ body }) => plan.target(body["role"]) === role);
    const ofOwner = { StringEquals: { "s3:ResourceAccount": "210987654321" } };
    expect((embedded(rights?.body["policy"]) as { Statement: object[] }).Statement.slice(0, 3)).toEqual([
      {
        Sid: "WriteObjects",
        Effect: "Allow",
        Action: ["s3:PutObject", "s3:AbortMultipartUpload"],
        Resource: [`${bucket}/mcp/acme/*`],
        Condition: ofOwner,
      },
      {
        Sid: "FindTheBucket",
        Effect: "Allow",
        Action: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
        Resource: [bucket],
        Condition: ofOwner,
      },
      {
        Sid: "EncryptObjects",
        Effect: "Allow",
        Action: ["kms:GenerateDataKey", "kms:Decrypt"],
        Resource: [ARCHIVE.keyArn],
        Condition: {
          StringEquals: { "kms:ViaService": expect.stringMatching(/^s3\./) },
          ArnLike: { "kms:EncryptionContext:aws:s3:arn": [bucket, `${bucket}/mcp/acme/*`] },
        },
      },
    ]);
  });
  test("that nobody here reads is named by its name, and waited for by nobody", () => {
    expect(data(unread, "aws_s3_bucket")).toEqual([]);
    expect(data(unread, "aws_s3_bucket_policy")).toEqual([]);
    expect(to(unread)["bucket_arn"]).toMatch(/^arn:\$\{.*\}:s3:::org-log-archive$/);
  });
  test("of another account is read by the provider of that account", () => {
    const there = synthPlan((stack) => {
      const archive = new AwsProvider(stack, "there", { region: "eu-west-1", alias: "there" });
      new HardenedMcp(stack, "mcp", config({}, { providers: { archive } }));
    });
    for (const type of ["aws_s3_bucket", "aws_s3_bucket_policy"])
      expect(data(there, type).map(({ body }) => body["provider"])).toEqual(["aws.there"]);
    expect(there.blocks(STREAM).map(({ body }) => body["provider"])).toEqual([undefined]);
  });
  test("has no part in what a deployment leaves behind", () => {
    const ended = synthPlan((stack) =>
      decommission(new HardenedMcp(stack, "mcp", config({}, { lifecycle: "disposable" }))),
    );
    expect(ended.all).toEqual([]);
    expect((ended.source as { removed?: unknown[] }).removed ?? []).toEqual([]);
  });
  test("is its owner's, says whoever is told how a deployment ends", () =>
    expect(endings([{ declared: readManifest(plan.source) } as never])).toEqual([
      expect.stringMatching(/which leaves the archive, which is its owner's, as it is$/),
    ]));
});

describe("what its owner has to write", () => {
  const policy = () => JSON.parse(owner?.bucketPolicy ?? "") as { Statement: Record<string, unknown>[] };
  test("denies everybody but the role, deleting by all, and what is not over TLS", () =>
    expect(policy().Statement.map(({ Sid, Effect }) => `${String(Effect)} ${String(Sid)}`)).toEqual([
      "Deny NobodyDeletesOrUnlocks",
      "Deny OnlyDeliveryWrites",
      "Allow DeliveryWrites",
      "Allow DeliveryFindsTheBucket",
      "Deny TlsOnly",
      "Deny Tls12OrLater",
    ]));
  test("is about this deployment's folder, and lets in this account's role alone", () => {
    const objects = policy().Statement.flatMap(({ Resource }) => Resource as string[]);
    expect(objects.filter((one) => !/:s3:::org-log-archive(\/mcp\/acme\/\*)?$/.test(one))).toEqual([]);
    const key = JSON.parse(owner?.keyStatement ?? "") as Record<string, never>;
    for (const statement of [policy().Statement[2], policy().Statement[3], key])
      expect(JSON.stringify(statement?.["Condition"])).toMatch(
        /"aws:PrincipalArn":"[^"*]*role\/acme-test-audit-delivery"/,
      );
    expect(key["Action"]).toEqual(["kms:GenerateDataKey", "kms:Decrypt"]);
  });
  test("stands in the docs", () => {
    let written: { bucketPolicy: string; keyStatement: string } | undefined;
    const rest = { environment: "prod", posture: "production" } as const;
    const { source } = writtenPlan((stack) => {
      const mcp = new HardenedMcp(stack, "mcp", config({ folder: "mcp/acme-prod/" }, rest));
      written = mcp.platform.audit.archiveOwner;
      for (const [name, value] of Object.entries(written ?? {}))
        new TerraformOutput(stack, name, { value: value as string });
    });
    const output = source["output"] as Record<keyof NonNullable<typeof written>, { value: string }>;
    const known = (text: string) =>
      text
        .replace(/\$\{data\.aws_partition[^}]*\}/g, "aws")
        .replace(/\$\{data\.aws_caller_identity[^}]*\}/g, "123456789012")
        .replace(/\$\{data\.aws_region[^}]*\}/g, "eu-west-1");
    const docs = readFileSync(join(__dirname, "..", "..", "docs", "composition.md"), "utf8");
    const blocks = [...docs.matchAll(/```json\n([\s\S]*?)```/g)].map(
      ([, text = ""]) => JSON.parse(text) as unknown,
    );
    for (const each of ["bucketPolicy", "keyStatement"] as const)
      expect(blocks).toContainEqual(JSON.parse(known(output[each].value)));
  });
  test("is nothing where the archive is made here", () =>
    void synthPlan((stack) => {
      expect(new HardenedMcp(stack, "mcp", goodConfig()).platform.audit.archiveOwner).toBeUndefined();
    }));
});

describe("the checklist", () => {
  const IDS = ["locked", "encrypted", "private", "denials", "readers", "one-writer"].map(
    (id) => `audit.archive-${id}`,
  );
  test.each(IDS)("does not pass %s unseen, and names what its owner has to show", (id) => {
    const [verdict, ...more] = verdicts(plan).filter(({ control }) => control === id);
    expect(more).toEqual([]);
    expect(verdict).toMatchObject({
      result: "unknown",
      detail: expect.stringMatching(
        /^the archive is given, and kept by somebody else, who has to show .*: aws s3api get-[a-z-]+ --bucket org-log-archive$/,
      ),
    });
  });
  test("fails at nothing, and still asks for everything that is made here", () => {
    for (const each of [plan, unread])
      expect(verdicts(each).filter(({ result }) => result === "fail")).toEqual([]);
    const lost = changed(plan, STREAM, (body) => delete body["server_side_encryption"]);
    expect(
      verdicts(lost)
        .filter(({ result }) => result === "fail")
        .map(({ control }) => control),
    ).toContain("audit.delivery-encrypted");
  });
  test("holds the role against the folder and the owner", () => {
    const wide = (change: (statement: Record<string, unknown>) => void) =>
      verdicts(
        policed(
          plan,
          "aws_iam_role_policy",
          "policy",
          (one) => void (one.Sid === "WriteObjects" && change(one)),
        ),
      ).filter(({ control, result }) => control === "access.roles-fit" && result === "fail");
    expect(wide((one) => void delete one["Condition"])).toHaveLength(1);
    expect(
      wide((one) => void (one["Condition"] = { StringEquals: { "s3:ResourceAccount": "*" } })),
    ).toHaveLength(1);
    expect(wide((one) => void (one["Resource"] = ["arn:aws:s3:::org-log-archive/other/*"]))).toHaveLength(1);
  });

  describe("asks for the plan that stops", () => {
    const control = named(givenArchiveControls, "audit.given-archive-judged-at-plan");
    const says = (of: Plan) => judge(control, of)[0];
    type Post = { condition: string }[];
    const conditions = (type: string, change: (post: Post) => Post) =>
      changedData(plan, type, (body) => {
        const lifecycle = body["lifecycle"] as { postcondition: Post };
        body["lifecycle"] = { postcondition: change(lifecycle.postcondition) };
      });
    test("and holds as built", () => expect(says(plan)).toEqual({ holds: true }));
    test("where nobody reads it, nobody can tell", () =>
      expect(says(unread)).toMatchObject({ holds: "unknown" }));
    test.each<[string, string, () => Plan]>([
      ["its region", "be in the deployment's region", () => conditions("aws_s3_bucket", () => [])],
      [
        "the policy at all",
        "deny s3:DeleteObject",
        () =>
          changedData(
            plan,
            "aws_s3_bucket_policy",
            (_body, all) => void delete all[Object.keys(all)[0] as string],
          ),
      ],
      ...["deny s3:DeleteObject", "deny s3:PutObject", "deny s3:* ", "let nobody in"].map(
        (begin, index): [string, string, () => Plan] => [
          begin,
          begin.trim(),
          () => conditions("aws_s3_bucket_policy", (post) => post.filter((_one, at) => at !== index)),
        ],
      ),
      [
        "one that is always true",
        "deny s3:DeleteObject",
        () =>
          conditions("aws_s3_bucket_policy", ([first, ...rest]) => [
            { ...first, condition: "${true}" },
            ...rest,
          ]),
      ],
      [
        "one writer: it names another",
        "deny s3:PutObject",
        () =>
          conditions("aws_s3_bucket_policy", (post) =>
            post.map((one) => ({
              ...one,
              condition: one.condition.replace(/acme-test-audit-delivery/g, "somebody"),
            })),
          ),
      ],
      [
        "the policy of another bucket",
        "deny s3:DeleteObject",
        () => changedData(plan, "aws_s3_bucket_policy", (body) => void (body["bucket"] = "another")),
      ],
    ])("%s", (_what, found, build) =>
      expect(says(build())).toEqual({ holds: false, says: expect.stringContaining(found) }),
    );
  });
});

describe("what cannot be is refused by name", () => {
  const asks = (change: object, rest: Partial<HardenedMcpConfig> = {}, archive: object = {}) =>
    problemsOf(() =>
      resolveHardenedMcp(
        goodConfig({
          audit: { archive: { bucket: { ...ARCHIVE, ...change }, ...archive } as never },
          ...rest,
        }),
        isTestToken,
      ),
    );
  const provider = { terraformResourceType: "aws" } as never;
  test.each<[string, Parameters<typeof asks>, string[]]>([
    ["as it is", [{}], []],
    ["known only at deployment", [{ name: TOKEN, accountId: TOKEN, keyArn: TOKEN, folder: TOKEN }], []],
    ["all of a bucket", [{ folder: undefined }], []],
    ["its ARN", [{ name: "arn:aws:s3:::org-log-archive" }], ["audit.archive.bucket.name is"]],
    ["no name", [{ name: undefined }], ["audit.archive.bucket.name is missing"]],
    ["no owner", [{ accountId: undefined }], ["audit.archive.bucket.accountId is missing"]],
    ["an owner by name", [{ accountId: "logs" }], ['audit.archive.bucket.accountId is "logs"']],
    ["no key", [{ keyArn: undefined }], ["audit.archive.bucket.keyArn is missing"]],
    ["an alias", [{ keyArn: "alias/logs" }], ["audit.archive.bucket.keyArn is"]],
    ["a folder without an end", [{ folder: "mcp" }], ['audit.archive.bucket.folder is "mcp"']],
    ["a folder with a pattern", [{ folder: "mcp/*/" }], ["audit.archive.bucket.folder is"]],
    [
      "a folder with Firehose's words",
      [{ folder: "!{firehose:random-string}/" }],
      ["audit.archive.bucket.folder is"],
    ],
    ["another way of reading", [{ read: "sometimes" }], ['audit.archive.bucket.read is "sometimes"']],
    ["a field that is none", [{ prefix: "x/" }], ["audit.archive.bucket.prefix is not a field here"]],
    [
      "what its owner decides",
      [{}, {}, { retainDays: 30, mode: "COMPLIANCE" }],
      ["audit.archive.retainDays is set for a bucket", "audit.archive.mode is set for a bucket"],
    ],
    [
      "a key of another region than the network's",
      [{ keyArn: ARCHIVE.keyArn.replace("eu-west-1", "us-east-1") }],
      ["audit.archive.bucket.keyArn is in us-east-1, the network in eu-west-1"],
    ],
    ["a provider that reads", [{}, { providers: { archive: provider } }], []],
    [
      "a provider that has nothing to do",
      [{ read: "never" }, { providers: { archive: provider } }],
      ["providers.archive is for reading a bucket"],
    ],
  ])("%s", (_name, args, begins) =>
    expect(asks(...args)).toEqual(begins.map((begin) => expect.stringContaining(begin))),
  );
  test("what is known only at deployment is handed on", () => {
    const later = writtenPlan((stack) => {
      const text = (name: string) => new TerraformVariable(stack, name, { type: "string" }).stringValue;
      const change = {
        name: text("name"),
        accountId: text("account"),
        keyArn: text("key"),
        folder: text("folder"),
      };
      new HardenedMcp(stack, "mcp", config(change));
    });
    expect(to(later)["prefix"]).toBe("${var.folder}audit/!{timestamp:yyyy/MM/dd}/");
    expect(verdicts(later).filter(({ result }) => result === "fail")).toEqual([]);
  });
});
