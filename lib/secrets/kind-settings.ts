import { texts, type Fields } from "../audit/read";
import { isExpression } from "../terraform/plan";
import type { RotationKind } from "./rotation-code";

/** Whether a setting can be what a function of the kind needs, beside a secret that changes every so many days. */
type Right = (value: unknown, days: number) => boolean;

const said: Right = (value) => typeof value === "string" && value.trim() !== "";
const port: Right = (value) => Number(value) >= 1 && Number(value) <= 65_535;

const DATABASE: Readonly<Record<string, Right>> = {
  engine: said,
  host: said,
  port,
  database: said,
  users: (value) => texts(value).length > 0 || said(value, 0),
  adminSecretArn: said,
};

/** What a function of each kind has to be told, whatever else it is told. */
const KINDS: Readonly<Record<RotationKind, Readonly<Record<string, Right>>>> = {
  "client-key": { client: said },
  // The runtime refuses less than 16 characters; without a number it makes none.
  generated: { length: (value) => Number(value) >= 16 },
  mysql: DATABASE,
  postgres: DATABASE,
  "store-user": { userId: said, endpoint: said },
  // A task that was started just before a rotation shows the old certificate until after the next.
  "tls-certificate": { name: said, days: (value, rotated) => Number(value) >= 2 * rotated },
};

/** The first setting that a function's code cannot work with; nothing where all are right, or the code is none of ours. */
export function wrongSetting(filename: unknown, settings: Fields, rotateDays: number): string | undefined {
  const kind = /([a-z-]+)\.zip$/.exec(String(filename))?.[1] ?? "";
  const needed = Object.hasOwn(KINDS, kind) ? KINDS[kind as RotationKind] : {};
  // What is known only at deployment is said, and no more can be known of it here.
  return Object.entries(needed).find(
    ([name, right]) => !isExpression(settings[name]) && !right(settings[name], rotateDays),
  )?.[0];
}
