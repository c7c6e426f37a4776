// Bundles the benchmark, whose parts are the tests' own, and runs it.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const outfile = join(here, "..", "..", ".cache", "bench", "gateway.cjs");

/** What lies beside a source is found beside the source, wherever the bundle lies. */
const besideSources = {
  name: "beside-sources",
  setup: ({ onLoad }) =>
    onLoad({ filter: /(lib|test|bench)\/.*\.ts$/ }, ({ path }) => ({
      contents: `const __dirname = ${JSON.stringify(dirname(path))};\n${readFileSync(path, "utf8")}`,
      loader: "ts",
    })),
};

await build({
  ...{ entryPoints: [join(here, "main.ts")], outfile, bundle: true, packages: "external" },
  ...{ platform: "node", format: "cjs", logLevel: "error", plugins: [besideSources] },
});
const { status } = spawnSync(process.execPath, [outfile, ...process.argv.slice(2)], { stdio: "inherit" });
process.exitCode = status ?? 1;
