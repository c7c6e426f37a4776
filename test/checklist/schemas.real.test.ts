import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import Ajv, { type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import { FORMATS } from "../../lib/checklist/formats";
import { withLock } from "../support/lock";
import { CACHE } from "../support/toolchain";
import { EDGE } from "./formats-edge";

/** The package that carries the schema of SARIF 2.1.0, and the digest of the schema in it. */
const PACKAGE = "@microsoft/jest-sarif@1.0.0-beta.0";
const FILE = "package/lib/schemas/sarif-2.1.0-rtm.5.json";
const SHA256 = "2d99159ae54a3eea97f81781cff48780548657c35949f4b7f25e99a2ba4de4f8";
const run = promisify(execFile);

async function sarifSchema(): Promise<object> {
  const home = join(CACHE, "sarif-schema");
  const file = join(home, FILE);
  mkdirSync(home, { recursive: true });
  await withLock(`${home}.lock`, async () => {
    if (existsSync(file)) return;
    const { stdout } = await run("npm", ["pack", "--silent", "--pack-destination", home, PACKAGE]);
    await run("tar", ["-xzf", join(home, stdout.trim()), "-C", home, FILE]);
  });
  const text = readFileSync(file, "utf8");
  expect(createHash("sha256").update(text).digest("hex")).toBe(SHA256);
  // Written for draft 4, of which it uses nothing that later drafts read otherwise.
  const { $schema: _draft, id: _id, ...schema } = JSON.parse(text) as Record<string, unknown>;
  return schema;
}

describe("SARIF by the schema of its makers", () => {
  let isValid: ValidateFunction;
  beforeAll(async () => {
    const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
    addFormats(ajv);
    isValid = ajv.compile(await sarifSchema());
  }, 120_000);
  const problems = (value: unknown) => {
    isValid(value);
    return isValid.errors ?? [];
  };

  test("every result and every awkward text is valid", () => {
    expect(problems(JSON.parse(FORMATS.sarif(EDGE)))).toEqual([]);
  });
  test("and the schema would have noticed", () => {
    const log = JSON.parse(FORMATS.sarif(EDGE)) as { runs: { results: { kind: string }[] }[] };
    log.runs[0]!.results[0]!.kind = "ok";
    expect(problems(log).map(({ instancePath }) => instancePath)).toContain("/runs/0/results/0/kind");
  });
});
