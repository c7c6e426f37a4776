import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";

/** Keeps every thread of a process on one processor. */
export function pin(pid: number, processor: number): void {
  execFileSync("taskset", ["-acp", String(processor), String(pid)], { stdio: "ignore" });
}

/** Time that all threads of a process have run, in µs, in user mode and in the kernel. */
export function cpu(pid: number): number {
  const folder = `/proc/${pid}/task`;
  const nanoseconds = readdirSync(folder).map((thread) =>
    Number(readFileSync(`${folder}/${thread}/schedstat`, "utf8").split(" ")[0]),
  );
  return nanoseconds.reduce((sum, each) => sum + each, 0) / 1000;
}

/** Memory of a process now, in MiB of resident pages. */
export function memory(pid: number): number {
  const kib = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kib) / 1024;
}
