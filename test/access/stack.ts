import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { HardenedMcp } from "../../lib/hardened-mcp";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";
import { goodConfig, goodServer } from "../support/config";
import { ACCOUNT, REGION } from "../support/deployed-policies";

const HERE = `${REGION}:${ACCOUNT}`;
/** What the server of this stack is granted lies in these. */
export const ARN = {
  bucket: "arn:aws:s3:::acme-orders",
  table: `arn:aws:dynamodb:${HERE}:table/baskets`,
  queue: `arn:aws:sqs:${HERE}:jobs`,
  secret: `arn:aws:secretsmanager:${HERE}:secret:partner-AbCdEf`,
  key: `arn:aws:kms:${HERE}:key/1234abcd-12ab-34cd-56ef-1234567890ab`,
  userBucket: "arn:aws:s3:::acme-users",
  userTable: `arn:aws:dynamodb:${HERE}:table/notes`,
} as const;

interface Iam {
  readonly path?: string;
  readonly boundaryArn?: string;
}

/** A server with a grant of every kind, windows, and users told apart. */
export function grantStack(iam: Iam = { path: "/mcp/" }): Plan {
  const outdir = mkdtempSync(join(tmpdir(), "grants-"));
  const file = readFileSync(writeGrantStack(outdir, iam), "utf8");
  rmSync(outdir, { recursive: true });
  return new Plan(JSON.parse(file) as TerraformJson);
}

/** The same, written into a folder with its assets. Gives the path of its `cdk.tf.json`. */
export function writeGrantStack(outdir: string, iam: Iam = { path: "/mcp/" }): string {
  // Not `Testing.synth`, which leaves out what constructs say of themselves.
  const app = new App({ outdir });
  const stack = new TerraformStack(app, "test");
  new AwsProvider(stack, "aws", { region: "eu-west-1" });
  new HardenedMcp(
    stack,
    "mcp",
    goodConfig({
      iam,
      servers: {
        notes: goodServer({
          windows: {
            "month-end": [
              { from: "2026-12-31T20:00Z", to: "2026-12-31T23:00Z" },
              { from: "2027-01-31T20:00Z", to: "2027-01-31T23:00:30Z" },
            ],
          },
          grants: {
            Receipts: {
              kind: "s3",
              bucketArn: ARN.bucket,
              prefix: "receipts/",
              access: "read",
              list: true,
              keyArn: ARN.key,
              because: "search shows receipts",
            },
            Uploads: {
              kind: "s3",
              bucketArn: ARN.bucket,
              prefix: "uploads/",
              access: "write",
              because: "attach stores files",
            },
            Baskets: {
              kind: "dynamodb",
              tableArn: ARN.table,
              leadingKeys: ["shop"],
              access: "read",
              because: "search shows baskets",
            },
            Jobs: { kind: "sqs", queueArn: ARN.queue, may: "send", because: "search queues a job" },
            Ledger: {
              kind: "rdsIam",
              resourceId: "db-LEDGER",
              dbUser: "reader",
              access: "read",
              because: "search reads the ledger",
            },
            Posting: {
              kind: "rdsIam",
              resourceId: "db-LEDGER",
              dbUser: "writer",
              access: "write",
              window: "month-end",
              because: "refund posts to the ledger",
            },
            Partner: {
              kind: "secret",
              secretArn: ARN.secret,
              access: "read",
              keyArn: ARN.key,
              because: "the partner's key changes often",
            },
          },
          isolation: {
            may: {
              Files: {
                kind: "s3",
                bucketArn: ARN.userBucket,
                prefix: "users/",
                access: "read",
                list: true,
                keyArn: ARN.key,
                because: "notes of one user",
              },
              Items: {
                kind: "dynamodb",
                tableArn: ARN.userTable,
                access: "write",
                deletes: true,
                because: "notes of one user",
              },
              Tokens: { kind: "secrets", prefix: "acme/users/", because: "each user's own token" },
            },
          },
        }),
      },
    }),
  );
  app.synth();
  return join(outdir, "stacks", "test", "cdk.tf.json");
}
