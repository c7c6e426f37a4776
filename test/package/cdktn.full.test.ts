import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { pack, type Packed } from "../support/packed";
import { ROOT } from "../support/toolchain";

/** The continuation of cdktf, installed as users are told to: under cdktf's name. */
const CDKTN = "0.24.0";
const BUDGET_S = 180;

let packed: Packed;
beforeAll(async () => void (packed = await pack()), BUDGET_S * 1000);
afterAll(() => rmSync(packed.folder, { recursive: true, force: true }));

test(
  "the package runs unchanged under cdktn, and writes the same resources",
  () => {
    const home = join(packed.folder, "home");
    mkdirSync(home, { recursive: true });
    writeFileSync(
      join(home, "package.json"),
      JSON.stringify({ name: "home", private: true, dependencies: { cdktf: `npm:cdktn@${CDKTN}` } }),
    );
    const install = ["install", "--no-audit", "--no-fund", "--no-package-lock", "--legacy-peer-deps"];
    execFileSync("npm", install, { cwd: home, stdio: "pipe" });
    const modules = join(home, "node_modules");
    cpSync(packed.unpacked, join(modules, "hardened-mcp"), { recursive: true });
    for (const peer of ["@cdktf", "constructs"])
      symlinkSync(join(ROOT, "node_modules", peer), join(modules, peer));
    for (const name of ["minimal", "complete"]) {
      // Links are not followed, so that the provider's classes find the cdktf that is installed here.
      const node = ["--preserve-symlinks", "--preserve-symlinks-main"];
      const folder = join(home, name);
      compile(join(ROOT, "examples", name), folder);
      const written = (out: string, args: string[], cwd: string) => {
        execFileSync(process.execPath, args, { cwd, env: { ...process.env, CDKTF_OUTDIR: out } });
        return JSON.parse(readFileSync(join(out, "stacks", name, "cdk.tf.json"), "utf8")) as Written;
      };
      const theirs = written(join(home, "cdktn.out"), [...node, join(folder, "main.js")], home);
      const ours = written(
        join(home, "cdktf.out"),
        ["-r", "ts-node/register/transpile-only", join(ROOT, "examples", name, "main.ts")],
        ROOT,
      );
      expect(theirs["//"].metadata.version).toBe(CDKTN);
      expect(theirs.resource).toEqual(ours.resource);
      expect(theirs.data).toEqual(ours.data);
    }
  },
  BUDGET_S * 1000,
);

interface Written {
  readonly "//": { readonly metadata: { readonly version: string } };
  readonly resource: object;
  readonly data: object;
}

/** An example as plain JavaScript: what a user's own build leaves. */
function compile(from: string, to: string): void {
  mkdirSync(to);
  for (const file of readdirSync(from).filter((name) => name.endsWith(".ts"))) {
    const { outputText } = ts.transpileModule(readFileSync(join(from, file), "utf8"), {
      compilerOptions: {
        module: ts.ModuleKind.CommonJS,
        target: ts.ScriptTarget.ES2022,
        esModuleInterop: true,
      },
    });
    writeFileSync(join(to, file.replace(/ts$/, "js")), outputText);
  }
}
