import type { RotationConfig } from "../../lib/secrets/delivery/config";
import { checkRotateDays, DAILY, resolveDelivery } from "../../lib/secrets/delivery/model";
import { daysOf, pauses, REDELIVERY_HOURS, scheduleOf, WEEKDAYS } from "../../lib/secrets/delivery/schedule";
import { Check, formatProblem } from "../../lib/validation";
import { isTestToken, TOKEN } from "../support/config";

const NIGHT = { days: ["TUE", "FRI"], fromHour: 2, hours: 3 } as const;

describe("schedules", () => {
  test.each([
    [30, undefined, { automaticallyAfterDays: 30 }, 26, 32],
    [3, undefined, { automaticallyAfterDays: 3 }, 26, 5],
    [2, undefined, { scheduleExpression: "rate(2 days)", duration: "20h" }, 26, 4],
    [1, undefined, { scheduleExpression: "rate(1 day)", duration: "3h" }, 20, 3],
    [90, NIGHT, { scheduleExpression: "cron(0 2 ? * TUE#1 *)", duration: "3h" }, 26, 37],
    [35, NIGHT, { scheduleExpression: "cron(0 2 ? * TUE#1 *)", duration: "3h" }, 26, 37],
    [34, NIGHT, { scheduleExpression: "cron(0 2 ? * TUE *)", duration: "3h" }, 26, 9],
    [4, NIGHT, { scheduleExpression: "cron(0 2 ? * TUE,FRI *)", duration: "3h" }, 26, 6],
  ] as const)("%d days, %j", (days, window, rules, minAgeHours, late) => {
    expect(scheduleOf(days, window)).toEqual({
      rules,
      minAgeSeconds: minAgeHours * 3600,
      lateAfterDays: late,
    });
  });

  /** Days of a year on which a schedule opens its window. */
  function openings({ rules }: ReturnType<typeof scheduleOf>): number[] {
    const all = Array.from({ length: 730 }, (_, day) => day);
    if ("automaticallyAfterDays" in rules)
      return all.filter((day) => day % rules.automaticallyAfterDays === 0);
    const rate = /^rate\((\d+) days?\)$/.exec(rules.scheduleExpression);
    if (rate) return all.filter((day) => day % Number(rate[1]) === 0);
    const [, days = "", first] =
      /^cron\(0 \d+ \? \* ([A-Z,]+)(#1)? \*\)$/.exec(rules.scheduleExpression) ?? [];
    return all.filter((day) => {
      const date = new Date(Date.UTC(2026, 0, 1 + day));
      const named = days.split(",").includes(WEEKDAYS[date.getUTCDay()] ?? "");
      return named && (first === undefined || date.getUTCDate() <= 7);
    });
  }

  test("every schedule that is let through has a restart between any two changes, and its own function lets both happen", () => {
    const windows = [
      undefined,
      NIGHT,
      { days: ["MON"], fromHour: 0, hours: 24 },
      { days: ["SUN", "WED", "FRI"], fromHour: 21, hours: 3 },
    ] as const;
    let seen = 0;
    for (const window of windows) {
      for (let days = 1; days <= 90; days++) {
        const check = Check.start(() => false);
        checkRotateDays(days, check.at("rotateDays"), { pickUp: "fast", window, watched: true });
        if (check.problems.length > 0) continue;
        const schedule = scheduleOf(days, window);
        const { rules } = schedule;
        const hours = "duration" in rules ? Number.parseInt(rules.duration) : 24;
        const opens = openings(schedule);
        const gaps = opens.slice(1).map((day, index) => day - (opens[index] ?? 0));
        const [least, most] = [Math.min(...gaps), Math.max(...gaps)];
        // From the end of one window to the beginning of the next.
        expect(schedule.minAgeSeconds / 3600).toBeLessThan(least * 24 - hours);
        // Every day, the window has closed before the restart at 3.
        if (days > 1) expect(least * 24 - hours).toBeGreaterThan(REDELIVERY_HOURS);
        else expect(hours).toBeLessThanOrEqual(3);
        expect(most).toBeLessThanOrEqual(days);
        expect(schedule.lateAfterDays).toBeGreaterThan(most + 1);
        seen++;
      }
    }
    expect(seen).toBeGreaterThan(300);
  });

  test("controls read what is written, and nothing else", () => {
    expect(pauses(["FRI", "TUE"])).toEqual({ shortest: 3, longest: 4 });
    expect(daysOf("cron(0 2 ? * TUE,FRI *)")).toEqual({ shortest: 3, longest: 4 });
    expect(daysOf("cron(0 2 ? * TUE#1 *)")).toEqual({ shortest: 28, longest: 35 });
    expect(daysOf("rate(12 hours)")).toEqual({ shortest: 0.5, longest: 0.5 });
    for (const other of ["cron(0 2 1 * ? *)", "cron(0 2 ? * DAY *)", "rate(3 weeks)", undefined])
      expect(daysOf(other)).toBeUndefined();
  });
});

describe("what a user writes", () => {
  const resolve = (config: unknown) => {
    const check = Check.start(isTestToken);
    const model = resolveDelivery(config as RotationConfig, check.at("rotation"));
    return { model, problems: check.problems.map(formatProblem), warnings: check.warnings };
  };
  test("nothing, little, everything", () => {
    expect(resolve(undefined).model).toEqual(DAILY);
    expect(resolve({})).toEqual({
      model: { pickUp: "daily", window: undefined, watched: true },
      problems: [],
      warnings: [],
    });
    const { model, problems, warnings } = resolve({ pickUp: "fast", at: NIGHT });
    expect([model, problems]).toEqual([{ pickUp: "fast", window: NIGHT, watched: true }, []]);
    expect(warnings).toEqual([expect.stringContaining("CloudTrail trail")]);
  });
  test.each<[string, unknown, string]>([
    ["a wrong speed", { pickUp: "slow" }, 'rotation.pickUp is "slow", expected one of daily, fast'],
    ["a field that is none", { pickup: "fast" }, "rotation.pickup is not a field here"],
    ["a field of the window", { at: { ...NIGHT, zone: "CET" } }, "rotation.at.zone is not a field here"],
    ["no day", { at: { ...NIGHT, days: [] } }, "rotation.at.days has 0 entries"],
    ["no such day", { at: { ...NIGHT, days: ["DAY"] } }, 'rotation.at.days[0] is "DAY"'],
    ["a day twice", { at: { ...NIGHT, days: ["TUE", "TUE"] } }, "rotation.at.days[1] is TUE again"],
    ["days that nobody knows", { at: { ...NIGHT, days: TOKEN } }, "rotation.at.days is known only"],
    [
      "an hour that nobody knows",
      { at: { ...NIGHT, fromHour: TOKEN } },
      "rotation.at.fromHour is known only",
    ],
    ["a length that nobody knows", { at: { ...NIGHT, hours: TOKEN } }, "rotation.at.hours is known only"],
    [
      "an hour that is none",
      { at: { ...NIGHT, fromHour: -1 } },
      "rotation.at.fromHour is -1, expected 0 to 23",
    ],
    [
      "past midnight",
      { at: { days: ["TUE"], fromHour: 22, hours: 3 } },
      "rotation.at.hours is 3, expected 1 to 2",
    ],
  ])("%s", (_what, config, begins) => {
    const { problems } = resolve(config);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(begins);
  });

  const days = (rotateDays: number, config: RotationConfig) => {
    const check = Check.start(() => false);
    checkRotateDays(rotateDays, check.at("rotateDays"), resolve(config).model);
    return check.problems.map(formatProblem);
  };
  test.each<[string, number, RotationConfig, string[]]>([
    ["every day, taken once a day", 1, {}, ["rotateDays is 1, expected 2 to 90 days"]],
    ["every day, taken at once", 1, { pickUp: "fast" }, []],
    ["every day in a window", 1, { pickUp: "fast", at: NIGHT }, ["rotateDays is 1, expected 2 to 90 days"]],
    ["less than the windows give", 3, { at: NIGHT }, ["rotateDays is 3, but rotation.at leaves 4 days"]],
    ["as much as they give", 4, { at: NIGHT }, []],
    [
      "neighbours",
      6,
      { at: { ...NIGHT, days: ["TUE", "WED"] } },
      ["rotateDays is 6, so that it changes in every"],
    ],
    ["neighbours of which one is taken", 7, { at: { ...NIGHT, days: ["TUE", "WED"] } }, []],
    [
      "every other day, all day",
      5,
      { at: { days: ["MON", "WED"], fromHour: 0, hours: 23 } },
      ["rotateDays is 5, so that"],
    ],
    ["every other day, most of it", 5, { at: { days: ["MON", "WED"], fromHour: 0, hours: 21 } }, []],
  ])("%s", (_what, rotateDays, config, begins) => {
    const problems = days(rotateDays, config);
    expect(problems.map((problem, index) => problem.startsWith(begins[index] ?? "?"))).toEqual(
      begins.map(() => true),
    );
  });
});
