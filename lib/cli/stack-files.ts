import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { CliError } from "./io";
import { firstLine } from "./read-text";

/** What a stack is written to. */
export const STACK_FILE = "cdk.tf.json";

/**
 * Written files at a place: a file, a stack's folder, or a folder of stacks such as `cdktf.out`.
 * @param shown the place as it was named
 * @throws CliError (2) when there is none, or when one that Terraform would deploy could not be judged
 */
export function filesAt(path: string, shown: string): string[] {
  if (!existsSync(path))
    throw new CliError(`there is no ${shown}; run \`cdktf synth\` first, or name a stack's folder`);
  if (!statSync(path).isDirectory()) return [path];
  const isStack = existsSync(join(path, STACK_FILE));
  const stacks = join(path, "stacks");
  if (isStack && existsSync(stacks))
    throw new CliError(`${shown} holds ${STACK_FILE} and a folder of stacks: name one of both`);
  if (isStack) return [alone(join(path, STACK_FILE), shown)];
  const folder = existsSync(stacks) ? stacks : path;
  const files = folderNames(folder).flatMap((name) => stackIn(join(folder, name), join(shown, name)));
  const missing = declaredStacks(path).filter((file) => !files.includes(file));
  if (missing[0] !== undefined)
    throw new CliError(
      `${shown} is said to hold the stack ${basename(dirname(missing[0]))}, which is not there`,
    );
  if (files.length === 0) throw new CliError(`${shown} holds no ${STACK_FILE}; run \`cdktf synth\` first`);
  return files.sort();
}

/** Links to folders are folders; one that leads in a circle is said, not passed over. */
function folderNames(folder: string): string[] {
  return readdirSync(folder).filter((name) => {
    try {
      return statSync(join(folder, name), { throwIfNoEntry: false })?.isDirectory();
    } catch (error) {
      throw new CliError(`${join(basename(folder), name)} cannot be read: ${firstLine(error)}`);
    }
  });
}

function stackIn(folder: string, shown: string): string[] {
  if (existsSync(join(folder, STACK_FILE))) return [alone(join(folder, STACK_FILE), shown)];
  const [other] = configurationIn(folder);
  if (other === undefined) return [];
  throw new CliError(
    `${shown} is written as ${other}, which cannot be read here; synthesise it as ${STACK_FILE}`,
  );
}

/** A stack's file, when Terraform reads no other beside it: it merges all of a folder. */
function alone(file: string, shown: string): string {
  const [other] = configurationIn(dirname(file)).filter((name) => name !== STACK_FILE);
  if (other === undefined) return file;
  throw new CliError(
    `${shown} also holds ${other}, which Terraform merges with ${STACK_FILE}: judge what \`terraform show -json\` prints of a plan`,
  );
}

/** Files of a folder that Terraform or OpenTofu takes for configuration. */
function configurationIn(folder: string): string[] {
  return readdirSync(folder).filter(
    (name) => /\.(tf|tofu)(\.json)?$/.test(name) && !name.startsWith(".") && !/~$|^#.*#$/.test(name),
  );
}

/** The stacks that cdktf says it has written here. */
function declaredStacks(folder: string): string[] {
  const manifest = join(folder, "manifest.json");
  if (!existsSync(manifest)) return [];
  try {
    const { stacks } = JSON.parse(readFileSync(manifest, "utf8")) as {
      stacks?: Record<string, { synthesizedStackPath?: unknown }>;
    };
    return Object.values(stacks ?? {}).flatMap(({ synthesizedStackPath: file }) =>
      typeof file === "string" ? [join(folder, file)] : [],
    );
  } catch {
    throw new CliError(`${manifest} cannot be read: nobody knows whether all stacks are there`);
  }
}
