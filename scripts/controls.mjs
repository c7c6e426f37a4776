// Writes docs/CONTROLS.md from the controls. usage: npm run build && node scripts/controls.mjs
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";

const require = createRequire(import.meta.url);
const { CONTROLS } = require("../dist/checklist/controls.js");
const { controlsPage } = require("../dist/checklist/controls-page.js");

const file = join("docs", "CONTROLS.md");
writeFileSync(
  file,
  await format(controlsPage(CONTROLS), { ...(await resolveConfig(file)), parser: "markdown" }),
);
console.log(`${file}: ${CONTROLS.length + 1} controls`);
