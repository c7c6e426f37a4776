import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { CloudflareProvider } from "@cdktf/provider-cloudflare/lib/provider";
import { App, TerraformStack, TerraformVariable } from "cdktf";
import { HardenedMcp, type HardenedMcpConfig } from "../../lib";
import type { Kind } from "./fields";
import { withValue, type Place } from "./places";

/** A place whose value is handed over as a variable of the stack. */
export interface Handed extends Place {
  readonly kind: Kind;
}

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

const TYPES = { text: "string", closed: "string", number: "number", boolean: "bool", list: "list(string)" };

/** A value as a user gets it from cdktf: known only at deployment. */
export function tokenOf(stack: TerraformStack, name: string, kind: Kind): unknown {
  const variable = new TerraformVariable(stack, name, { type: TYPES[kind] });
  if (kind === "list") return variable.listValue;
  if (kind === "number") return variable.numberValue;
  return kind === "boolean" ? variable.booleanValue : variable.stringValue;
}

/** What is written for a configuration in which these places are variables `t0`, `t1`, …, validations included. */
export function written(config: HardenedMcpConfig, handed: readonly Handed[]): Json {
  const outdir = mkdtempSync(join(tmpdir(), "tokens-"));
  try {
    const app = new App({ outdir });
    const stack = new TerraformStack(app, "test");
    new AwsProvider(stack, "aws", { region: "eu-west-1" });
    new CloudflareProvider(stack, "cloudflare");
    const changed = handed.reduce<unknown>(
      (all, { keys, kind }, index) => withValue(all, keys, tokenOf(stack, `t${index}`, kind)),
      config,
    );
    new HardenedMcp(stack, "mcp", changed as HardenedMcpConfig);
    app.synth();
    const file = JSON.parse(readFileSync(join(outdir, "stacks", "test", "cdk.tf.json"), "utf8")) as Record<
      string,
      Json
    >;
    delete file["variable"];
    delete file["terraform"];
    return file;
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** The same file with the variables' values in their places. */
export function filled(file: Json, handed: readonly Handed[]): Json {
  if (Array.isArray(file)) return file.map((item) => filled(item, handed));
  if (typeof file === "object" && file !== null)
    return Object.fromEntries(Object.entries(file).map(([key, item]) => [key, filled(item, handed)]));
  if (typeof file !== "string" || !file.includes("var.t")) return file;
  const [, whole] = /^\$\{var\.t(\d+)\}$/.exec(file) ?? [];
  if (whole !== undefined) return handed[Number(whole)]?.value as Json;
  return file
    .replace(/\$\{jsonencode\(var\.t(\d+)\)\}/g, (_all, index) =>
      JSON.stringify(handed[Number(index)]?.value),
    )
    .replace(/\$\{var\.t(\d+)\}/g, (_all, index) => String(handed[Number(index)]?.value));
}

/** Paths at which two files differ, with what stands there. */
export function differences(one: Json, other: Json, at = ""): string[] {
  // Terraform takes a number in a text for one.
  if (JSON.stringify(one) === JSON.stringify(other) || isSame(one, other)) return [];
  const bothObjects =
    typeof one === "object" &&
    typeof other === "object" &&
    one !== null &&
    other !== null &&
    Array.isArray(one) === Array.isArray(other);
  if (!bothObjects) {
    const [a, b] = [embedded(one), embedded(other)];
    if (a !== undefined && b !== undefined) {
      const inside = differences(a, b, `${at}~`);
      if (inside.length > 0) return inside;
    }
    return [`${at}: ${JSON.stringify(one)} became ${JSON.stringify(other)}`];
  }
  const [a, b] = [one as Record<string, Json>, other as Record<string, Json>];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) =>
    differences(a[key] as Json, b[key] as Json, `${at}.${key}`),
  );
}

function isSame(one: Json, other: Json): boolean {
  return (
    [typeof one, typeof other].every((type) => type === "number" || type === "string") &&
    String(one) === String(other)
  );
}

function embedded(value: Json): Json | undefined {
  if (typeof value !== "string" || !/^[[{]/.test(value)) return undefined;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return undefined;
  }
}
