import { describeUnless } from "../support/toolchain";
import { wrongLists } from "./list-cases";
import { fetchLuaJit, missingLuaJit } from "./luajit";
import { wrongTexts } from "./text-cases";

describeUnless([missingLuaJit()], "lists of tools, cut to what their reader may call", () => {
  beforeAll(fetchLuaJit, 300_000);

  test("keep every byte of what is shown and of what is around it, and nothing of what is not", async () => {
    expect(await wrongLists()).toEqual([]);
  });
});

describeUnless([missingLuaJit()], "what the record says of a call", () => {
  beforeAll(fetchLuaJit, 300_000);

  test("counts letters, ends inside of none, and tells values only where it may", async () => {
    expect(await wrongTexts()).toEqual([]);
  });
});
