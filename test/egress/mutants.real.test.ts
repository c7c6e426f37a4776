import { describeWith } from "../support/toolchain";
import { egressPlan } from "./fixture";
import { startEgress, tunnel } from "./lab";
import { MUTANTS } from "./mutants";

const NAMES = {
  "api.example.com": "127.0.0.1",
  "eu.partner.example.net": "127.0.0.1",
  "evil.example": "127.0.0.1",
  // This machine, by an address that the lab does not count as public.
  "loopback.partner.example.net": "127.0.0.2",
};

/** A protection that can be taken away without anybody being reached is none: each attack is run with it and without. */
describeWith(["envoy"], "each protection of the egress proxy stops an attack", () => {
  const plan = egressPlan();

  test.each(Object.entries(MUTANTS))("%s", async (_class, { change, attack }) => {
    const reached: number[] = [];
    for (const mutate of [undefined, change]) {
      const lab = await startEgress(plan, "orders", NAMES, mutate);
      const trust = lab.certificate;
      reached.push((await lab.during(() => tunnel(lab.port, { ...attack, trust }))).reached);
      await lab.stop();
    }
    expect(reached).toEqual([0, 1]);
  });
});
