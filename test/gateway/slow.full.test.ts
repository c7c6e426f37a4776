import { describeWith } from "../support/toolchain";
import { startLab, type Lab } from "./lab";
import { SLOW, crowd, isEndedUnread } from "./slow-cases";
import { CLOCKS, patient } from "./slow-clocks";

describeWith(["envoy"], "clients that take their time, and a gateway without clocks and numbers", () => {
  let lab: Lab;
  beforeAll(async () => void (lab = await startLab(patient)));
  afterAll(() => lab.stop());

  it("are waited for", async () => {
    const clients = await Promise.all(SLOW.map(({ does }) => does(lab)));
    const longest = Math.max(...Object.values(CLOCKS).map(({ shortMs }) => shortMs));
    await new Promise((resolve) => setTimeout(resolve, longest + 600));
    expect(clients.map(({ ended }) => ended())).toEqual(SLOW.map(() => false));
    clients.forEach(({ close }) => close());
  });

  it("hold the connections that they do not read from", async () => {
    expect(await isEndedUnread(patient, CLOCKS.reading.shortMs + 1500)).toBe(false);
  });

  it("are as many as there are", async () => {
    const clients = await crowd(lab);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(clients.filter(({ ended }) => ended())).toHaveLength(0);
    clients.forEach(({ close }) => close());
  });
});
