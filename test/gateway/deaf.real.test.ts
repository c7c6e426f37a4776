import { describeWith } from "../support/toolchain";
import { startBadServerLab, type BadServerLab } from "./bad-servers-lab";
import { CALLERS, CLIENTS, STREAMS, unread } from "./deaf-lab";
import { MAY_GROW_MIB } from "./flood-lab";
import { MAY_END_MS } from "./slow-cases";
import { impatient } from "./slow-clocks";

describeWith(["envoy"], "a stream that nobody reads while the server sends on", () => {
  let lab: BadServerLab;
  beforeAll(async () => void (lab = await startBadServerLab({ change: impatient })));
  afterAll(() => lab.stop());

  it.each(
    Object.entries(CLIENTS).flatMap(([how, client]) =>
      Object.entries(STREAMS).map(
        ([what, { writes, reasons: may }]) => [what, how, writes, client, may] as const,
      ),
    ),
  )(
    "%s, %s: is held in bounded memory, ends in time, one line each; others are served",
    async (what, how, writes, client, may) => {
      const { grownMib, latestMs, reasons, ...is } = await unread(lab, writes, client, MAY_END_MS);
      process.stderr.write(
        `[deaf] ${CALLERS} callers, ${what}, ${how}: the gateway grew by ` +
          `${grownMib.toFixed(0)} MiB, ${reasons.join()} after ${latestMs} ms at most\n`,
      );
      expect(is).toEqual({ lines: CALLERS, others: [200], held: true, gone: [true, true] });
      expect(may).toEqual(expect.arrayContaining([...reasons]));
      expect(latestMs).toBeLessThan(5000);
      expect(grownMib).toBeLessThan(2 * MAY_GROW_MIB);
    },
  );
});
