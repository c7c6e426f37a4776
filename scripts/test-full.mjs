// Runs the slow suites: first those that can share the machine, then those that need it alone. Both, whatever the first
// gives; arguments go to jest. Their results stay in .cache/test-full.json and .cache/test-alone.json.
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const jest = join(root, "node_modules", "jest", "bin", "jest.js");
mkdirSync(join(root, ".cache"), { recursive: true });

const run = (project, ...options) =>
  spawnSync(
    process.execPath,
    [
      jest,
      "--selectProjects",
      project,
      ...options,
      ...["--json", `--outputFile=${join(root, ".cache", `test-${project}.json`)}`],
      // A pattern may choose suites of one kind only.
      "--passWithNoTests",
      ...process.argv.slice(2),
    ],
    { cwd: root, stdio: ["inherit", "ignore", "inherit"] },
  ).status;

const statuses = [run("full"), run("alone", "--runInBand")];
process.exit(statuses.every((status) => status === 0) ? 0 : 1);
