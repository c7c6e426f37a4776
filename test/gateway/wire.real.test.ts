import { describeWith } from "../support/toolchain";
import { FRAMING, SERVED } from "./framing-cases";
import { PATH, startLab, type Lab } from "./lab";
import { PATHS } from "./path-cases";
import { exchange, frame } from "./raw";
import { FORGED, WIRE_MUTANTS, forgedSeen } from "./wire-mutants";

describeWith(["envoy"], "bytes on the wire of a running gateway", () => {
  let lab: Lab;
  beforeAll(async () => void (lab = await startLab()));
  afterAll(() => lab.stop());

  let lines = 0;

  describe.each([...FRAMING, ...PATHS])("%s", (_class, cases) => {
    it("are read in one way or refused; one line each; nothing refused reaches the server", async () => {
      const before = lab.server.requests;
      const answers = await Promise.all(cases.map(({ bytes }) => exchange(lab.gateway, bytes(lab))));
      expect(cases.map(({ what }, index) => [what, answers[index]?.statuses])).toEqual(
        cases.map(({ what, statuses }) => [what, statuses]),
      );
      const wanted = cases.flatMap((one) => one.lines);
      const written = (await lab.gateway.lines(lines + wanted.length)).slice(lines);
      lines += written.length;
      expect(written.map(({ reason, envoy }) => `${reason} ${envoy ?? ""}`).sort()).toEqual(
        [...wanted].sort(),
      );
      expect(lab.server.requests - before).toBe(wanted.filter((line) => line === SERVED).length);
      if (lab.server.requests > 0) expect(lab.server.path).toBe(PATH);
      expect(lab.server.trailers).toEqual([]);
    });
  });

  it("what pretends to come from a proxy does not reach the server, nor that a private address is trusted", async () => {
    const add = Object.entries(FORGED).map(([name, value]) => `${name}: ${value}`);
    const before = lab.server.requests;
    expect((await exchange(lab.gateway, frame(lab, { add }))).statuses).toEqual([200]);
    expect(lab.server.requests).toBe(before + 1);
    expect(forgedSeen(lab)).toEqual([]);
    expect(Object.keys(lab.server.headers)).not.toContain("x-envoy-internal");
  });

  it("what succeeds without its setting does not with it", async () => {
    const mutant = await startLab((bootstrap) => WIRE_MUTANTS.forEach(({ change }) => change(bootstrap)));
    const asked = async (from: Lab) => {
      const seen: [string, boolean][] = [];
      for (const { what, succeeds } of WIRE_MUTANTS) seen.push([what, await succeeds(from)]);
      return seen;
    };
    const [with_, without] = [await asked(lab), await asked(mutant).finally(() => mutant.stop())];
    expect(with_).toEqual(WIRE_MUTANTS.map(({ what }) => [what, false]));
    expect(without).toEqual(WIRE_MUTANTS.map(({ what }) => [what, true]));
  });
});
