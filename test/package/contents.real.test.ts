import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { dependOn, pack, type Packed } from "../support/packed";
import { ROOT } from "../support/toolchain";

let packed: Packed;
beforeAll(async () => void (packed = await pack()));
afterAll(() => rmSync(packed.folder, { recursive: true, force: true }));

test("the package holds JavaScript, declarations, source maps and runtime assets, documentation, examples, and no tests", () => {
  const { files } = packed;
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
      (path) =>
        !/^(dist\/|docs\/|examples\/|README\.md$|SECURITY\.md$|CHANGELOG\.md$|LICENSE$|package\.json$)/.test(
          path,
        ),
    ),
  ).toEqual([]);
  expect(files.filter((path) => /\.test\.|(^|\/)(test|bench|cdktf\.out|node_modules)\//.test(path))).toEqual(
    [],
  );
});

test("every link of its documentation leads to something that is in it", () => {
  const { files, unpacked } = packed;
  const broken = files
    .filter((path) => path.endsWith(".md"))
    .flatMap((path) =>
      [
        ...readFileSync(join(unpacked, path), "utf8").matchAll(/\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)/g),
      ].map(([, target = ""]) => [path, normalize(join(dirname(path), target))] as const),
    )
    .filter(([, target]) => !files.some((file) => file === target || file.startsWith(`${target}/`)));
  expect(broken).toEqual([]);
});

test("every example runs unchanged outside the repository, with the package as its dependency", () => {
  const home = dependOn(packed, "home");
  const modules = join(home, "node_modules");
  const examples = readdirSync(join(ROOT, "examples")).filter((name) =>
    existsSync(join(ROOT, "examples", name, "main.ts")),
  );
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
  expect(examples.length).toBeGreaterThanOrEqual(5);
});

test("the command is there and knows its version", () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
  const printed = execFileSync(process.execPath, [join(ROOT, "dist", "cli", "main.js"), "--version"], {
    encoding: "utf8",
  });
  expect(printed.trim()).toContain(version);
});
