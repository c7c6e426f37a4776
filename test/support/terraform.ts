import { execFile } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { TerraformJson } from "../../lib/terraform/plan";
import {
  differences,
  summarise,
  type ApplySummary,
  type Diagnostic,
  type Difference,
} from "./terraform-output";
import { scratch } from "./scratch";
import { pluginDir, quietEnvironment, terraformBinary } from "./toolchain";

/** How a run differs from what a user would do with the same file. */
export interface RunOptions {
  /** Where the copy of the stack's folder is made, in this process's scratch folder. */
  readonly name: string;
  /** `override.tf.json`, laid beside the file and merged into it by Terraform. */
  readonly override?: object;
  readonly env?: Record<string, string>;
  /** Values of the stack's variables. */
  readonly variables?: Record<string, string>;
}

/** Real Terraform beside a copy of a synthesised stack's folder. The file itself is not changed. */
export class TerraformRun {
  private constructor(
    public readonly folder: string,
    private readonly binary: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /** Copies the folder of `file` (its assets lie beside it) and runs `terraform init`. */
  public static async start(file: string, options: RunOptions): Promise<TerraformRun> {
    const folder = scratch(options.name);
    cpSync(dirname(file), folder, { recursive: true, filter: (path) => !path.includes(".terraform") });
    // The synthesised local backend is an absolute path into the project.
    const local = { terraform: { backend: { local: { path: join(folder, "terraform.tfstate") } } } };
    const override = mergeTerraform(local, options.override ?? {});
    writeFileSync(join(folder, "override.tf.json"), JSON.stringify(override, null, 2));
    const mirror = pluginDir();
    const run = new TerraformRun(folder, await terraformBinary(), {
      ...quietEnvironment(options.env),
      TF_INPUT: "0",
      ...(mirror !== undefined && { TF_CLI_ARGS_init: `-plugin-dir=${mirror}` }),
      ...Object.fromEntries(
        Object.entries(options.variables ?? {}).map(([name, value]) => [`TF_VAR_${name}`, value]),
      ),
    });
    await run.succeed(["init", "-no-color"]);
    return run;
  }

  /** Puts another file and its assets in place, as a second deployment of a changed program does. */
  public replace(file: string): void {
    cpSync(dirname(file), this.folder, { recursive: true });
  }

  /** The errors and warnings of `terraform validate`. */
  public async validate(): Promise<Diagnostic[]> {
    const { stdout } = await this.command(["validate", "-json"]);
    return (JSON.parse(stdout) as { diagnostics: Diagnostic[] }).diagnostics;
  }

  /** What another apply would change. A failed plan is an error that carries Terraform's own words. */
  public async plan(): Promise<Difference[]> {
    await this.succeed(["plan", "-no-color", "-out=tfplan"]);
    const { stdout } = await this.succeed(["show", "-json", "tfplan"]);
    // The plan itself is packed: this is what it says.
    writeFileSync(join(this.folder, "tfplan.json"), stdout);
    return differences(JSON.parse(stdout));
  }

  public apply(): Promise<ApplySummary> {
    return this.summary(["apply", "-auto-approve", "-json"]);
  }

  /** `refresh: false` skips reading what an emulator may not know how to read. */
  public destroy(options: { refresh: boolean } = { refresh: true }): Promise<ApplySummary> {
    return this.summary(["destroy", "-auto-approve", "-json", `-refresh=${options.refresh}`]);
  }

  /** The addresses in the state. */
  public async state(): Promise<string[]> {
    const { stdout } = await this.succeed(["state", "list"]);
    return stdout.split("\n").filter((line) => line !== "");
  }

  /** The stack's outputs, after an apply. */
  public async outputs(): Promise<Record<string, unknown>> {
    const { stdout } = await this.succeed(["output", "-json"]);
    const outputs = JSON.parse(stdout) as Record<string, { value: unknown }>;
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
  }

  private async summary(args: string[]): Promise<ApplySummary> {
    const started = performance.now();
    const { stdout } = await this.command(args);
    writeFileSync(join(this.folder, `${args[0]}.jsonl`), stdout);
    return summarise(stdout, (performance.now() - started) / 1000);
  }

  private async succeed(args: string[]): Promise<{ stdout: string }> {
    const result = await this.command(args);
    if (result.code !== 0)
      throw new Error(`terraform ${args.join(" ")} failed:\n${result.stderr}\n${result.stdout.slice(-4000)}`);
    return result;
  }

  private command(args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    return new Promise((resolve) => {
      execFile(
        this.binary,
        args,
        { cwd: this.folder, env: this.env, maxBuffer: 1 << 28 },
        (error, stdout, stderr) =>
          resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
      );
    });
  }
}

/** The file of a stack, as written. */
export function readStack(file: string): TerraformJson {
  return JSON.parse(readFileSync(file, "utf8")) as TerraformJson;
}

/** Merges two override files one level below their top-level keys, which is as deep as ours overlap. */
function mergeTerraform(a: object, b: object): object {
  const result: Record<string, object> = { ...(a as Record<string, object>) };
  for (const [key, value] of Object.entries(b as Record<string, object>))
    result[key] = { ...result[key], ...value };
  return result;
}
