import { describeWith } from "../support/toolchain";
import { BAD_SERVERS } from "./bad-servers-cases";
import { PROTECTIONS_GONE, startBadServerLab } from "./bad-servers-lab";

describeWith(["envoy"], "what holds a server that misbehaves, each taken away by itself", () => {
  const all = Object.values(BAD_SERVERS).flat();

  it.each(Object.entries(PROTECTIONS_GONE))("%s", async (protection, gone) => {
    const lab = await startBadServerLab(gone);
    const cases = all.filter((one) => one.protection === protection);
    expect(cases.length).toBeGreaterThan(0);
    try {
      for (const given of cases) {
        const { gets, reason, headers } = await lab.ask(given);
        if (protection === "places")
          expect(headers).toEqual(expect.arrayContaining(["location", "set-cookie"]));
        else expect([given.what, gets, reason]).not.toEqual([given.what, given.gets, given.reason]);
      }
    } finally {
      await lab.stop();
    }
  });
});
