/** Who is told, and when. The alarms themselves are a catalogue (`lib/alarms/catalogue.ts`). */
export interface AlarmsConfig {
  readonly notify: NotifyConfig;
  /** Two-letter codes (ISO 3166-1) of the countries that clients call from; a request from elsewhere alarms. @default no such alarm */
  readonly expectedCountries?: readonly string[];
  /** Other thresholds than the catalogue's, by alarm id: `{ "tool-denied": 20 }`. @default none */
  readonly thresholds?: Readonly<Record<string, number>>;
}

/** Where alarms go. At least one: an alarm that nobody hears is refused. */
export interface NotifyConfig {
  /** Each address has to confirm a mail from AWS before it hears anything. */
  readonly emails?: readonly string[];
  /** An SNS topic that is there already, instead of a new one. Its key must let CloudWatch publish. */
  readonly topicArn?: string;
}
