import type { Alarm } from "./alarm";
import { PLATFORM_ALARMS } from "./catalogue-platform";
import { SERVER_ALARMS } from "./catalogue-server";

/** Every alarm there is, the platform's first. */
export const ALARMS: readonly Alarm[] = [...PLATFORM_ALARMS, ...SERVER_ALARMS];

/** What decides which alarms there are. */
export interface AlarmFacts {
  readonly expectedCountries: readonly string[];
  /** Whether the firewall's rules are ours, by whose names some alarms count. @default true */
  readonly ownWebAcl?: boolean;
}

/** The alarms of one scope that this configuration asks for. */
export function alarmsFor(scope: Alarm["scope"], facts: AlarmFacts): readonly Alarm[] {
  const asked = {
    "expected-countries": facts.expectedCountries.length > 0,
    "own-web-acl": facts.ownWebAcl !== false,
  };
  return ALARMS.filter((alarm) => alarm.scope === scope && (alarm.only === undefined || asked[alarm.only]));
}
