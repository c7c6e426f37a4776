import { describeWith } from "../support/toolchain";
import { as, search } from "./attacks";
import { startLab, type Lab } from "./lab";
import { exchange, frame } from "./raw";

describeWith(["envoy"], "what stands around a token is refused,", () => {
  let lab: Lab;
  beforeAll(async () => void (lab = await startLab()));
  afterAll(() => lab.stop());

  it.each(["x Bearer ", "a.b.c Bearer ", "Basic dTpw, Bearer ", "Bearer ,", "Bearer \"'"])(
    "in front of it: %s",
    async (before) => {
      const token = lab.token();
      const answer = await lab.gateway.send(as(lab, search, { authorization: before + token }));
      const [line] = await lab.gateway.linesOf(answer);
      expect([answer.status, line?.reason, line?.credential?.id]).toEqual([
        401,
        "credential-invalid",
        undefined,
      ]);
    },
  );

  it("as a second credential of another kind", async () => {
    const add = ["authorization: Basic dTpw", `authorization: Bearer ${lab.token()}`];
    const { statuses } = await exchange(lab.gateway, frame(lab, { without: ["authorization"], add }));
    expect(statuses).toEqual([401]);
  });

  it("and scopes that are no texts are not told: it names no addresses of memory as scopes", async () => {
    const sent = as(lab, search, {
      authorization: `Bearer ${lab.token({ scope: [{ a: 1 }, "mcp:refund"] })}`,
    });
    const [line] = await lab.gateway.linesOf(await lab.gateway.send(sent));
    expect(line?.credential?.scopes ?? "").not.toMatch(/0x/);
  });
});
