import type { Alarm, DimensionSource } from "./alarm";
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

/** Where the values of an alarm's dimensions come from, as far as they are not its own. */
export function sourcesOf({ signal }: Alarm): readonly Extract<DimensionSource, string>[] {
  const metrics =
    signal.kind === "metric" ? [signal] : signal.kind === "calculation" ? Object.values(signal.of) : [];
  const named = metrics
    .flatMap(({ dimensions }) => Object.values(dimensions))
    .filter((source) => typeof source === "string");
  return signal.kind === "audit-lines" ? ["audit-log-group"] : [...new Set(named)];
}
