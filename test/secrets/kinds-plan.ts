import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, TerraformStack } from "cdktf";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { HardenedMcpConfig, ServerConfig } from "../../lib/config";
import { HardenedMcp } from "../../lib/hardened-mcp";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";
import { goodConfig, goodServer } from "../support/config";
import { ADMIN, ADMIN_KEY, LOGIN, SYNCED, WAY, WRITER } from "./kinds-fixture";

export const SYNCED_KEY = "arn:aws:kms:eu-west-1:123456789012:key/sync";
export const REPORTS_ADMIN = ADMIN.replace("ledger", "reports");

/** A server with a secret of every kind that it can ask for. */
export const EVERY_KIND: Pick<ServerConfig, "secrets" | "downstream"> = {
  secrets: {
    ledger: LOGIN,
    reports: {
      ...LOGIN,
      kind: "mysql",
      env: "REPORTS",
      inject: "json",
      host: "reports.example.com",
      database: "reports",
      role: "reports_app",
      adminSecretArn: REPORTS_ADMIN,
      adminKeyArn: ADMIN_KEY,
      reach: { cidr: "10.9.0.0/24" },
    },
    cache: {
      kind: "generated",
      env: "CACHE_URL",
      template: { url: "rediss://:{{value}}@cache.example.com:6379" },
      inject: "url",
    },
    crm: { ...SYNCED, keyArn: SYNCED_KEY, field: "token", writer: WRITER },
  },
  downstream: {
    ...WAY,
    reports: { to: { cidr: "10.9.0.0/24" }, port: 3306, because: "search reads reports" },
  },
};

/** A whole deployment with such a server. */
export function everyKind(
  server: Partial<ServerConfig> = {},
  change: Partial<HardenedMcpConfig> = {},
): HardenedMcpConfig {
  return goodConfig({ servers: { notes: goodServer({ ...EVERY_KIND, ...server }) }, ...change });
}

/** Writes it into a folder; gives the path of its `cdk.tf.json`. */
export function writeEveryKind(outdir: string, ...config: Parameters<typeof everyKind>): string {
  const app = new App({ outdir });
  const stack = new TerraformStack(app, "kinds");
  new AwsProvider(stack, "aws", { region: "eu-west-1" });
  new HardenedMcp(stack, "mcp", everyKind(...config));
  app.synth();
  return join(outdir, "stacks", "kinds", "cdk.tf.json");
}

/** It as it is written, with what the constructs say of themselves. */
export function everyKindPlan(...config: Parameters<typeof everyKind>): Plan {
  const outdir = mkdtempSync(join(tmpdir(), "kinds-"));
  try {
    return new Plan(JSON.parse(readFileSync(writeEveryKind(outdir, ...config), "utf8")) as TerraformJson);
  } finally {
    rmSync(outdir, { recursive: true });
  }
}
