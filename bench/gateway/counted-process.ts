import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { send } from "./load";
import { OTHERS } from "./subject-set";
import type { Run, Subject } from "./subjects";

const run = promisify(execFile);

/** Calls before anything is counted: LuaJIT has compiled then what it will. */
const WARMING = 1500;
/** Of two rounds the difference counts, so that what a connection costs is in none of it. */
const ROUNDS = [100, 1100] as const;

/** @throws Error that says how to get it, where valgrind is missing */
export function requireValgrind(): void {
  const { error } = spawnSync("valgrind", ["--version"]);
  if (error !== undefined)
    throw new Error("valgrind is missing: install valgrind, for instance with apt-get");
}

/**
 * Instructions that a call makes a subject's worker run, in user mode: the same number whatever else the machine does, to
 * half a per cent or so. One call at a time over one connection, so that none is read together with another.
 */
export async function instructionsOf(start: (run: Run) => Promise<Subject>): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "instructions-"));
  const output = join(folder, "out");
  const under = [
    ...["valgrind", "--quiet", "--tool=callgrind", "--instr-atstart=no", "--separate-threads=yes"],
    // The code of LuaJIT changes under way.
    ...["--smc-check=all-non-file", `--callgrind-out-file=${output}`],
  ];
  const subject = await start({ workers: 1, under });
  try {
    const calls = (count: number) => send(subject.call, { calls: count, connections: 1, http: "2" }, OTHERS);
    const control = (...words: string[]) => run("callgrind_control", [...words, `${subject.pid}`]);
    await calls(WARMING);
    await control("-i", "on");
    for (const count of [1, ...ROUNDS]) {
      await calls(count);
      await control("-d");
    }
    // The first is what was going on when counting began.
    const [few, many] = [busiest(folder, 2), busiest(folder, 3)];
    return (many - few) / (ROUNDS[1] - ROUNDS[0]);
  } finally {
    await subject.stop();
    rmSync(folder, { recursive: true });
  }
}

/** Of the thread that ran most in one round: the worker. */
function busiest(folder: string, round: number): number {
  const files = readdirSync(folder).filter((name) => name.startsWith(`out.${round}-`));
  const counts = files.map((name) =>
    Number(/^totals: (\d+)/m.exec(readFileSync(join(folder, name), "utf8"))?.[1] ?? Number.NaN),
  );
  return Math.max(...counts);
}
