import { execFileSync } from "node:child_process";
import { describeWith, envoyBinary, otherEnvoy, python } from "./toolchain";

describeWith(["python", "envoy"], "the fetched tools", () => {
  it("say which Envoy everything is proven with", async () => {
    const version = String(execFileSync(await envoyBinary(), ["--version"]));
    const found = /\/(\d+\.\d+\.\d+[^/]*)\//.exec(version)?.[1];
    process.stderr.write(`[tools] gateways run on Envoy ${found}${otherEnvoy() ? ", from ENVOY_BIN" : ""}\n`);
    expect(found).toEqual(otherEnvoy() ? expect.any(String) : "1.40.0");
  });
  it("are the pinned ones", async () => {
    const moto = execFileSync(await python(), ["-c", "import moto; print(moto.__version__)"]);
    expect(String(moto).trim()).toBe("5.2.5");
  });
});
