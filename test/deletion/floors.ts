/** Share of classes that are caught, in percent, below which a hop must not fall. Raise a floor when more is caught. */
export const FLOORS: Readonly<Record<string, number>> = {
  access: 100,
  alarms: 97,
  audit: 98,
  downstream: 100,
  edge: 100,
  gateway: 100,
  ingress: 98,
  network: 100,
  redelivery: 100,
  secrets: 98,
  store: 100,
  task: 99,
  waf: 99,
};

/** The same of all hops together. */
export const FLOOR = 99;

/** The same of what the complete example has not. */
export const FLOORS_BEYOND: Readonly<Record<string, number>> = {
  access: 100,
  audit: 100,
  downstream: 100,
  edge: 100,
  egress: 99,
  gateway: 100,
  ingress: 97,
  "key-mirror": 97,
  limits: 97,
  network: 100,
  redelivery: 99,
  secrets: 95,
  store: 100,
  task: 98,
};
