import { readAuditLines } from "../support/audit";
import { describeWith } from "../support/toolchain";
import { PATH, startLab, type Lab } from "./lab";
import { frame } from "./raw";
import { CROWD, MAY_END_MS, SLOW, crowd, headersOf, isEndedUnread, soon } from "./slow-cases";
import { CLOCKS, impatient } from "./slow-clocks";

describeWith(["envoy"], "clients that take their time", () => {
  let lab: Lab;
  beforeAll(async () => void (lab = await startLab(impatient)));
  afterAll(() => lab.stop());

  it("are ended when their clock runs out, not before, and by nothing else; others are served", async () => {
    // The gateway's clocks, made to run out within this while.
    const ends = await Promise.all(
      SLOW.map(async ({ what, clock, does, line }) => {
        // Before the gateway's clock begins to run.
        const begun = Date.now();
        const client = await does(lab);
        const ended = await soon(client.ended, MAY_END_MS);
        const took = Date.now() - begun;
        client.close();
        return { what, ended, early: took < 0.9 * CLOCKS[clock].shortMs, line };
      }),
    );
    const { headers: sent, body } = {
      headers: headersOf(lab),
      body: frame(lab).split("\r\n\r\n")[1] as string,
    };
    expect((await lab.gateway.send({ path: PATH, headers: sent, body })).status).toBe(200);
    expect(ends).toEqual(SLOW.map(({ what, line }) => ({ what, ended: true, early: false, line })));
    const wanted = [...SLOW.flatMap(({ line }) => line ?? []), "ok via_upstream"];
    await lab.gateway.lines(wanted.length);
    const lines = readAuditLines(lab.gateway.output());
    expect(lines.map(({ reason, envoy }) => `${reason} ${envoy ?? ""}`).sort()).toEqual(wanted.sort());
  });

  it("hold no connection that they do not read from", async () => {
    expect(await isEndedUnread(impatient, MAY_END_MS)).toBe(true);
  });

  it("are 2,000 at most", async () => {
    const clients = await crowd(lab);
    const refused = () => clients.filter(({ ended }) => ended()).length;
    expect(await soon(() => refused() >= CROWD - 2000, 10_000)).toBe(true);
    clients.forEach(({ close }) => close());
  });
});
