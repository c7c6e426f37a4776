/** What TypeScript becomes in the tests, whoever loads it: Jest or {@link file://./loaded-once-modules.cjs}. */
module.exports = {
  jsc: { parser: { syntax: "typescript" }, target: "es2022" },
  module: { type: "commonjs" },
  sourceMaps: "inline",
};
