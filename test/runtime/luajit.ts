import { execFile, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { aptInstall, canInstall } from "../support/apt";

const FOLDER = join(__dirname, "..", "..", "lib", "runtime", "gateway");
const LUAJIT = "/usr/bin/luajit";

/** Source of a part of the gateway's program. */
export function part(name: string): string {
  return readFileSync(join(FOLDER, `${name}.lua`), "utf8");
}

/** Why the program cannot be run outside of Envoy here, or nothing. */
export function missingLuaJit(): string | undefined {
  return existsSync(LUAJIT) || canInstall()
    ? undefined
    : "there is no luajit, and no way to install Debian's";
}

/** Gets it. */
export async function fetchLuaJit(): Promise<void> {
  await aptInstall("luajit", () => existsSync(LUAJIT));
  await promisify(execFile)(LUAJIT, ["-v"]);
}

/** How long one run may take: a mutant may never end. */
export const patience = { ms: 240_000 };

/** Runs a Lua program over its input; gives its output. @throws Error with what it said where it fails */
export function luajit(
  args: readonly string[],
  input: Buffer | string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(LUAJIT, args, { env, timeout: patience.ms, killSignal: "SIGKILL" });
    const [out, errors]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on("data", (data: Buffer) => out.push(data));
    child.stderr.on("data", (data: Buffer) => errors.push(data));
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0
        ? resolve(Buffer.concat(out).toString("utf8"))
        : reject(new Error(Buffer.concat(errors).toString().slice(0, 2000))),
    );
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}
