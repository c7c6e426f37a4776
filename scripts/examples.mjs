// Names of the examples: folders below examples/ that hold a program, such as `minimal` or `parts/web-acl`.
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = join(dirname(fileURLToPath(import.meta.url)), "..", "examples");

export const examples = readdirSync(folder, { recursive: true })
  .filter((path) => /[/\\]main\.ts$/.test(path))
  .map((path) => dirname(path).replaceAll("\\", "/"))
  .sort();
