import { existsSync, statSync } from "node:fs";
import { basename, dirname, relative, resolve } from "node:path";
import { manifestProblem } from "../checklist/manifest-shape";
import type { Source } from "../checklist/report";
import { duplicateKeyIn } from "../terraform/duplicate-keys";
import { Plan, type TerraformJson } from "../terraform/plan";
import { fromShownPlan, isShownPlan } from "../terraform/plan-shown";
import { differenceFromFile } from "../terraform/plan-of";
import { planProblem } from "../terraform/plan-whole";
import { CliError, type Io } from "./io";
import { firstLine, readText } from "./read-text";
import { filesAt } from "./stack-files";

const OUT = "cdktf.out";

/**
 * Written files at a place: a file (`cdk.tf.json`, or what `terraform show -json` prints), a stack's folder, or a folder
 * of stacks such as `cdktf.out`.
 * @throws CliError (2) when there is none, or one that cannot be judged
 */
export function readSources(place: string | undefined, io: Pick<Io, "cwd">): Source[] {
  const shown = place ?? OUT;
  return filesAt(resolve(io.cwd, shown), shown).map((file) => readSource(file, io.cwd));
}

/**
 * The file that a printed plan was made of, once the plan is seen to hold that file and nothing else. What is not known
 * before deployment, and who made what, stands in the file alone.
 * @throws CliError (2) when the plan is one of something else
 */
export function readPlanned(plan: string, written: string, io: Pick<Io, "cwd">): Source {
  const source = readOneSource(written, io);
  const path = resolve(io.cwd, plan);
  const shown = relative(io.cwd, path) || path;
  if (!existsSync(path) || statSync(path).isDirectory()) throw new CliError(`${plan} is not a plan's file`);
  const json = parse(path, shown);
  if (!isShownPlan(json))
    throw new CliError(`${shown} is not what \`terraform show -json\` prints of a plan`);
  open(json, shown);
  const difference = differenceFromFile(json, source.plan);
  if (difference === undefined) return source;
  throw new CliError(`${shown} is not a plan of ${source.file}: it ${difference}`);
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

/**
 * Does something with sources, whatever stands in them.
 * @throws CliError (2) in place of whatever is thrown because a file is no such file as it says
 */
export function judging<T>(sources: readonly Source[], judge: () => T): T {
  try {
    return judge();
  } catch (error) {
    if (error instanceof CliError) throw error;
    const files = sources.map(({ file }) => file).join(", ");
    throw new CliError(`${files} cannot be judged as it is written: ${firstLine(error)}`);
  }
}

function readSource(file: string, cwd: string): Source {
  const shown = relative(cwd, file) || file;
  const json = parse(file, shown);
  const plan = open(json, shown);
  if (plan.all.length === 0) throw new CliError(`${shown} holds no resource to judge`);
  const comment = json["//"] as { metadata?: { stackName?: unknown } } | undefined;
  const name = comment?.metadata?.stackName;
  return { stack: typeof name === "string" ? name : basename(dirname(file)), file: shown, plan };
}

function open(json: TerraformJson, shown: string): Plan {
  try {
    const problem = isShownPlan(json) ? planProblem(json) : manifestProblem(json);
    if (problem !== undefined) throw new CliError(`${shown} ${problem}`);
    return new Plan(isShownPlan(json) ? fromShownPlan(json) : json);
  } catch (error) {
    if (error instanceof CliError) throw error;
    const isSaid = error instanceof Error && error.name === "NotTerraform";
    throw new CliError(`${shown} ${isSaid ? error.message : `cannot be read: ${firstLine(error)}`}`);
  }
}

function parse(file: string, shown: string): TerraformJson {
  const text = readText(file, shown);
  try {
    const json: unknown = JSON.parse(text);
    const twice = duplicateKeyIn(text);
    if (twice !== undefined)
      throw new CliError(`${shown} says ${twice} twice: nobody knows which one counts`);
    if (typeof json === "object" && json !== null && !Array.isArray(json)) return json as TerraformJson;
  } catch (error) {
    if (error instanceof CliError) throw error;
    if (error instanceof RangeError) throw new CliError(`${shown} ${firstLine(error)}`);
    throw new CliError(`${shown} cannot be read as JSON: ${firstLine(error)}`);
  }
  throw new CliError(`${shown} is not Terraform JSON`);
}
