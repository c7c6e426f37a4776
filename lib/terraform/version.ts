import { readFileSync } from "node:fs";
import { join } from "node:path";

const FILE = join(__dirname, "..", "..", "package.json");

/** Version of this library, from its `package.json`, which lies above `lib/` and `dist/` alike. */
export const VERSION: string = (JSON.parse(readFileSync(FILE, "utf8")) as { version: string }).version;
