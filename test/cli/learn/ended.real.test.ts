import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { freshBuild } from "../../support/built";
import { ROOT } from "../../support/toolchain";
import { folder } from "../io";

const root = folder({});
beforeAll(freshBuild);

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
/** Whether a process runs: one that nobody has waited for has ended, too. */
const isThere = (pid: number) => {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
};

/** Writes down its process and that of a child, and says nothing; takes no notice of a polite end where it is `deaf`. */
const SERVER = `
  const { spawn } = require("node:child_process");
  const [file, how] = process.argv.slice(1);
  if (how === "deaf") process.on("SIGTERM", () => {});
  const { pid } = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  require("node:fs").writeFileSync(file, process.pid + " " + pid);
  setInterval(() => {}, 1000);`;

test.each([
  ["SIGTERM", "polite"],
  ["SIGINT", "polite"],
  ["SIGHUP", "polite"],
  ["SIGTERM", "deaf"],
] as const)("%s ends the server that was started, a %s one, and what it started", async (signal, how) => {
  const file = join(root, `${signal}-${how}`);
  const command = [process.execPath, "-e", SERVER, file, how];
  const child = spawn(
    process.execPath,
    [join(ROOT, "dist", "cli", "main.js"), "learn", "--timeout", "60", "--", ...command],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let errors = "";
  child.stderr.on("data", (chunk) => (errors += String(chunk)));
  while (!existsSync(file) || readFileSync(file, "utf8") === "") await pause(20);
  const pids = readFileSync(file, "utf8").split(" ").map(Number);
  try {
    expect(pids.map(isThere)).toEqual([true, true]);
    child.kill(signal);
    expect(await once(child, "close")).toEqual([2, null]);
    expect(errors).toBe(`hardened-mcp: ended by ${signal}\n`);
    expect(pids.map(isThere)).toEqual([false, false]);
  } finally {
    for (const pid of pids.filter(isThere)) process.kill(pid, "SIGKILL");
  }
});
