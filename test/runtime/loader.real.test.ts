import { loader } from "../../lib/gateway/envoy/program";
import { describeUnless } from "../support/toolchain";
import { STARTS, saidAtStart, wrongDigests } from "./loader-cases";
import { fetchLuaJit, missingLuaJit } from "./luajit";

describeUnless([missingLuaJit()], "what starts the gateway's program", () => {
  beforeAll(fetchLuaJit, 300_000);

  test("starts what is named, and nothing else", async () => {
    const said = await saidAtStart(loader());
    expect(said.map((says, index) => [STARTS[index]?.[0], says])).toEqual(
      STARTS.map(([what, , says]) => [what, says]),
    );
  });

  test("makes the digests that Node makes", async () => {
    expect(await wrongDigests()).toEqual([]);
  });
});
