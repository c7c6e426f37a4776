import type { RotationWindowModel } from "./model";

/** Hours between two restarts of a server's tasks at most: a day, and what retries and the deployment itself take. */
export const REDELIVERY_HOURS = 26;

/** When one secret changes, as Secrets Manager is told, and what follows from it. */
export interface Schedule {
  readonly rules:
    | { readonly automaticallyAfterDays: number }
    | { readonly scheduleExpression: string; readonly duration: string };
  /**
   * Younger values are not rotated, whoever asks: tasks that have not been started anew since would not know the value
   * after the next. As long as a redelivery may take, and an hour less than the schedule's own shortest pause.
   */
  readonly minAgeSeconds: number;
  /** Days after which a value is late: the schedule's longest pause, and a day. */
  readonly lateAfterDays: number;
}

/** From so many days on, once a month is often enough: first Tuesdays are 28 or 35 days apart. */
const MONTH = 35;
/** From so many days on, one window a week is enough. */
export const WEEK = 7;
const DAY_HOURS = 24;

/** The schedule of a secret that changes at least every so many days. */
export function scheduleOf(rotateDays: number, window: RotationWindowModel | undefined): Schedule {
  if (window !== undefined) return inWindow(rotateDays, window);
  if (rotateDays > 2) {
    const shortest = (rotateDays - 1) * DAY_HOURS;
    return schedule({ automaticallyAfterDays: rotateDays }, shortest, rotateDays);
  }
  // Over whole days, two changes could come closer than two restarts. A rate begins at midnight, before the restart at 3.
  const hours = rotateDays === 2 ? 20 : 3;
  const scheduleExpression = rotateDays === 1 ? "rate(1 day)" : `rate(${rotateDays} days)`;
  return schedule({ scheduleExpression, duration: `${hours}h` }, rotateDays * DAY_HOURS - hours, rotateDays);
}

function inWindow(rotateDays: number, { days, fromHour, hours }: RotationWindowModel): Schedule {
  const duration = `${hours}h`;
  const on = (day: string): string => `cron(0 ${fromHour} ? * ${day} *)`;
  if (rotateDays >= WEEK) {
    const [scheduleExpression, shortest, longest] =
      rotateDays >= MONTH
        ? [on(`${days[0]}#1`), MONTH - WEEK, MONTH]
        : ([on(days[0] ?? ""), WEEK, WEEK] as const);
    return schedule({ scheduleExpression, duration }, shortest * DAY_HOURS - hours, longest);
  }
  const { shortest, longest } = pauses(days);
  const scheduleExpression = on(days.join());
  return schedule({ scheduleExpression, duration }, shortest * DAY_HOURS - hours, longest);
}

function schedule(rules: Schedule["rules"], shortestHours: number, longestDays: number): Schedule {
  return {
    rules,
    minAgeSeconds: Math.min(REDELIVERY_HOURS, shortestHours - 1) * 3600,
    lateAfterDays: lateAfter(longestDays),
  };
}

/** Days after which a value is late that changes every so many days at most: the window's own day, and one more. */
export function lateAfter(longestDays: number): number {
  return longestDays + 2;
}

/** Days of the week in Secrets Manager's order. */
export const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"] as const;

/** Days between the named days of every week: least and most. */
export function pauses(days: readonly string[]): { readonly shortest: number; readonly longest: number } {
  const order = days.map((day) => (WEEKDAYS as readonly string[]).indexOf(day)).sort((a, b) => a - b);
  const between = order.map((day, index) => (order[index + 1] ?? (order[0] ?? 0) + WEEK) - day);
  return { shortest: Math.min(...between), longest: Math.max(...between) };
}

const HOURS: Readonly<Record<string, number>> = { hour: 1, hours: 1, day: DAY_HOURS, days: DAY_HOURS };

/** Most days between two changes by an expression, the length of its window aside; nothing for a form that is not ours. */
export function daysOf(
  expression: unknown,
): { readonly shortest: number; readonly longest: number } | undefined {
  const rate = /^rate\((\d+) (hours?|days?)\)$/.exec(String(expression));
  if (rate) {
    const days = (Number(rate[1]) * (HOURS[rate[2] ?? ""] ?? 0)) / DAY_HOURS;
    return { shortest: days, longest: days };
  }
  const cron = /^cron\(0 \d+ \? \* ([A-Z,]+)(#[1-4])? \*\)$/.exec(String(expression));
  const days = cron?.[1]?.split(",") ?? [];
  if (days.length === 0 || !days.every((day) => (WEEKDAYS as readonly string[]).includes(day)))
    return undefined;
  return cron?.[2] === undefined ? pauses(days) : { shortest: MONTH - WEEK, longest: MONTH };
}
