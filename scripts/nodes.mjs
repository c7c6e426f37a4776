// Writes docs/NODES.md from the tables of nodes. usage: npm run build && node scripts/nodes.mjs
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";

const require = createRequire(import.meta.url);
const { nodesPage, NODE_TABLES } = require("../dist/nodes/page.js");

const file = join("docs", "NODES.md");
writeFileSync(file, await format(nodesPage(), { ...(await resolveConfig(file)), parser: "markdown" }));
console.log(`${file}: ${NODE_TABLES.length} tables`);
