import type { Bootstrap } from "../support/envoy";
import { TestIssuer } from "../support/tokens";
import { build, orders } from "./lab";
import { CLOCKS, clocksOf } from "./slow-clocks";

test("clients have the time that is documented, no less and no more", () => {
  const { command } = build(orders(new TestIssuer()), 3000).container;
  const bootstrap = JSON.parse(command[command.indexOf("--config-yaml") + 1] as string) as Bootstrap;
  const { reading, ...others } = CLOCKS;
  expect(clocksOf(bootstrap)).toEqual({
    ...Object.fromEntries(Object.entries(others).map(([clock, { seconds }]) => [clock, `${seconds}s`])),
    reading: reading.seconds * 1000,
  });
});
