import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HardenedMcpConfig } from "../../lib";
import type { ExampleName } from "../support/examples";
import { ROOT } from "../support/toolchain";

/** The configuration that an example gives to `HardenedMcp`. */
export function ofExample(name: ExampleName): HardenedMcpConfig {
  const taken: HardenedMcpConfig[] = [];
  jest.isolateModules(() => {
    jest.doMock("../../lib", () => ({
      ...jest.requireActual<object>("../../lib"),
      HardenedMcp: class {
        public constructor(_scope: unknown, _id: string, config: HardenedMcpConfig) {
          taken.push(config);
        }
      },
    }));
    const before = process.env["CDKTF_OUTDIR"];
    const outdir = mkdtempSync(join(tmpdir(), "corpus-"));
    process.env["CDKTF_OUTDIR"] = outdir;
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- runs the example as a program
    require(join(ROOT, "examples", name, "main.ts"));
    rmSync(outdir, { recursive: true, force: true });
    if (before === undefined) delete process.env["CDKTF_OUTDIR"];
    else process.env["CDKTF_OUTDIR"] = before;
  });
  jest.dontMock("../../lib");
  const [config] = taken;
  if (config === undefined) throw new Error(`example ${name} makes no HardenedMcp`);
  return config;
}
