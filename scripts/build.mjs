// Builds dist/: JavaScript, declarations and source maps by the TypeScript compiler, then runtime assets beside them.
import { execFileSync } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
rmSync("dist", { recursive: true, force: true });
execFileSync(process.execPath, [require.resolve("typescript/bin/tsc"), "-p", "tsconfig.build.json"], {
  stdio: "inherit",
});
cpSync("lib/runtime", "dist/runtime", { recursive: true, filter: (path) => !path.endsWith(".ts") });
