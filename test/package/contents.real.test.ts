import { execFileSync } from "node:child_process";
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  mkdirSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freshBuild } from "../support/built";
import { ROOT } from "../support/toolchain";

let folder: string;
let files: string[];

/** Packs what is built, unpacks it, and puts it where a user's project has it. */
beforeAll(async () => {
  await freshBuild();
  folder = mkdtempSync(join(tmpdir(), "package-"));
  const printed = execFileSync("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", folder], {
    cwd: ROOT,
    encoding: "utf8",
  });
  const packed = (JSON.parse(printed) as { filename: string; files: { path: string }[] }[])[0];
  if (packed === undefined) throw new Error("npm pack made nothing");
  files = packed.files.map(({ path }) => path);
  execFileSync("tar", ["-xzf", join(folder, packed.filename), "-C", folder]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the package holds JavaScript, declarations, source maps and runtime assets, and no tests", () => {
  for (const needed of [
    "dist/index.js",
    "dist/index.d.ts",
    "dist/index.js.map",
    "dist/cli/main.js",
    "dist/testing/index.d.ts",
    "LICENSE",
    "README.md",
  ]) {
    expect(files).toContain(needed);
  }
  const lua = readdirSync(join(ROOT, "lib", "runtime", "gateway")).map(
    (name) => `dist/runtime/gateway/${name}`,
  );
  expect(files).toEqual(expect.arrayContaining(lua));
  expect(
    files.filter(
      (path) => !/^(dist\/|README\.md$|SECURITY\.md$|CHANGELOG\.md$|LICENSE$|package\.json$)/.test(path),
    ),
  ).toEqual([]);
  expect(files.filter((path) => /\.test\.|(^|\/)(test|bench|examples)\//.test(path))).toEqual([]);
});

test("every example runs unchanged outside the repository, with the package as its dependency", () => {
  const home = join(folder, "home");
  const modules = join(home, "node_modules");
  mkdirSync(modules, { recursive: true });
  // What `npm i` would bring: our package by copy, the rest from here.
  execFileSync("cp", ["-r", join(folder, "package"), join(modules, "hardened-mcp")]);
  for (const name of ["@cdktf", "@types", "cdktf", "constructs", "ts-node", "typescript"]) {
    symlinkSync(join(ROOT, "node_modules", name), join(modules, name));
  }
  const examples = readdirSync(join(ROOT, "examples"));
  for (const name of examples) {
    execFileSync("cp", ["-r", join(ROOT, "examples", name), join(home, name)]);
    const env = { ...process.env, CDKTF_OUTDIR: join(home, name, "cdktf.out"), NODE_PATH: modules };
    execFileSync(process.execPath, ["-r", "ts-node/register/transpile-only", "main.ts"], {
      cwd: join(home, name),
      env,
    });
    const text = readFileSync(join(home, name, "cdktf.out", "stacks", name, "cdk.tf.json"), "utf8");
    expect(Object.keys((JSON.parse(text) as { resource: object }).resource).length).toBeGreaterThan(3);
  }
  expect(examples.length).toBeGreaterThanOrEqual(4);
});

test("the command is there and knows its version", () => {
  writeFileSync(join(folder, "empty"), "");
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
  const printed = execFileSync(process.execPath, [join(ROOT, "dist", "cli", "main.js"), "--version"], {
    encoding: "utf8",
  });
  expect(printed.trim()).toContain(version);
});
