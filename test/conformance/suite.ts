import { execFile } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { withLock } from "../support/lock";
import { CACHE, ROOT } from "../support/toolchain";

/** The official suite, and the Node that it needs, pinned. */
const SUITE = "@modelcontextprotocol/conformance@0.2.0-alpha.12";
const NODE = "node@22.23.3";
const run = promisify(execFile);

/** Fetches both into a folder of their own, once. */
export async function fetchSuite(): Promise<{ readonly node: string; readonly script: string }> {
  const home = join(CACHE, `conformance-${`${SUITE}-${NODE}`.replace(/[^\w.-]+/g, "-")}`);
  const found = {
    node: join(home, "node_modules", "node", "bin", "node"),
    script: join(home, "node_modules", "@modelcontextprotocol", "conformance", "dist", "index.js"),
  };
  mkdirSync(home, { recursive: true });
  await withLock(`${home}.lock`, async () => {
    if (existsSync(join(home, "ready"))) return;
    const began = performance.now();
    writeFileSync(join(home, "package.json"), "{}");
    await run("npm", ["install", "--no-audit", "--no-fund", "--save-exact", SUITE, NODE], { cwd: home });
    await run(found.node, [found.script, "--version"]);
    writeFileSync(join(home, "ready"), "");
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    process.stderr.write(
      `[tools] fetched ${SUITE} and ${NODE} from npm into ${relative(ROOT, home)} in ${seconds} s\n`,
    );
  });
  return found;
}

/** What one run came to. */
export interface Outcome {
  /** `SCENARIO: CHECK`, sorted. */
  readonly failed: readonly string[];
  readonly passed: number;
  /** Why each failed, in the suite's words. */
  readonly why: Readonly<Record<string, string>>;
}

interface Check {
  readonly id: string;
  readonly status: "SUCCESS" | "FAILURE" | "WARNING" | "INFO" | "SKIPPED";
  readonly errorMessage?: string;
}

/** Runs the scenarios that a revision demands, and those that come with them, of a server at `url`. */
export async function conform(url: string, revision: string): Promise<Outcome> {
  const { node, script } = await fetchSuite();
  const folder = mkdtempSync(join(tmpdir(), "conformance-"));
  const args = ["server", "--url", url, "--requirements", revision, "--timeout", "10000", "-o", folder];
  try {
    // It ends with 1 where something fails.
    await run(node, [script, ...args], { maxBuffer: 1 << 26 }).catch(() => undefined);
    return readResults(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Reads what the suite wrote: a folder for each scenario. @throws Error where there is none */
function readResults(folder: string): Outcome {
  const failed = new Set<string>();
  const why: Record<string, string> = {};
  let passed = 0;
  for (const name of readdirSync(folder)) {
    const [, scenario = name] = /^server-(.*?)-\d{4}-\d\d-\d\dT/.exec(name) ?? [];
    for (const check of JSON.parse(readFileSync(join(folder, name, "checks.json"), "utf8")) as Check[]) {
      if (check.status === "SUCCESS") passed++;
      if (check.status !== "FAILURE") continue;
      failed.add(`${scenario}: ${check.id}`);
      why[`${scenario}: ${check.id}`] = check.errorMessage ?? "";
    }
  }
  if (passed === 0) throw new Error("the suite found nothing that is right");
  return { failed: [...failed].sort(), passed, why };
}
