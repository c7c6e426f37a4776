/** Suites of `full` that measure time or load: they have the machine to themselves. */
const ALONE = [
  "/test/(gateway|limits|runtime|conformance)/",
  "/test/rotation/database-",
  "/test/checklist/scale",
  "/test/ingress/fifty-servers",
];

/**
 * Four projects: `unit` needs nothing but Node, `real` runs real parts within minutes, `full` the slow rest, two suites
 * at a time, and `alone` those of it that run one by one.
 */
const base = {
  testEnvironment: "<rootDir>/test/support/loaded-once.cjs",
  transform: { "^.+\\.ts$": ["@swc/jest", require("./test/support/loaded-once-typescript.cjs")] },
  moduleNameMapper: {
    "^hardened-mcp$": "<rootDir>/lib/index.ts",
    "^hardened-mcp/testing$": "<rootDir>/lib/testing/index.ts",
  },
  modulePathIgnorePatterns: ["<rootDir>/dist/", "<rootDir>/.cache/", "<rootDir>/cdktf.out/"],
};
module.exports = {
  maxWorkers: 2,
  testTimeout: 120_000,
  testSequencer: "<rootDir>/test/support/slowest-first.cjs",
  projects: [
    {
      ...base,
      displayName: "unit",
      testMatch: ["<rootDir>/test/**/*.test.ts"],
      testPathIgnorePatterns: ["\\.real\\.test\\.ts$", "\\.full\\.test\\.ts$"],
    },
    { ...base, displayName: "real", testMatch: ["<rootDir>/test/**/*.real.test.ts"] },
    {
      ...base,
      displayName: "full",
      testMatch: ["<rootDir>/test/**/*.full.test.ts"],
      testPathIgnorePatterns: ALONE,
    },
    {
      ...base,
      displayName: "alone",
      testRegex: ALONE.map((start) => `${start}.*\\.full\\.test\\.ts$`),
    },
  ],
};
