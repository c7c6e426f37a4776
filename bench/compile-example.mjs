// Bundles examples/complete to one CommonJS file; packages stay outside. usage: compile-example.mjs OUT
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
buildSync({
  entryPoints: [join(root, "examples", "complete", "main.ts")],
  outfile: process.argv[2],
  bundle: true,
  packages: "external",
  platform: "node",
  format: "cjs",
  logLevel: "error",
});
