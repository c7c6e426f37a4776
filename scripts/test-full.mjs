// Runs the slow suites: first those that can share the machine, then those that need it alone. Both, whatever the first
// gives; arguments go to jest. Their results stay in .cache/test-full.json and .cache/test-alone.json.
//
// A suite that fails beside another one is run again by itself: emulators and budgets in seconds suffer from a neighbour.
// What fails twice is a failure. What passes then is named, here and at the end of .ci/run.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const cache = join(root, ".cache");
const jest = join(root, "node_modules", "jest", "bin", "jest.js");
mkdirSync(cache, { recursive: true });

/** Runs suites of one project and gives jest's results, or nothing if it could not even say what it did. */
function run(project, name, ...options) {
  const file = join(cache, `test-${name}.json`);
  rmSync(file, { force: true });
  const { status } = spawnSync(
    process.execPath,
    [jest, "--selectProjects", project, ...options, "--json", `--outputFile=${file}`],
    { cwd: root, stdio: ["inherit", "ignore", "inherit"] },
  );
  try {
    return { ...JSON.parse(readFileSync(file, "utf8")), passed: status === 0 };
  } catch {
    return { testResults: [], passed: false };
  }
}

// A pattern may choose suites of one kind only.
const chosen = ["--passWithNoTests", ...process.argv.slice(2)];
let shared = run("full", "full", ...chosen);
const failed = shared.testResults.filter(({ status }) => status === "failed").map(({ name }) => name);
if (failed.length > 0) {
  console.log(`Failed beside another suite, now by itself: ${failed.join(", ")}`);
  const again = run("full", "again", "--runInBand", "--runTestsByPath", ...failed);
  const results = new Map(again.testResults.map((suite) => [suite.name, suite]));
  shared = { ...merged(shared, results), passed: again.passed };
  writeFileSync(join(cache, "test-full.json"), JSON.stringify(shared));
}
const alone = run("alone", "alone", "--runInBand", ...chosen);
process.exit(shared.passed && alone.passed ? 0 : 1);

/** The first results, with those of the suites that ran again in their place, each marked as such. */
function merged(first, again) {
  const testResults = first.testResults.map((suite) => {
    const second = again.get(suite.name);
    return second === undefined ? suite : { ...second, ranAgain: true };
  });
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const count = (wanted) => tests.filter(({ status }) => status === wanted).length;
  return {
    testResults,
    numPassedTests: count("passed"),
    numFailedTests: count("failed"),
    numPendingTests: count("pending") + count("todo"),
  };
}
