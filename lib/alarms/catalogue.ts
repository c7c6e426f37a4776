import type { Alarm } from "./alarm";
import { PLATFORM_ALARMS } from "./catalogue-platform";
import { SERVER_ALARMS } from "./catalogue-server";

/** Every alarm there is, the platform's first. */
export const ALARMS: readonly Alarm[] = [...PLATFORM_ALARMS, ...SERVER_ALARMS];

/** The alarms of one scope that this configuration asks for. */
export function alarmsFor(
  scope: Alarm["scope"],
  facts: { readonly expectedCountries: readonly string[] },
): readonly Alarm[] {
  return ALARMS.filter(
    (alarm) =>
      alarm.scope === scope && (alarm.only !== "expected-countries" || facts.expectedCountries.length > 0),
  );
}
