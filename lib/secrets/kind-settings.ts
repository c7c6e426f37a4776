import { texts, type Fields } from "../audit/read";
import type { CharacterClass } from "../runtime/rotation-env";
import { isExpression } from "../terraform/plan";
import type { RotationKind } from "./rotation-kind";

/** Whether a setting can be what a function of the kind needs, beside a secret that changes every so many days. */
type Right = (value: unknown, days: number) => boolean;

const said: Right = (value) => typeof value === "string" && value.trim() !== "";
const port: Right = (value) => Number(value) >= 1 && Number(value) <= 65_535;

const isName = (text: string) => isExpression(text) || /^[a-z_][a-z0-9_]*$/.test(text);
const CLASSES = ["lower", "upper", "digit", "symbol"] satisfies CharacterClass[];
const isClass = (text: string) => isExpression(text) || (CLASSES as readonly string[]).includes(text);

/** Days. With the key of a certificate that is valid for longer, a thief stands in for the task long after it was rotated. */
const LONGEST_VALID = 398;

const DATABASE: Readonly<Record<string, Right>> = {
  engine: said,
  host: said,
  port,
  database: said,
  // The function refuses other names, before it asks the database for anything.
  users: (value) => isExpression(value) || (texts(value).length > 0 && texts(value).every(isName)),
  adminSecretArn: said,
};

/** What a function of each kind has to be told, whatever else it is told. */
const KINDS: Readonly<Record<RotationKind, Readonly<Record<string, Right>>>> = {
  "client-key": { client: said },
  // The runtime refuses less than 16 characters; without a number it makes none.
  generated: {
    length: (value) => Number(value) >= 16,
    require: (value) => value === undefined || texts(value).every(isClass),
  },
  mysql: DATABASE,
  postgres: DATABASE,
  "store-user": { userId: said, endpoint: said },
  // A task that was started just before a rotation shows the old certificate until after the next.
  "tls-certificate": {
    name: said,
    days: (value, rotated) => Number(value) >= 2 * rotated && Number(value) <= LONGEST_VALID,
  },
};

/** The first setting that a function's code cannot work with; nothing where all are right, or the code is none of ours. */
export function wrongSetting(filename: unknown, settings: Fields, rotateDays: number): string | undefined {
  const kind = /([a-z-]+)\.zip$/.exec(String(filename))?.[1] ?? "";
  const needed = Object.hasOwn(KINDS, kind) ? KINDS[kind as RotationKind] : {};
  // What is known only at deployment is said, and no more can be known of it here.
  const wrong = Object.entries(needed).find(
    ([name, right]) => !isExpression(settings[name]) && !right(settings[name], rotateDays),
  )?.[0];
  // Two users have their rights by the role whose members they are; a single one keeps those that it has.
  const isOrphaned = wrong === undefined && texts(settings.users).length > 1 && !said(settings.role, 0);
  return isOrphaned ? "role" : wrong;
}
