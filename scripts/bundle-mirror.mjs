// Bundles the key mirror's function into dist/runtime/mirror/key-mirror.zip, as bundle-rotation.mjs does its own.
// usage: node scripts/bundle-mirror.mjs
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { zip } from "./zip.mjs";

const TARGET = join("dist", "runtime", "mirror");

mkdirSync(TARGET, { recursive: true });
const { outputFiles } = await build({
  entryPoints: [join("lib", "runtime", "mirror", "function.ts")],
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
const file = join(TARGET, "key-mirror.zip");
// Whole or not at all, for who reads it meanwhile.
writeFileSync(`${file}.new`, zip({ "index.js": outputFiles[0].contents }));
renameSync(`${file}.new`, file);
