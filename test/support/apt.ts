import { execFile } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { withLock } from "./lock";
import { CACHE } from "./toolchain";

const run = promisify(execFile);

/** Whether Debian's packages can be installed here. */
export function canInstall(): boolean {
  return process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
}

/** Installs one of Debian's packages, unless what it brings is there already. */
export async function aptInstall(name: string, isThere: () => boolean): Promise<void> {
  mkdirSync(CACHE, { recursive: true });
  await withLock(join(CACHE, "apt.lock"), async () => {
    if (isThere()) return;
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    process.stderr.write(`[tools] apt-get install ${name}\n`);
    await run("apt-get", ["update", "-qq"], { env });
    const options = ["install", "-y", "-qq", "--no-install-recommends", name];
    await run("apt-get", options, { env, maxBuffer: 1 << 26 });
  });
}
