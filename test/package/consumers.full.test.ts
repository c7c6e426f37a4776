import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dependOn, pack, type Packed } from "../support/packed";
import { ROOT } from "../support/toolchain";

/** Ways in which a project of today asks for modules. */
const PROJECTS = [
  { name: "commonjs", type: "commonjs", module: "node16", moduleResolution: "node16" },
  { name: "esm", type: "module", module: "node16", moduleResolution: "node16" },
  { name: "bundler", type: "module", module: "esnext", moduleResolution: "bundler" },
] as const;

let packed: Packed;
beforeAll(async () => void (packed = await pack()));
afterAll(() => rmSync(packed.folder, { recursive: true, force: true }));

describe.each(PROJECTS)("a project of kind $name", ({ name, type, module, moduleResolution }) => {
  let home: string;

  /** Native modules want whole file names; a bundler's and CommonJS's resolution do without. */
  const source = () => {
    const text = readFileSync(join(ROOT, "examples", "minimal", "main.ts"), "utf8");
    return type === "module" ? text.replace(/(provider-aws\/lib\/provider)"/, '$1/index.js"') : text;
  };
  const compile = (text: string): { status: number | null; stdout: string } => {
    writeFileSync(join(home, "main.ts"), text);
    return spawnSync(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", home], {
      encoding: "utf8",
    });
  };

  beforeAll(() => {
    home = dependOn(packed, name);
    writeFileSync(join(home, "package.json"), JSON.stringify({ name, private: true, type }));
    const compilerOptions = { module, moduleResolution, target: "ES2022", strict: true, skipLibCheck: true };
    writeFileSync(
      join(home, "tsconfig.json"),
      JSON.stringify({
        compilerOptions: { ...compilerOptions, types: ["node"], outDir: "out" },
        files: ["main.ts"],
      }),
    );
  });

  it("compiles the smallest example and writes what the repository writes", () => {
    const { status, stdout } = compile(source());
    expect([status, stdout]).toEqual([0, ""]);
    // Without an extension a bundler's output says nothing of modules: its folder does.
    cpSync(join(home, "package.json"), join(home, "out", "package.json"));
    const written = join(home, "cdktf.out");
    execFileSync(process.execPath, [join(home, "out", "main.js")], {
      cwd: home,
      env: { ...process.env, CDKTF_OUTDIR: written },
    });
    const text = readFileSync(join(written, "stacks", "minimal", "cdk.tf.json"), "utf8");
    const { resource } = JSON.parse(text) as { resource: Record<string, object> };
    expect(Object.keys(resource)).toEqual(
      expect.arrayContaining(["aws_lb", "aws_ecs_service", "aws_wafv2_web_acl"]),
    );
  }, 120_000);

  it("is told of a field that does not exist, so the types are really found", () => {
    const { status, stdout } = compile(source().replace('posture: "sandbox"', 'postur: "sandbox"'));
    expect(status).not.toBe(0);
    expect(stdout).toContain("postur");
  }, 120_000);
});

test("nothing is installed beside the package but what a user names as peers", () => {
  const { dependencies = {}, peerDependencies } = JSON.parse(
    readFileSync(join(packed.unpacked, "package.json"), "utf8"),
  ) as { dependencies?: object; peerDependencies: object };
  expect(Object.keys(dependencies)).toEqual([]);
  expect(Object.keys(peerDependencies).sort()).toEqual([
    "@cdktf/provider-aws",
    "@cdktf/provider-cloudflare",
    "cdktf",
    "constructs",
  ]);
});
