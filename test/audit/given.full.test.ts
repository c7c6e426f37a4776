import { TerraformOutput } from "cdktf";
import { HardenedMcp } from "../../lib";
import { GivenArchive } from "../../lib/audit/given-archive";
import { testDeployment } from "../support/plan";
import { planSays, validated, withoutVersion6, writeStack } from "../support/provider-run";
import { REAL_VERSION, realSchema } from "../support/schema/real";
import { readStack } from "../support/terraform";
import { describeWith } from "../support/toolchain";
import { behind, logged } from "../tokens/corpus-given";

/** Seconds a plan may take; the real provider's first schema takes longer. */
const BUDGET_S = 60;
const FIRST_SCHEMA_S = 120;

const WRITER = "arn:aws:iam::123456789012:role/acme-test-audit-delivery";

describeWith(["terraform"], "an archive that is there, as Terraform reads it", () => {
  let file: string;
  let policy: string;
  beforeAll(async () => {
    await realSchema();
    file = writeStack("given-archive-written", (stack) => {
      const { owner } = new GivenArchive(stack, "archive", {
        on: testDeployment(stack),
        writerArn: WRITER,
        provider: undefined,
        slice: {
          kind: "existing",
          name: "org-log-archive",
          accountId: "210987654321",
          keyArn: "arn:aws:kms:eu-west-1:210987654321:key/0123abcd-0000-4000-8000-000000000001",
          folder: "mcp/acme/",
          read: "at-plan",
        },
      });
      new TerraformOutput(stack, "owner", { value: owner.bucketPolicy });
    });
    const { output } = readStack(file) as unknown as { output: { owner: { value: string } } };
    policy = output.owner.value
      .replace(/\$\{data\.aws_partition[^}]*\}/g, "aws")
      .replace(/\$\{data\.aws_caller_identity[^}]*\}/g, "123456789012");
  }, FIRST_SCHEMA_S * 1000);

  /** What a plan says, where AWS answers with this policy and region. */
  const says = (answer: string, region = "eu-west-1") =>
    planSays(file, "given-archive", {
      aws_caller_identity: { account_id: "123456789012" },
      aws_partition: { partition: "aws" },
      aws_region: { id: "eu-west-1" },
      aws_s3_bucket: { bucket_regional_domain_name: `org-log-archive.s3.${region}.amazonaws.com` },
      aws_s3_bucket_policy: { policy: answer },
    });

  it.each([
    ["with a load balancer that is there", behind],
    ["with a bucket for logs that is there", logged],
  ])(
    `provider ${REAL_VERSION} takes a deployment %s`,
    async (_what, config) => {
      const whole = writeStack("given-archive-whole", (stack) => void new HardenedMcp(stack, "mcp", config));
      expect(await validated(await withoutVersion6(whole), "given-archive-validate")).toEqual([]);
    },
    BUDGET_S * 1000,
  );

  it(
    "passes where its owner has written what was handed over",
    async () => expect(await says(policy)).toBe("nothing"),
    BUDGET_S * 1000,
  );

  it(
    "stops where deleting is denied no longer",
    async () =>
      expect(await says(policy.replace("s3:DeleteObjectVersion", "s3:GetObject"))).toMatch(
        /The bucket org-log-archive is not fit for the audit archive: its policy has to deny s3:DeleteObject/,
      ),
    BUDGET_S * 1000,
  );

  it(
    "stops where it is in another region",
    async () =>
      expect(await says(policy, "us-east-1")).toMatch(
        /The bucket org-log-archive is not fit for the audit archive: it has to be in the deployment's region/,
      ),
    BUDGET_S * 1000,
  );
});
