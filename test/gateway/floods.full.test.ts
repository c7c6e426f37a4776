import { describeWith } from "../support/toolchain";
import { FLOODS } from "./flood-cases";
import { dueOf, floodBy, startFloodLab } from "./flood-lab";
import { LIMITS_GONE } from "./flood-limits";

/** What would end within this time with its limit goes on without it. */
const PATIENCE_MS = 500;

describeWith(["envoy"], "limits of HTTP/2 without which floods go on, each by itself", () => {
  const all = Object.values(FLOODS).flat();

  it.each(Object.entries(LIMITS_GONE))("%s", async (limit, change) => {
    const lab = await startFloodLab(change);
    const floods = all.filter((one) => one.limit === limit);
    expect(floods.length).toBeGreaterThan(0);
    try {
      for (const given of floods) {
        const flooded = await floodBy(lab, [given], PATIENCE_MS);
        expect(flooded).not.toEqual(dueOf([given], flooded));
        process.stderr.write(`[floods] no limit of ${limit}: ${JSON.stringify(flooded)}\n`);
      }
    } finally {
      await lab.stop();
    }
  });
});
