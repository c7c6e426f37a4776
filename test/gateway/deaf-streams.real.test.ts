import { describeWith } from "../support/toolchain";
import { DEAF_STREAMS, KINDS, STREAMS, report, unreadStreams } from "./deaf-streams-cases";
import { SOON_MS, startOpenLab } from "./deaf-streams-lab";
import { MAY_GROW_MIB } from "./flood-lab";

describeWith(["envoy"], `${STREAMS} streams of one client, that nobody reads`, () => {
  const given = DEAF_STREAMS.find(({ what, over }) => what === "events" && over === "HTTP/2");
  const { over, sends, clock, line } = given as NonNullable<typeof given>;

  it.each(Object.entries(KINDS))(
    "%s: are held in bounded memory, ended in time, one line each; others are served",
    async (kind, opening) => {
      const lab = await startOpenLab(sends, { [clock]: SOON_MS });
      const unread = await unreadStreams(lab, opening(lab), over).finally(() => lab.stop());
      report(`${kind}, over ${over}`, STREAMS, unread);
      const { sorts, ms, took, grownMib, ...is } = unread;
      expect(is).toEqual({ held: true, lines: STREAMS, others: [200], gone: [true, true] });
      expect(sorts.filter((sort) => !line.test(sort))).toEqual([]);
      expect(ms[0]).toBeGreaterThan(0.9 * SOON_MS);
      expect(took[0]).toBeLessThan(500);
      expect(grownMib).toBeLessThan(MAY_GROW_MIB);
    },
  );
});
