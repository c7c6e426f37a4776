/** Share of classes that are caught, in percent, below which a hop must not fall. Raise a floor when more is caught. */
export const FLOORS: Readonly<Record<string, number>> = {
  access: 63,
  alarms: 88,
  audit: 77,
  downstream: 81,
  edge: 50,
  gateway: 100,
  ingress: 62,
  network: 52,
  redelivery: 79,
  secrets: 73,
  store: 94,
  task: 53,
  waf: 96,
};

/** The same of all hops together. */
export const FLOOR = 83;
