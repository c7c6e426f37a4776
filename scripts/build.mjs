// Builds dist/: runtime assets, then JavaScript, declarations and source maps by the TypeScript compiler.
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(import.meta.url);
// The functions stay until they are replaced: a synth from lib/ may be reading them.
for (const folder of ["dist", join("dist", "runtime")].filter(existsSync)) {
  for (const entry of readdirSync(folder).filter(
    (name) => !["runtime", "rotation", "mirror"].includes(name),
  )) {
    rmSync(join(folder, entry), { recursive: true, force: true });
  }
}
// Assets first: whoever finds index.js, which comes last, finds everything.
cpSync("lib/runtime", "dist/runtime", { recursive: true, filter: (path) => !path.endsWith(".ts") });
await import("./bundle-rotation.mjs");
await import("./bundle-mirror.mjs");
execFileSync(process.execPath, [require.resolve("typescript/bin/tsc"), "-p", "tsconfig.build.json"], {
  stdio: "inherit",
});
chmodSync(join("dist", "cli", "main.js"), 0o755);
