import { describeUnless } from "../support/toolchain";
import { make, problemAtStart } from "./exact/exact";
import { AUTH_GROUPS } from "./exact/auth-cases";
import { COMMON_GROUPS } from "./exact/common-cases";
import { METHODS_GROUPS } from "./exact/methods-cases";
import { POLICY_GROUPS } from "./exact/policy-cases";
import { RESPONSE_GROUPS } from "./exact/response-cases";
import { SESSION_GROUPS } from "./exact/session-cases";
import { fetchLuaJit, missingLuaJit } from "./luajit";

describeUnless([missingLuaJit()], "each part of the gateway's program, answer for answer", () => {
  beforeAll(fetchLuaJit, 300_000);

  it.each([
    ["common", COMMON_GROUPS],
    ["policy", POLICY_GROUPS],
    ["auth", AUTH_GROUPS],
    ["methods", METHODS_GROUPS],
    ["response", RESPONSE_GROUPS],
    ["sessions", SESSION_GROUPS],
  ] as const)("%s", async (_part, groups) => {
    for (const group of groups) {
      if (group.fails !== undefined) {
        expect(await problemAtStart(group)).toContain(group.fails);
        continue;
      }
      const made = await make(group);
      const named = <T>(all: readonly T[]) => all.map((one, index) => [group.cases[index]?.[0], one]);
      expect(named(made)).toStrictEqual(named(group.cases.map(([, , due]) => due)));
    }
  });
});
