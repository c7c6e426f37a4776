import { GATEWAY, keyHashesVariable } from "../../lib/gateway";
import { HOST, PATH, build, digest, newKey, type Message } from "../gateway/lab";
import { MUTANTS, REFUSED, TAKEN, opening } from "../gateway/methods-cases";
import { TestIssuer } from "../support/tokens";
import { describeUnless } from "../support/toolchain";
import { runProgram, source, type Sent } from "./gateway-lua";
import { fetchLuaJit, missingLuaJit } from "./luajit";

describeUnless([missingLuaJit()], "the program, asked for methods that are opened", () => {
  beforeAll(fetchLuaJit, 600_000);
  const key = newKey();
  const { container } = build(opening(new TestIssuer()), 1);
  const environment = {
    ...Object.fromEntries(container.environment.map(({ name, value }) => [name, value])),
    [keyHashesVariable("ci-bot")]: digest(key),
    [keyHashesVariable("narrow")]: digest(newKey()),
  };
  const sent = ({ headers, body }: Message): Sent => ({
    headers: [
      [":method", "POST"],
      [":path", PATH],
      [":authority", HOST],
      ["authorization", `Bearer ${key}`],
      ...Object.entries(headers),
    ],
    body: Buffer.from(JSON.stringify(body)),
  });

  it("answers each as it must", async () => {
    const cases = [...TAKEN, ...REFUSED];
    const said = await runProgram(
      environment,
      cases.map(([, message]) => sent(message)),
    );
    expect(said.map(({ status, reason }, index) => [cases[index]?.[0], status, reason ?? "ok"])).toEqual(
      cases.map(([what, , [status, reason]]) => [what, `${status}`, reason]),
    );
    expect(said.flatMap(({ logged }) => logged ?? [])).toEqual([]);
  });

  it.each(MUTANTS)("is seen to need %s", async (_what, from, to, refused) => {
    const message = REFUSED.find(([what]) => what === refused)?.[1];
    const mutant = source().split(from);
    expect(message).toBeDefined();
    expect(mutant).toHaveLength(2);
    const [said] = await runProgram({ ...environment, [GATEWAY.env.program]: mutant.join(to) }, [
      sent(message as Message),
    ]);
    expect([said?.status, said?.reason]).toEqual(["200", null]);
  });
});
