import { describeUnless } from "../support/toolchain";
import { fetchLuaJit, missingLuaJit } from "./luajit";
import { doneAtEach, DUE } from "./peers-cases";

describeUnless([missingLuaJit()], "what asks after the other tasks", () => {
  beforeAll(fetchLuaJit, 300_000);

  it("asks once a second, and marks requests only while others are known", async () => {
    expect(await doneAtEach()).toEqual(DUE);
  });
});
