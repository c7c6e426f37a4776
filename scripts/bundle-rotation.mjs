// Bundles each rotation function into dist/runtime/rotation/KIND.zip: one CommonJS file, readable, the same bytes on
// every machine. Lambda's runtime brings the AWS SDK. usage: node scripts/bundle-rotation.mjs
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { zip } from "./zip.mjs";

const SOURCES = join("lib", "runtime", "rotation", "functions");
const TARGET = join("dist", "runtime", "rotation");

mkdirSync(TARGET, { recursive: true });
const kinds = readdirSync(SOURCES).map((file) => file.replace(/\.ts$/, ""));
for (const kind of kinds) {
  const { outputFiles } = await build({
    entryPoints: [join(SOURCES, `${kind}.ts`)],
    bundle: true,
    write: false,
    platform: "node",
    target: "node22",
    format: "cjs",
    external: ["@aws-sdk/*"],
    // For auditors: what runs is what they read.
    minify: false,
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
  });
  const file = join(TARGET, `${kind}.zip`);
  // Whole or not at all, for who reads it meanwhile.
  writeFileSync(`${file}.new`, zip({ "index.js": outputFiles[0].contents }));
  renameSync(`${file}.new`, file);
}
for (const file of readdirSync(TARGET)) {
  if (!kinds.some((kind) => file === `${kind}.zip`)) rmSync(join(TARGET, file), { recursive: true });
}
