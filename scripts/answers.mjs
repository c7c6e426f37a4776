// Writes docs/ANSWERS.md from the tables of answers. usage: npm run build && node scripts/answers.mjs
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";

const require = createRequire(import.meta.url);
const { ANSWERS, answersPage } = require("../dist/gateway/answers-page.js");

const file = join("docs", "ANSWERS.md");
writeFileSync(file, await format(answersPage(), { ...(await resolveConfig(file)), parser: "markdown" }));
console.log(`${file}: ${ANSWERS.length} answers`);
