import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import type { Source } from "../checklist/report";
import { Plan, type TerraformJson } from "../terraform/plan";
import { fromShownPlan, isShownPlan } from "../terraform/plan-shown";
import { CliError, type Io } from "./io";

const FILE = "cdk.tf.json";
const OUT = "cdktf.out";

/**
 * Written files at a place: a file (`cdk.tf.json`, or what `terraform show -json` prints), a stack's folder, or a folder
 * of stacks such as `cdktf.out`.
 * @throws CliError (2) when there is none, or one that cannot be read
 */
export function readSources(place: string | undefined, io: Pick<Io, "cwd">): Source[] {
  const files = filesAt(resolve(io.cwd, place ?? OUT), place ?? OUT);
  return files.map((file) => readSource(file, io.cwd));
}

/** The one stack at a place. @throws CliError (2) that lists them when there are several */
export function readOneSource(place: string | undefined, io: Pick<Io, "cwd">): Source {
  const shown = place ?? OUT;
  const files = filesAt(resolve(io.cwd, shown), shown);
  const [file] = files;
  if (file !== undefined && files.length === 1) return readSource(file, io.cwd);
  const folders = files.map((each) => relative(io.cwd, dirname(each)));
  throw new CliError(`${shown} holds ${files.length} stacks, name one of them: ${folders.join(", ")}`);
}

function filesAt(path: string, shown: string): string[] {
  if (!existsSync(path)) {
    throw new CliError(`there is no ${shown}; run \`cdktf synth\` first, or name a stack's folder`);
  }
  if (!statSync(path).isDirectory()) return [path];
  if (existsSync(join(path, FILE))) return [join(path, FILE)];
  const folder = existsSync(join(path, "stacks")) ? join(path, "stacks") : path;
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, FILE)))
    .map((entry) => join(folder, entry.name, FILE))
    .sort();
  if (files.length === 0) throw new CliError(`${shown} holds no ${FILE}; run \`cdktf synth\` first`);
  return files;
}

function readSource(file: string, cwd: string): Source {
  const shown = relative(cwd, file) || file;
  const json = parse(file, shown);
  const plan = new Plan(isShownPlan(json) ? fromShownPlan(json) : json);
  if (plan.all.length === 0) throw new CliError(`${shown} holds no resource to judge`);
  const comment = json["//"] as { metadata?: { stackName?: string } } | undefined;
  return { stack: comment?.metadata?.stackName ?? basename(dirname(file)), file: shown, plan };
}

function parse(file: string, shown: string): TerraformJson {
  try {
    const json: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (typeof json === "object" && json !== null && !Array.isArray(json)) return json as TerraformJson;
  } catch (error) {
    throw new CliError(`${shown} cannot be read as JSON: ${(error as Error).message.split("\n")[0]}`);
  }
  throw new CliError(`${shown} is not Terraform JSON`);
}
