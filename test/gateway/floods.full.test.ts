import { describeWith } from "../support/toolchain";
import { FLOODS } from "./flood-cases";
import { BYSTANDER, dueOf, floodBy, headersOf, MAY_GROW_MIB, memoryOf, startFloodLab } from "./flood-lab";
import { LIMITS_GONE } from "./flood-limits";
import { FrameClient, request } from "./frames";
import type { Lab } from "./lab";

/** How often another client calls meanwhile, and how long it may wait for its answer: ms. */
const EVERY = 50;
const MAY_WAIT = 1500;

describeWith(["envoy"], "floods of HTTP/2 on a running gateway", () => {
  let lab: Lab;
  let before = 0;
  beforeAll(async () => {
    lab = await startFloodLab();
    before = memoryOf(lab.gateway.pid);
  });
  afterAll(() => lab.stop());

  /** Calls on one connection for as long as something lasts; how long each call took: ms. */
  const callWhile = async <T>(something: Promise<T>): Promise<{ result: T; took: number[] }> => {
    const client = await FrameClient.open(lab.gateway);
    const took: number[] = [];
    let lasts = true;
    const result = something.finally(() => (lasts = false));
    for (let stream = 1; lasts; stream += 2) {
      const begun = Date.now();
      await client.send(request(stream, headersOf(lab.keys.ciBot, BYSTANDER)));
      while (!client.answered(stream) && Date.now() - begun < MAY_WAIT)
        await new Promise((resolve) => setTimeout(resolve, 5));
      took.push(client.answered(stream) ? Date.now() - begun : Infinity);
      await new Promise((resolve) => setTimeout(resolve, EVERY));
    }
    client.close();
    return { result: await result, took };
  };

  it.each(Object.entries(FLOODS))(
    "%s: what asks for too much ends, others are served",
    async (_class, floods) => {
      const { result, took } = await callWhile(floodBy(lab, floods));
      expect(result).toEqual(dueOf(floods, result));
      expect(took.length).toBeGreaterThan(3);
      expect(Math.max(...took)).toBeLessThan(MAY_WAIT);
    },
  );

  it("leave no memory behind that grows with them", () => {
    expect(memoryOf(lab.gateway.pid) - before).toBeLessThan(MAY_GROW_MIB);
  });
});

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
