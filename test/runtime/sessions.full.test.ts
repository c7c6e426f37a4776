import { GATEWAY, keyHashesVariable } from "../../lib/gateway";
import { TASK_VARIABLE } from "../../lib/gateway/contract";
import { build, digest, HOST, legacy, newKey, PATH, URL_OF_SERVER } from "../gateway/lab";
import { remembering } from "../gateway/sessions-lab";
import { describeUnless } from "../support/toolchain";
import { TestIssuer } from "../support/tokens";
import { given, HEADER, TASK, TLS_KEY } from "./exact/session";
import { runProgram, type Sent } from "./gateway-lua";
import { random } from "./json-cases";
import { fetchLuaJit, missingLuaJit } from "./luajit";
import { verified } from "./verified";

const CASES = 10_000;
const SEED = 20261126;

/** A caller: what it sends, and how the proof must name it. */
interface Caller {
  readonly headers: readonly (readonly [string, string])[];
  readonly who: string;
}

describeUnless([missingLuaJit()], "ids of sessions, generated", () => {
  beforeAll(fetchLuaJit, 600_000);

  it("go on when their proof is the one that Node makes for the caller, and in no other case", async () => {
    const keys = { one: newKey(), two: newKey() };
    const { container } = build(remembering(new TestIssuer()), 1);
    const environment = {
      ...Object.fromEntries(container.environment.map(({ name, value }) => [name, value])),
      [keyHashesVariable("one")]: digest(keys.one),
      [keyHashesVariable("two")]: digest(keys.two),
      [GATEWAY.env.tlsKey]: TLS_KEY,
      [TASK_VARIABLE]: TASK,
    };
    const next = random(SEED);
    const below = (bound: number) => Math.floor(next() * bound);
    const pick = <T>(all: readonly T[]): T => all[below(all.length)] as T;
    const now = Math.floor(Date.now() / 1000);
    const user = (sub: unknown): Caller => ({
      headers: verified({
        header: { alg: "RS256" },
        claims: { aud: URL_OF_SERVER, client_id: "app", iat: now, exp: now + 600, sub },
      }),
      who: `jwt:people\n${typeof sub === "string" ? sub : ""}`,
    });
    const callers: Caller[] = [
      { headers: [["authorization", `Bearer ${keys.one}`]], who: "key:one" },
      { headers: [["x-api-key", keys.two]], who: "key:two" },
      // Subjects that could be taken for one another, or for a part of something else.
      ...["ann", "Ann", "ann ", "", "ann\nbob", "ann\n", "Ａnn", "key:one", "ä", undefined, 7].map(user),
    ];
    const visible = () => String.fromCharCode(33 + below(94));
    const idOf = (length: number) => Array.from({ length }, visible).join("");

    const cases = Array.from({ length: CASES }, () => {
      const caller = pick(callers);
      const owner = below(3) === 0 ? pick(callers) : caller;
      const id = idOf(pick([1, 2, 36, 36, 36, 255, 256, 257]));
      let session = given(owner.who, id);
      let altered = false;
      if (below(4) === 0) {
        const at = below(session.length);
        const by = visible();
        altered = session[at] !== by;
        session = session.slice(0, at) + by + session.slice(at + 1);
      }
      return { caller, id, session, right: owner.who === caller.who && id.length <= 256 && !altered };
    });
    const { headers, body } = legacy("tools/list");
    const said = await runProgram(
      environment,
      cases.map(({ caller, session }): Sent => ({
        headers: [
          [":method", "POST"],
          [":path", PATH],
          [":authority", HOST],
          ...Object.entries(headers),
          ...caller.headers,
          [HEADER, session],
        ],
        body: Buffer.from(JSON.stringify(body)),
      })),
    );
    const wrong = cases.flatMap(({ id, session, right, caller }, index) => {
      const { status, reason, forwarded, logged } = said[index] as (typeof said)[number];
      const fine = right
        ? status === "200" && forwarded.includes(`${HEADER}: ${id}`)
        : status === "404" && reason === "session-unknown";
      return fine && logged === null ? [] : [{ session, right, who: caller.who, status, reason, logged }];
    });
    expect(wrong.slice(0, 3)).toEqual([]);
    const taken = cases.filter(({ right }) => right).length;
    process.stdout.write(`sessions: ${taken} ids taken, ${CASES - taken} refused, seed ${SEED}\n`);
    expect(Math.min(taken, CASES - taken)).toBeGreaterThan(CASES / 4);
  });
});
