// Adds up jest's results and prints one closing line.
import { readFileSync } from "node:fs";

const runs = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, "utf8")));
const sum = (field) => runs.reduce((total, run) => total + run[field], 0);
for (const run of runs) {
  for (const suite of run.testResults) {
    const name = suite.name.split("/test/").pop();
    const seconds = ((suite.endTime - suite.startTime) / 1000).toFixed(1);
    if (suite.endTime - suite.startTime > 20_000) console.log(`${seconds} s ${name}`);
    if (suite.ranAgain) console.log(`failed beside another suite, ${suite.status} by itself: ${name}`);
  }
}
console.log(
  `${sum("numPassedTests")} passed, ${sum("numFailedTests")} failed, ${sum("numPendingTests")} skipped`,
);
process.exit(sum("numFailedTests") > 0 || sum("numPassedTests") === 0 ? 1 : 0);
