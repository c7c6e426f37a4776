import { describeWith } from "../support/toolchain";
import { startLab } from "./lab";
import { WIRE_MUTANTS } from "./wire-mutants";

describeWith(
  ["envoy"],
  "settings of Envoy without which an attack on the wire succeeds, each by itself",
  () => {
    it.each(WIRE_MUTANTS)("$what", async ({ change, succeeds }) => {
      const lab = await startLab(change);
      expect(await succeeds(lab).finally(() => lab.stop())).toBe(true);
    });
  },
);
