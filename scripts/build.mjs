// Builds dist/: JavaScript, declarations and source maps by the TypeScript compiler, then runtime assets beside them.
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(import.meta.url);
// The rotation functions stay until they are replaced: a synth from lib/ may be reading them.
for (const folder of ["dist", join("dist", "runtime")].filter(existsSync)) {
  for (const entry of readdirSync(folder).filter((name) => !["runtime", "rotation"].includes(name))) {
    rmSync(join(folder, entry), { recursive: true, force: true });
  }
}
execFileSync(process.execPath, [require.resolve("typescript/bin/tsc"), "-p", "tsconfig.build.json"], {
  stdio: "inherit",
});
cpSync("lib/runtime", "dist/runtime", { recursive: true, filter: (path) => !path.endsWith(".ts") });
chmodSync(join("dist", "cli", "main.js"), 0o755);
await import("./bundle-rotation.mjs");
