import { readFileSync } from "node:fs";
import { join } from "node:path";
import { image } from "../../lib/task/image";
import { ConfigurationError } from "../../lib/validation/problem";
import remember from "./loaded-once-restore.cjs";

const IMAGE = join(__dirname, "..", "..", "lib", "task", "image.ts");

function refusal(): ConfigurationError {
  try {
    image("envoy:latest");
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
  }
  throw new Error("a tag was taken");
}

describe("the library, loaded once for all test files", () => {
  test("is of the realm of the tests: its errors are errors, its lists are lists", () => {
    expect(refusal()).toBeInstanceOf(Error);
    expect(refusal().problems).toBeInstanceOf(Array);
  });

  test("its errors name file and line of what was written", () => {
    const line =
      readFileSync(IMAGE, "utf8")
        .split("\n")
        .findIndex((text) => text.includes("throw new")) + 1;
    expect(refusal().stack).toContain(`${IMAGE}:${line}:`);
  });
});

describe("what a test file changes ends with it", () => {
  const shown = globalThis as unknown as Record<string, unknown>;

  test("a global that is added, replaced, taken away", () => {
    const { structuredClone, queueMicrotask } = globalThis;
    const restore = remember();
    shown["ofThisTest"] = 1;
    shown["structuredClone"] = () => 1;
    delete shown["queueMicrotask"];
    restore();
    expect(shown).not.toHaveProperty("ofThisTest");
    expect(globalThis.structuredClone).toBe(structuredClone);
    expect(globalThis.queueMicrotask).toBe(queueMicrotask);
  });

  test("a variable that is added, changed, taken away", () => {
    const whole = remember();
    Object.assign(process.env, { CHANGED_HERE: "before", TAKEN_HERE: "before" });
    const restore = remember();
    Object.assign(process.env, { CHANGED_HERE: "after", ADDED_HERE: "after" });
    delete process.env["TAKEN_HERE"];
    restore();
    expect(process.env).toMatchObject({ CHANGED_HERE: "before", TAKEN_HERE: "before" });
    expect(process.env).not.toHaveProperty("ADDED_HERE");
    whole();
    expect(process.env).not.toHaveProperty("CHANGED_HERE");
  });

  test("how the process ends", () => {
    const { exit, exitCode } = process;
    const restore = remember();
    process.exitCode = 3;
    process.exit = () => undefined as never;
    restore();
    expect([process.exit, process.exitCode]).toEqual([exit, exitCode]);
  });

  test("but cdktf's tokens stay as long as cdktf", () => {
    const restore = remember();
    shown["__cdktfOfThisTest"] = 1;
    restore();
    expect(shown).toHaveProperty("__cdktfOfThisTest", 1);
    delete shown["__cdktfOfThisTest"];
  });
});
