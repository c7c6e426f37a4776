/** Share of classes that are caught, in percent, below which a hop must not fall. Raise a floor when more is caught. */
export const FLOORS: Readonly<Record<string, number>> = {
  access: 100,
  alarms: 96,
  audit: 89,
  downstream: 81,
  edge: 100,
  gateway: 100,
  ingress: 98,
  network: 98,
  redelivery: 92,
  secrets: 85,
  store: 95,
  task: 99,
  waf: 97,
};

/** The same of all hops together. */
export const FLOOR = 83;
