/** Share of classes that are caught, in percent, below which a hop must not fall. Raise a floor when more is caught. */
export const FLOORS: Readonly<Record<string, number>> = {
  access: 52,
  alarms: 81,
  audit: 71,
  downstream: 54,
  edge: 43,
  gateway: 100,
  ingress: 54,
  network: 37,
  redelivery: 70,
  secrets: 63,
  store: 90,
  task: 46,
  waf: 94,
};

/** The same of all hops together. */
export const FLOOR = 76;
