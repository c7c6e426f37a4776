import type { Crash } from "./fake-secrets-manager";
import { ARN } from "./fake-secrets-manager";
import { Bench, KINDS, STEPS } from "./fixture";

const kinds = Object.entries(KINDS);

describe.each(kinds)("%s", (_name, kind) => {
  test("ten rotations: each value is followed by the next, and none is said", async () => {
    const bench = new Bench(kind());
    expect(await bench.seed()).toEqual({});
    const seen = new Set([bench.manager.text("AWSCURRENT")]);
    for (let round = 0; round < 10; round++) {
      const before = bench.manager.text("AWSCURRENT");
      await bench.rotate();
      expect(bench.manager.text("AWSPREVIOUS")).toBe(before);
      expect(bench.manager.text("AWSPENDING")).toBeUndefined();
      seen.add(bench.manager.text("AWSCURRENT"));
    }
    expect(seen.size).toBe(11);
    expect(bench.said).toEqual(["seed", ...Array.from({ length: 10 }, () => STEPS).flat()]);
    bench.expectSilence();
  });

  test("a step may end at any call, before or after its effect, and is repeated", async () => {
    const calls = await callsOf(new Bench(kind()), (bench) => bench.rotate());
    expect(calls).toBeGreaterThan(10);
    for (const crash of crashes(calls)) {
      const bench = new Bench(kind());
      await bench.seed();
      const before = bench.manager.text("AWSCURRENT");
      bench.manager.now += 86_400_000;
      const token = bench.manager.beginRotation();
      crashAt(bench, crash);
      for (const step of STEPS) await twice(() => bench.step(step, token));
      expect(bench.manager.text("AWSPREVIOUS")).toBe(before);
      expect(bench.manager.text("AWSPENDING")).toBeUndefined();
      bench.manager.crash = undefined;
      await bench.rotate();
      bench.expectSilence();
    }
  });

  test("a seed may end at any call, and is repeated", async () => {
    const bench = new Bench(kind());
    await bench.seed();
    const calls = bench.manager.calls.length;
    for (const crash of crashes(calls)) {
      const again = new Bench(kind());
      crashAt(again, crash);
      await twice(again.seed);
      expect(again.manager.value("AWSCURRENT")).toBeDefined();
      expect(again.manager.text("AWSPREVIOUS")).toBeUndefined();
      again.expectSilence();
    }
  });

  test("two seeds at once make one value", async () => {
    const bench = new Bench(kind());
    await Promise.all([bench.seed(), bench.seed()]);
    expect(bench.manager.text("AWSCURRENT")).toBeDefined();
    expect(bench.manager.text("AWSPREVIOUS")).toBeUndefined();
  });

  test("a seed takes over a value that fits, and changes nothing", async () => {
    const bench = new Bench(kind());
    await bench.seed();
    const before = bench.manager.text("AWSCURRENT");
    await bench.seed();
    expect(bench.manager.text("AWSCURRENT")).toBe(before);
    expect(bench.manager.calls.filter((call) => call === "PutSecretValue")).toHaveLength(1);
  });

  const CANARY = "canary-8d1f0e6b5a4c";
  test.each([
    ["no JSON", `{"key":"${CANARY}"`],
    ["a text", JSON.stringify(CANARY)],
    ["nothing", "null"],
    ["a list", JSON.stringify([CANARY])],
    ["other fields", JSON.stringify({ password: CANARY })],
    [
      "fields of other types",
      JSON.stringify({ current: 1, previous: 2, next: 3, key: { CANARY }, certificate: [CANARY] }),
    ],
    [
      "texts that are none of its own",
      JSON.stringify({ current: "canary", previous: "", next: "canary", key: CANARY, certificate: CANARY }),
    ],
  ])("a seed refuses %s, leaves it and does not quote it", async (_class, text) => {
    const bench = new Bench(kind());
    bench.manager.plant(text);
    await expect(bench.seed()).rejects.toThrow(/already holds a value that does not fit: .*left untouched/);
    expect(bench.manager.text("AWSCURRENT")).toBe(text);
    expect(bench.said.join("\n")).not.toContain("canary");
    await expect(bench.rotate()).rejects.toThrow("cannot be followed");
    expect(bench.said.join("\n")).not.toContain("canary");
  });

  test("revoke shares nothing with what was there, ends a rotation under way, and may end at any call", async () => {
    const calls = await callsOf(new Bench(kind()), (bench) => bench.revoke());
    for (const crash of [{ call: -1, when: "before" } as const, ...crashes(calls + 1)]) {
      const bench = new Bench(kind());
      await bench.seed();
      await bench.rotate();
      bench.manager.now += 86_400_000;
      const token = bench.manager.beginRotation();
      await bench.step("createSecret", token);
      const known = new Set(bench.manager.secrets());
      crashAt(bench, crash);
      await twice(bench.revoke);
      const fresh = Object.values(bench.manager.value("AWSCURRENT") ?? {}).filter(
        (text) => text.length >= 16,
      );
      expect(fresh.length).toBeGreaterThan(0);
      for (const text of fresh) expect(known).not.toContain(text);
      bench.manager.crash = undefined;
      await expect(bench.step("finishSecret", token)).rejects.toThrow("not one of this secret");
      await bench.rotate();
      bench.expectSilence();
    }
  });
});

describe("steps are refused", () => {
  const seeded = async (): Promise<{ bench: Bench; token: string }> => {
    const bench = new Bench(KINDS["generated"]!());
    await bench.seed();
    bench.manager.now += 86_400_000;
    return { bench, token: bench.manager.beginRotation() };
  };
  test("when rotation is not enabled", async () => {
    const { bench, token } = await seeded();
    bench.manager.rotationEnabled = false;
    await expect(bench.step("createSecret", token)).rejects.toThrow("rotation is not enabled");
  });
  test("for a version that the secret does not have", async () => {
    const { bench } = await seeded();
    await expect(bench.step("createSecret", "0".repeat(36))).rejects.toThrow("not one of this secret");
  });
  test("for a version that is not pending", async () => {
    const { bench, token } = await seeded();
    for (const step of STEPS) await bench.step(step, token);
    const old = token;
    await bench.rotate();
    await expect(bench.step("createSecret", old)).rejects.toThrow("the version is not pending");
  });
  test.each(["setSecret", "finishSecret"])("%s without a pending value", async (step) => {
    const { bench, token } = await seeded();
    await expect(bench.step(step, token)).rejects.toThrow("no pending value");
  });
  test("of an unknown name", async () => {
    const { bench, token } = await seeded();
    await expect(bench.step("deleteSecret", token)).rejects.toThrow("not one of the four");
  });
  test("when the secret was never seeded", async () => {
    const bench = new Bench(KINDS["generated"]!());
    const token = bench.manager.beginRotation();
    await expect(bench.step("createSecret", token)).rejects.toThrow("seed the secret");
    await expect(bench.revoke()).rejects.toThrow("seed the secret");
  });
  test("when the current value is too young, and taken when it is not", async () => {
    const bench = new Bench(KINDS["generated"]!());
    await bench.seed();
    const token = bench.manager.beginRotation();
    bench.manager.now += 3_599_000;
    await expect(bench.step("createSecret", token)).rejects.toThrow("is 3599 s old, less than 3600 s");
    bench.manager.now += 1_000;
    await expect(bench.step("createSecret", token)).resolves.toEqual({});
  });
  test("testSecret alone, as it comes when rotation is set up, judges the current value", async () => {
    const { bench, token } = await seeded();
    expect(await bench.step("testSecret", token)).toEqual({});
    bench.manager.plant(`{"current":"short","previous":"","next":"short"}`);
    await expect(bench.step("testSecret", token)).rejects.toThrow("the value does not fit");
  });
  test("a pending value that does not fit is not tested away", async () => {
    const bench = new Bench({ ...KINDS["generated"]!(), next: () => ({ current: "cut" }) });
    await bench.seed();
    bench.manager.now += 86_400_000;
    const token = bench.manager.beginRotation();
    await bench.step("createSecret", token);
    await expect(bench.step("testSecret", token)).rejects.toThrow("the value does not fit");
  });
  test("createSecret makes no second value for a version that has one", async () => {
    const { bench, token } = await seeded();
    await bench.step("createSecret", token);
    await bench.step("createSecret", token);
    expect(bench.manager.calls.filter((call) => call === "PutSecretValue")).toHaveLength(2); // with the seed's
  });
  test("a step that is done is done, and leaves nothing pending behind", async () => {
    const { bench, token } = await seeded();
    for (const step of STEPS) await bench.step(step, token);
    const after = bench.manager.text("AWSCURRENT");
    for (const step of STEPS) expect(await bench.step(step, token)).toEqual({});
    expect(bench.manager.text("AWSCURRENT")).toBe(after);
  });
});

test.each<[string, unknown, string]>([
  ["nothing", undefined, "another secret"],
  ["an event about another secret", { action: "seed", secretId: `${ARN}x` }, "another secret"],
  ["a rotation of another secret", { Step: "createSecret", SecretId: "x" }, "another secret"],
  ["an unknown action", { action: "read", secretId: ARN }, "neither seed nor revoke"],
  ["no action", { secretId: ARN }, "no rotation event"],
  ["a step without a token", { Step: "createSecret", SecretId: ARN }, "no rotation event"],
  ["a token that is no text", { Step: "createSecret", SecretId: ARN, ClientRequestToken: {} }, "no rotation"],
])("%s is refused without a call", async (_class, event, message) => {
  const bench = new Bench(KINDS["generated"]!());
  await expect(bench.call(event as object)).rejects.toThrow(message);
  expect(bench.manager.calls).toEqual([]);
});

/** How many calls an act takes on a seeded secret. */
async function callsOf(bench: Bench, act: (bench: Bench) => Promise<unknown>): Promise<number> {
  await bench.seed();
  bench.manager.calls = [];
  await act(bench);
  return bench.manager.calls.length;
}

function crashes(calls: number): Crash[] {
  return Array.from({ length: calls }, (_, call) => [
    { call, when: "before" } as const,
    { call, when: "after" } as const,
  ]).flat();
}

/** The next calls are counted from 0. */
function crashAt(bench: Bench, crash: Crash): void {
  bench.manager.calls = [];
  bench.manager.crash = crash;
}

/** Repeats what failed, as Secrets Manager, Lambda and people do. */
async function twice(act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch {
    await act();
  }
}
