import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { synthesise } from "../support/built";
import { describeWith, virtualEnvironment } from "../support/toolchain";

/** What Checkov refuses and we keep: check, the end of the construct's path in the address, and why. */
interface Skip {
  readonly check: string;
  readonly address: string;
  readonly reason: string;
}

interface Result {
  readonly results: {
    readonly failed_checks: readonly { readonly check_id: string; readonly resource: string }[];
  };
  readonly summary: { readonly passed: number; readonly failed: number; readonly parsing_errors: number };
}

const skips = JSON.parse(readFileSync(join(__dirname, "skips.json"), "utf8")) as readonly Skip[];
/** Checks that ran when this was written. Checkov answers 0 for a file that it cannot read: the number must not fall. */
const CHECKS = 400;

describeWith(["python"], "Checkov on the complete example", () => {
  test("refuses nothing that is not explained, and no explanation is stale", async () => {
    const file = await synthesise("checkov", "complete");
    const python = await virtualEnvironment(join(__dirname, "requirements.txt"), ["checkov"]);
    const args = [
      join(dirname(python), "checkov"),
      "-f",
      file,
      "--framework",
      "terraform_json",
      "--skip-download",
      "-o",
      "json",
    ];
    // It ends with 1 when it refuses something.
    const stdout = await new Promise<string>((resolve) =>
      execFile(python, args, { maxBuffer: 1 << 28 }, (_error, text) => resolve(text)),
    );
    const { results, summary } = JSON.parse(stdout) as Result;
    const explains = (skip: Skip, found: { check_id: string; resource: string }): boolean =>
      skip.check === found.check_id && found.resource.includes(skip.address);
    expect(summary.parsing_errors).toBe(0);
    expect(summary.passed + summary.failed).toBeGreaterThan(CHECKS);
    expect(
      results.failed_checks
        .filter((found) => !skips.some((skip) => explains(skip, found)))
        .map(({ check_id, resource }) => `${check_id} ${resource}`),
    ).toEqual([]);
    expect(skips.filter((skip) => !results.failed_checks.some((found) => explains(skip, found)))).toEqual([]);
    process.stderr.write(
      `[scan] Checkov: ${summary.passed} passed, ${summary.failed} refused and explained\n`,
    );
  }, 300_000);
});
