/** Suites of `full` that measure time or load: they have the machine to themselves. */
const ALONE = [
  "/test/(gateway|limits|runtime|conformance)/",
  "/test/rotation/database-",
  "/test/checklist/scale",
  "/test/ingress/fifty-servers",
];

/** What each worker loads once for all its test files. */
const LOADED_ONCE = "(cdktf|constructs|@cdktf)/";

/**
 * Four projects: `unit` needs nothing but Node, `real` runs real parts within minutes, `full` the slow rest, two suites
 * at a time, and `alone` those of it that run one by one.
 */
const base = {
  testEnvironment: "<rootDir>/test/support/loaded-once.cjs",
  transform: {
    [`/node_modules/${LOADED_ONCE}`]: "<rootDir>/test/support/loaded-once-transform.cjs",
    "^.+\\.ts$": [
      "@swc/jest",
      {
        jsc: { parser: { syntax: "typescript" }, target: "es2022" },
        module: { type: "commonjs" },
        sourceMaps: "inline",
      },
    ],
  },
  moduleNameMapper: {
    "^hardened-mcp$": "<rootDir>/lib/index.ts",
    "^hardened-mcp/testing$": "<rootDir>/lib/testing/index.ts",
  },
  transformIgnorePatterns: [`/node_modules/(?!${LOADED_ONCE})`],
  modulePathIgnorePatterns: ["<rootDir>/dist/", "<rootDir>/.cache/", "<rootDir>/cdktf.out/"],
};
module.exports = {
  maxWorkers: 2,
  testTimeout: 120_000,
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
