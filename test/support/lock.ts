import { readFileSync, rmSync, writeFileSync } from "node:fs";

/**
 * Runs `work` while no other process does so under the same lock file. A lock whose owner is gone is taken over,
 * so that a killed run does not block the next one.
 */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  while (!acquire(file)) await new Promise((resolve) => setTimeout(resolve, 200));
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function acquire(file: string): boolean {
  try {
    // "wx" fails when the file exists: creation is the atomic step.
    writeFileSync(file, `${process.pid}`, { flag: "wx" });
    return true;
  } catch {
    const owner = Number(ownerOf(file));
    // An empty file has just been created by an owner who is about to write its id.
    if (owner > 0 && !alive(owner)) rmSync(file, { force: true });
    return false;
  }
}

function ownerOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** Whether there is a process of this number; false for what is no number. */
export function alive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
