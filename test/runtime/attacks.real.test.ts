import { describeUnless } from "../support/toolchain";
import { fetchLuaJit, missingLuaJit } from "./luajit";
import { digest } from "../gateway/lab";
import { callsWith, corpus } from "./attacks-lua";
import { coverProgram, runProgram } from "./gateway-lua";

/**
 * What runs before a request goes on. Not reached by these attacks: certificates (`certificates.real.test.ts`), mistakes
 * in variables at start, escapes of four bytes (`json.real.test.ts`), and kinds of arguments that the lab's server lacks.
 */
const REQUEST_SIDE = ["auth.lua", "json.lua", "common.lua", "arguments.lua", "policy.lua"];

describeUnless([missingLuaJit()], "the gateway's program outside of Envoy", () => {
  beforeAll(fetchLuaJit, 300_000);

  test("answers every attack as it does under Envoy, and makes no mistake of its own", async () => {
    const { environment, names, requests, expected } = corpus();
    const said = await runProgram(environment, requests);
    const got = said.map((one, index) => [names[index], Number(one.status), one.reason ?? "ok", one.logged]);
    expect(got).toEqual(expected.map(([status, reason], index) => [names[index], status, reason, null]));
  });

  test("names each token by a digest of its own, however many came before and come again", async () => {
    // More than it keeps digests of, twice over, and some of them again and again.
    const ids = Array.from(
      { length: 2600 },
      (_, index) => `token-${index % 3 === 0 ? index % 60 : index % 1200}`,
    );
    const { environment, requests } = callsWith(ids);
    const said = await runProgram(environment, requests);
    expect(said.map(({ credential }) => credential)).toEqual(
      ids.map((id) => `jti:${digest(id).slice(0, 32)}`),
    );
  });

  test("runs through nearly all of what judges requests", async () => {
    const { environment, requests } = corpus();
    const lines = await coverProgram(environment, requests);
    const report = REQUEST_SIDE.map((file) => {
      const its = lines.filter((line) => line.file === file);
      const never = its.flatMap(({ ran, line }) => (ran ? [] : [line])).sort((a, b) => a - b);
      return { file, all: its.length, never };
    });
    for (const { file, all, never } of report) {
      process.stdout.write(`${file}: ${all - never.length} of ${all} lines ran; never ${never.join(" ")}\n`);
    }
    const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0);
    const share = 1 - sum(report.map(({ never }) => never.length)) / sum(report.map(({ all }) => all));
    expect(share).toBeGreaterThan(0.85);
  });
});
