import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { ExampleName } from "./examples";
import { digestOf } from "./kept";
import { withLock } from "./lock";
import type { Answers } from "./schema/provider";
import { scratch } from "./scratch";
import { CACHE, ROOT } from "./toolchain";

const run = promisify(execFile);

/** Builds the package when its sources are newer than what is built, so that no test judges yesterday's code. */
export async function freshBuild(): Promise<void> {
  mkdirSync(CACHE, { recursive: true });
  await withLock(join(CACHE, "build.lock"), async () => {
    const built = join(ROOT, "dist", "index.js");
    if (existsSync(built) && statSync(built).mtimeMs > newest(join(ROOT, "lib"))) return;
    process.stderr.write("[build] dist is older than lib: npm run build\n");
    await run("npm", ["run", "build"], { cwd: ROOT });
  });
}

function newest(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((latest, entry) => Math.max(latest, statSync(join(entry.parentPath, entry.name)).mtimeMs), 0);
}

/**
 * An example synthesised by the command that users run, from the built package, in a folder of the suite's own. Gives the
 * path of its `cdk.tf.json`; its assets lie beside it. The command runs once for all suites and runs, as long as nothing
 * changes that its files are made of.
 */
export async function synthesise(suite: string, name: ExampleName): Promise<string> {
  await freshBuild();
  const outdir = scratch(`${suite}-${name}-written`);
  const all = join(CACHE, "synthesised");
  const folder = join(all, digestOf(MADE_OF));
  const made = join(folder, name);
  mkdirSync(folder, { recursive: true });
  await withLock(`${made}.lock`, async () => {
    if (existsSync(made)) return;
    for (const other of readdirSync(all)) prune(join(all, other), folder);
    const own = scratch(`synthesised-${name}`);
    await run(process.execPath, [join(ROOT, "scripts", "synth.mjs"), name], {
      cwd: ROOT,
      env: { ...process.env, CDKTF_OUTDIR: own },
    });
    renameSync(own, made);
  });
  cpSync(made, outdir, { recursive: true });
  return join(outdir, "stacks", name, "cdk.tf.json");
}

/** Everything that decides what the command writes. */
const MADE_OF = ["dist", "examples", "scripts", "package-lock.json", "node_modules/.package-lock.json"];
const DAY_MS = 86_400_000;

/** Removes what was made of other sources, a day ago or more: another run may still read what is younger. */
function prune(folder: string, current: string): void {
  const at = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
  if (folder !== current && Date.now() - at > DAY_MS) rmSync(folder, { recursive: true, force: true });
}

/**
 * The same for an example with a change to its program's text, which must really change it: what a user does who edits
 * the configuration of a running deployment.
 */
export async function synthesiseEdited(
  suite: string,
  name: ExampleName,
  edits: readonly (readonly [find: string, replacement: string])[],
): Promise<string> {
  await freshBuild();
  const folder = scratch(`${suite}-${name}-edited`);
  cpSync(join(ROOT, "examples", name), folder, { recursive: true });
  const main = join(folder, "main.ts");
  let source = readFileSync(main, "utf8");
  for (const [find, replacement] of edits) {
    if (!source.includes(find)) throw new Error(`example ${name} no longer says ${find}`);
    source = source.replace(find, replacement);
  }
  writeFileSync(main, source);
  const outdir = join(folder, "cdktf.out");
  await run(process.execPath, ["-r", "ts-node/register/transpile-only", main], {
    cwd: folder,
    env: { ...process.env, CDKTF_OUTDIR: outdir, CHECKPOINT_DISABLE: "1" },
  });
  return join(outdir, "stacks", name, "cdk.tf.json");
}

/** Values of the examples' variables: only `existing-network` has some. */
export function variablesOf(name: ExampleName): Record<string, string> {
  return name === "existing-network" ? EXISTING : {};
}

/** What AWS would answer about things that an example is given, by the type of data: fit ones. */
export function answersOf(name: ExampleName): Answers {
  return name === "existing-load-balancer" ? GIVEN_BALANCER : {};
}

const BALANCER =
  "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/shared/0123456789abcdef";
const GIVEN_BALANCER: Answers = {
  aws_lb: {
    load_balancer_type: "application",
    drop_invalid_header_fields: true,
    desync_mitigation_mode: "defensive",
    enable_waf_fail_open: false,
    xff_header_processing_mode: "append",
    internal: true,
    vpc_id: "vpc-0123456789abcdef0",
    idle_timeout: 120,
    security_groups: ["sg-0123456789abcdef1"],
  },
  aws_lb_listener: {
    protocol: "HTTPS",
    port: 443,
    ssl_policy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
    load_balancer_arn: BALANCER,
  },
  aws_vpc_security_group_rules: { ids: ["sgr-1"] },
  aws_vpc_security_group_rule: { is_egress: true, security_group_id: "sg-0123456789abcdef3" },
};

const EXISTING: Record<string, string> = {
  boundary_arn: "arn:aws:iam::123456789012:policy/boundary",
  vpc_id: "vpc-0123456789abcdef0",
  vpc_cidr: "10.80.0.0/16",
  public_subnet_ids: JSON.stringify(["subnet-0000000000000000a", "subnet-0000000000000000b"]),
  private_subnet_ids: JSON.stringify(["subnet-0000000000000001a", "subnet-0000000000000001b"]),
  endpoint_security_group_id: "sg-0123456789abcdef0",
  s3_prefix_list_id: "pl-6da54004",
  certificate_arn: "arn:aws:acm:eu-west-1:123456789012:certificate/11111111-2222-3333-4444-555555555555",
  topic_arn: "arn:aws:sns:eu-west-1:123456789012:oncall",
};
