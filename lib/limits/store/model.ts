import { checkRotateDays, type DeliveryModel } from "../../secrets/delivery/model";
import { resolveDays, ROTATE_DAYS } from "../../secrets/rules";
import type { Check, Fields } from "../../validation";
import type { NewLimitStoreConfig } from "../config";

/** A store that is made here, with every default resolved. */
export type NewLimitStoreModel = Required<NewLimitStoreConfig>;

/** Defaults, each with its reason. */
export const NEW_STORE_DEFAULTS = {
  /** A hundred bytes a count and a minute's life: the smallest is enough for a hundred thousand callers. */
  nodeType: "cache.t4g.micro",
  /** A zone may fail. */
  replicas: 1,
  engineVersion: "8.0",
  /** Few people work then between America and Japan. */
  maintenanceWindow: "sun:03:00-sun:04:00",
  rotateDays: ROTATE_DAYS,
} as const;

const FIELDS = {
  kind: true,
  nodeType: true,
  replicas: true,
  engineVersion: true,
  maintenanceWindow: true,
  rotateDays: true,
} satisfies Fields<NewLimitStoreConfig>;

const NODE = {
  pattern: /^cache\.(t3|t4g|m5|m6g|m7g|r5|r6g|r7g)\.(micro|small|medium|large|\d{0,2}xlarge)$/,
  form: "a node type such as cache.t4g.micro: t3, t4g, m5, m6g, m7g, r5, r6g or r7g",
} as const;

const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const WEEK_MINUTES = 7 * 24 * 60;

/** Resolves a store that is to be made. `check` stands at it. */
export function resolveNewStore(
  config: NewLimitStoreConfig,
  check: Check,
  delivery: DeliveryModel,
): NewLimitStoreModel {
  const defaults = { kind: "new", ...NEW_STORE_DEFAULTS } as const;
  if (!check.object(config, FIELDS)) return defaults;
  const {
    nodeType = defaults.nodeType,
    replicas = defaults.replicas,
    engineVersion = defaults.engineVersion,
    maintenanceWindow = defaults.maintenanceWindow,
  } = config as NewLimitStoreConfig;
  check.at("nodeType").text(nodeType, NODE);
  const known = check
    .at("replicas")
    .integer(replicas, { min: 1, max: 5, unit: "copies in other zones", known: true });
  const isVersion =
    check.at("engineVersion").literal(engineVersion) &&
    check.at("engineVersion").oneOf(engineVersion, ["7.2", "8.0", "8.1"]);
  checkWindow(maintenanceWindow, check.at("maintenanceWindow"));
  const days = resolveDays((config as NewLimitStoreConfig).rotateDays, check.at("rotateDays"));
  checkRotateDays(days, check.at("rotateDays"), delivery);
  return {
    kind: "new",
    nodeType,
    replicas: known ? replicas : defaults.replicas,
    engineVersion: isVersion ? engineVersion : defaults.engineVersion,
    maintenanceWindow,
    rotateDays: days,
  };
}

/** AWS takes an hour to a day; a day of patching is nobody's wish. */
function checkWindow(window: string, check: Check): void {
  if (check.isToken(window)) return;
  const form = { pattern: WINDOW, form: "an hour to a day of the week, UTC, such as sun:03:00-sun:04:00" };
  if (!check.text(window, form)) return;
  const [begin, end] = window.split("-").map(minuteOf);
  const minutes = ((end ?? 0) - (begin ?? 0) + WEEK_MINUTES) % WEEK_MINUTES;
  if (minutes < 60 || minutes > 24 * 60)
    check.problem("out-of-range", `is ${minutes} minutes long, expected 60 to 1440`, "name an hour");
}

const TIME = `(?:${DAYS.join("|")}):(?:[01]\\d|2[0-3]):[0-5]\\d`;
const WINDOW = new RegExp(`^${TIME}-${TIME}$`);

function minuteOf(text: string): number {
  const [day = "", hour, minute] = text.split(":");
  return (DAYS.indexOf(day) * 24 + Number(hour)) * 60 + Number(minute);
}
