import { EGRESS_ALARMS } from "../egress/alarms";
import { LIMITS_ALARMS } from "../limits/alarms";
import type { Alarm } from "./alarm";
import { ALARMS } from "./catalogue";

/** The catalogue, and the alarms of what only some servers have: proxies and limits. */
export const EVERY_ALARM: readonly Alarm[] = [...ALARMS, ...EGRESS_ALARMS, ...LIMITS_ALARMS];
