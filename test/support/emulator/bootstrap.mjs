// What Lambda's runtime does for one call: loads the handler, gives it the event, answers with its result.
// usage: bootstrap.mjs FOLDER module.export < event.json     exits 1 when the handler failed
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, handler] = process.argv.slice(2);
const dot = handler.lastIndexOf(".");
const base = join(folder, handler.slice(0, dot));
// Only the answer may stand on the standard output.
console.log = console.info = console.error;
try {
  const file = [".mjs", ".cjs", ".js"].map((end) => base + end).find(existsSync);
  if (file === undefined) throw new Error(`Cannot find module '${handler}'`);
  const module = file.endsWith(".mjs") ? await import(pathToFileURL(file).href) : createRequire(file)(file);
  const event = JSON.parse(readFileSync(0, "utf8"));
  const context = { functionName: process.env.AWS_LAMBDA_FUNCTION_NAME, awsRequestId: crypto.randomUUID() };
  process.stdout.write(JSON.stringify((await module[handler.slice(dot + 1)](event, context)) ?? null));
} catch (error) {
  const { name, message, stack } = error;
  process.stdout.write(JSON.stringify({ errorType: name, errorMessage: message, trace: stack.split("\n") }));
  process.exitCode = 1;
}
