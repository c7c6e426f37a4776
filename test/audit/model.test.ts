import type { AuditConfig } from "../../lib/audit/config";
import { resolveAudit } from "../../lib/audit/model";
import { LOG_RETENTION_STEPS } from "../../lib/audit/retention";
import { POSTURES } from "../../lib/posture";
import { isToken } from "../../lib/terraform";
import { Check, formatProblem } from "../../lib/validation";

function resolve(config: unknown) {
  const check = Check.start(isToken).at("audit");
  const model = resolveAudit(config as AuditConfig | undefined, check, POSTURES.production);
  return { model, problems: check.problems.map(formatProblem) };
}

describe("defaults follow the posture", () => {
  test("production", () =>
    expect(resolve(undefined)).toEqual({
      model: { retainDays: 400, archive: { kind: "new", retainDays: 365, mode: "COMPLIANCE" } },
      problems: [],
    }));
  test("a sandbox", () =>
    expect(resolveAudit({}, Check.start(isToken), POSTURES.sandbox)).toEqual({
      retainDays: 7,
      archive: { kind: "new", retainDays: 1, mode: "GOVERNANCE" },
    }));
  test("what is set stays", () =>
    expect(resolve({ retainDays: 90, archive: { retainDays: 36_500, mode: "GOVERNANCE" } }).model).toEqual({
      retainDays: 90,
      archive: { kind: "new", retainDays: 36_500, mode: "GOVERNANCE" },
    }));
});

describe("each class of fault is refused", () => {
  test.each<[string, unknown, RegExp]>([
    [
      "no step of CloudWatch",
      { retainDays: 300 },
      /^audit\.retainDays is 300, .*use 365, .*\[out-of-range\]$/,
    ],
    ["beyond the last step", { retainDays: 4000 }, /^audit\.retainDays is 4000.*\[out-of-range\]$/],
    ["no number", { retainDays: "400" }, /^audit\.retainDays .*\[wrong-type\]$/],
    [
      "no time in the archive",
      { archive: { retainDays: 0 } },
      /^audit\.archive\.retainDays .*\[out-of-range\]$/,
    ],
    [
      "over a hundred years",
      { archive: { retainDays: 36_501 } },
      /^audit\.archive\.retainDays .*\[out-of-range\]$/,
    ],
    [
      "a mode of its own",
      { archive: { mode: "compliance" } },
      /^audit\.archive\.mode .*did you mean COMPLIANCE/,
    ],
    [
      "a mode known only later",
      { archive: { mode: "${var.mode}" } },
      /^audit\.archive\.mode .*token-not-allowed/,
    ],
    ["an unknown field", { retainDay: 1 }, /^audit\.retainDay .*did you mean retainDays/],
    ["an unknown field of the archive", { archive: { days: 1 } }, /^audit\.archive\.days .*unknown-field/],
    ["no object", "yes", /^audit is a string.*\[wrong-type\]$/],
    ["no archive object", { archive: true }, /^audit\.archive is a boolean.*\[wrong-type\]$/],
  ])("%s", (_class, config, message) => {
    const { model, problems } = resolve(config);
    expect(problems).toEqual([expect.stringMatching(message)]);
    expect(model).toEqual(resolve(undefined).model);
  });
  test("what is known only at deployment passes", () => {
    const days = "${var.days}" as unknown as number;
    expect(resolve({ retainDays: days, archive: { retainDays: days } })).toEqual({
      model: { retainDays: days, archive: { kind: "new", retainDays: days, mode: "COMPLIANCE" } },
      problems: [],
    });
  });
});

test("the steps are CloudWatch's", () => {
  expect(LOG_RETENTION_STEPS).toHaveLength(22);
  expect([...LOG_RETENTION_STEPS].sort((a, b) => a - b)).toEqual(LOG_RETENTION_STEPS);
  for (const { logRetainDays } of Object.values(POSTURES))
    expect(LOG_RETENTION_STEPS).toContain(logRetainDays);
});
