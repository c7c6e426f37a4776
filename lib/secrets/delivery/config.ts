/** A day of the week, as Secrets Manager writes it. */
export type Weekday = "SUN" | "MON" | "TUE" | "WED" | "THU" | "FRI" | "SAT";

/**
 * When the secrets of a server change, how soon its tasks know, and who hears when a change does not come. Whoever writes
 * this, even `{}`, also gets the watch over their age: every two hours a state machine compares each secret's newest
 * value with its schedule, and a value that is late by more than a day rings, as does a watch that does not run at all.
 * Cost: about 0.30 US dollars a month.
 */
export interface RotationConfig {
  /**
   * How soon running tasks take a changed secret. `daily`: within a day, by the restart that every server has at 3 UTC;
   * nobody is refused meanwhile, because values are announced a rotation ahead. `fast`: five minutes after the change,
   * and as long as a deployment takes; changes that come together make one deployment. Needs a CloudTrail trail of this
   * region that records management events (without one nothing is lost: the daily restart goes on). Does not see
   * `revoke`, which is no rotation: after that start a deployment by hand. Cost: about 0.50 US dollars a month for alarms.
   * @default "daily"
   */
  readonly pickUp?: "daily" | "fast";
  /** Times at which rotation may run. @default any time of the day on which it is due */
  readonly at?: RotationWindowConfig;
}

/**
 * Hours in which secrets change. With it, schedules follow the calendar: a secret changes in the first window of a month
 * when its `rotateDays` is 35 or more, in the first of a week from 7 on, and below that in every window. So it changes at
 * least as often as asked.
 */
export interface RotationWindowConfig {
  /** Days of the week, 1 to 7 different ones. Where one a week is enough the first named is taken. */
  readonly days: readonly Weekday[];
  /** Hour at which it opens, UTC, 0 to 23. */
  readonly fromHour: number;
  /** Hours until it closes, 1 to 24 and not past midnight. Secrets Manager begins at any time in it. */
  readonly hours: number;
}
