import { execFileSync } from "node:child_process";
import { describeWith, envoyBinary, python } from "./toolchain";

describeWith(["python", "envoy"], "the fetched tools", () => {
  it("are the pinned ones", async () => {
    const moto = execFileSync(await python(), ["-c", "import moto; print(moto.__version__)"]);
    expect(String(moto).trim()).toBe("5.2.5");
    expect(String(execFileSync(await envoyBinary(), ["--version"]))).toContain("/1.40.0/");
  });
});
