import type { Check, Fields } from "../../validation";
import type { RotationConfig, RotationWindowConfig, Weekday } from "./config";
import { pauses, REDELIVERY_HOURS, WEEK, WEEKDAYS } from "./schedule";

/** How a server's secrets change and reach its tasks. */
export interface DeliveryModel {
  readonly pickUp: "daily" | "fast";
  readonly window: RotationWindowModel | undefined;
  /** Whether their age is watched. */
  readonly watched: boolean;
}

/** Hours in which rotation may run. */
export interface RotationWindowModel {
  /** In the order in which they were written. */
  readonly days: readonly Weekday[];
  readonly fromHour: number;
  readonly hours: number;
}

/** What a server has that says nothing about its rotation. */
export const DAILY: DeliveryModel = { pickUp: "daily", window: undefined, watched: false };

/** Resolves how a server's secrets change. `check` stands at `rotation`. */
export function resolveDelivery(config: RotationConfig | undefined, check: Check): DeliveryModel {
  if (config === undefined) return DAILY;
  if (!check.object(config, { pickUp: true, at: true } satisfies Fields<RotationConfig>)) return DAILY;
  const { pickUp = "daily", at } = config;
  check.at("pickUp").oneOf(pickUp, ["daily", "fast"]);
  if (pickUp === "fast") {
    check
      .at("pickUp")
      .warn(
        'is "fast": rotations are heard of only where a CloudTrail trail of this region records management events',
      );
  }
  return { pickUp, window: resolveWindow(at, check.at("at")), watched: true };
}

function resolveWindow(
  config: RotationWindowConfig | undefined,
  check: Check,
): RotationWindowModel | undefined {
  if (config === undefined) return undefined;
  const fields = { days: true, fromHour: true, hours: true } satisfies Fields<RotationWindowConfig>;
  if (!check.object(config, fields)) return undefined;
  const { days, fromHour, hours } = config;
  const before = check.problems.length;
  const seen = new Set<string>();
  if (check.at("days").literal(days)) {
    for (const [day, at] of check.at("days").list(days, { min: 1, max: 7 })) {
      if (at.oneOf(day, WEEKDAYS) && seen.has(day))
        at.problem("duplicate", `is ${day} again`, "name each day once");
      seen.add(day);
    }
  }
  // Written into an expression, so known at synth.
  if (check.at("fromHour").literal(fromHour))
    check.at("fromHour").integer(fromHour, { min: 0, max: 23, unit: "o'clock UTC" });
  if (check.at("hours").literal(hours)) {
    const fix = "rotation may not run past midnight: open the window earlier or shorten it";
    check.at("hours").integer(hours, { min: 1, max: Math.max(1, 24 - Number(fromHour)), unit: "hours", fix });
  }
  return check.problems.length > before ? undefined : { days, fromHour, hours };
}

/**
 * The rules between `rotateDays` and what delivers values: tasks are started anew between any two changes. What is no
 * number of days at all is reported elsewhere.
 */
export function checkRotateDays(days: number, check: Check, { pickUp, window }: DeliveryModel): void {
  if (!Number.isInteger(days) || days < 1 || days >= WEEK) return;
  if (days === 1 && (pickUp !== "fast" || window !== undefined)) {
    const fix =
      'tasks take new values once a day: raise it, or say rotation.pickUp "fast" and no rotation.at';
    check.integer(days, { min: 2, max: 90, unit: "days", fix });
    return;
  }
  if (window === undefined) return;
  const { shortest, longest } = pauses(window.days);
  if (longest > days) {
    check.problem(
      "conflict",
      `is ${days}, but rotation.at leaves ${longest} days between two windows`,
      `name more days there, or raise this to ${longest}`,
    );
  } else if (shortest * 24 - window.hours <= REDELIVERY_HOURS) {
    check.problem(
      "conflict",
      `is ${days}, so that it changes in every window of rotation.at, and two of them are closer than two restarts of the tasks`,
      "leave a day out between them, shorten the window, or raise this to 7",
    );
  }
}
