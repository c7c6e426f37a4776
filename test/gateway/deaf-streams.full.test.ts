import { describeWith } from "../support/toolchain";
import { DEAF_STREAMS, KINDS, STREAMS, report, unreadStreams } from "./deaf-streams-cases";
import { SOON_MS, startOpenLab, type Clock } from "./deaf-streams-lab";
import { MAY_GROW_MIB } from "./flood-lab";

/** What ends a stream before, so that the clock behind it can be seen. */
const BEFORE: Partial<Record<Clock, Partial<Record<Clock, number>>>> = {
  "longest stream": { "its own time": 0 },
};
/** Others' calls, on a machine that is busy. */
const MAY_WAIT_MS = 1000;

const cases = Object.entries(KINDS).flatMap(([kind, opening]) =>
  DEAF_STREAMS.map((given) => [kind, given.what, given.over, given.clock, given, opening] as const),
);

describeWith(["envoy"], "streams that nobody reads", () => {
  it.each(cases)(
    "%s, %s, over %s, are ended by the clock of %s, one line each; others are served",
    async (
      kind,
      what,
      over,
      clock,
      { sends, line, behind, count = STREAMS, mayGrowMib = MAY_GROW_MIB },
      opening,
    ) => {
      const clocks = { ...BEFORE[clock], ...(behind && { [behind]: 2 * SOON_MS }), [clock]: SOON_MS };
      const lab = await startOpenLab(sends, clocks);
      const unread = await unreadStreams(lab, opening(lab), over, count).finally(() => lab.stop());
      report(`${kind}, ${what}, over ${over}`, count, unread);
      const { sorts, ms, took, grownMib, ...is } = unread;
      expect(is).toEqual({ held: true, lines: count, others: [200], gone: [true, true] });
      expect(sorts.filter((sort) => !line.test(sort))).toEqual([]);
      expect(ms[0]).toBeGreaterThan(0.9 * SOON_MS);
      expect(took[0]).toBeLessThan(MAY_WAIT_MS);
      expect(grownMib).toBeLessThan(mayGrowMib);
    },
  );

  it.each(cases)(
    "%s, %s, over %s, are held without the clock of %s",
    async (_kind, _what, over, clock, { sends }, opening) => {
      const lab = await startOpenLab(sends, { ...BEFORE[clock], [clock]: 0 });
      const unread = await unreadStreams(lab, opening(lab), over, 10, 2 * SOON_MS).finally(() => lab.stop());
      expect(unread).toMatchObject({ held: true, lines: 0, sorts: [], others: [200], gone: [false, false] });
    },
  );
});
