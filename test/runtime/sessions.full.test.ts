import { createHash, createHmac } from "node:crypto";
import { GATEWAY, keyHashesVariable } from "../../lib/gateway";
import { TASK_VARIABLE } from "../../lib/gateway/contract";
import { build, digest, HOST, legacy, newKey, PATH, URL_OF_SERVER } from "../gateway/lab";
import { remembering } from "../gateway/sessions-lab";
import { describeUnless } from "../support/toolchain";
import { TestIssuer } from "../support/tokens";
import { runProgram, type Sent } from "./gateway-lua";
import { fetchLuaJit, missingLuaJit } from "./luajit";
import { verified } from "./verified";

const CASES = 10_000;
const SEED = 20261126;
const TLS_KEY = "-----BEGIN PRIVATE KEY-----\nnone\n-----END PRIVATE KEY-----\n";

/** Numbers from 0 up to a bound, the same ones for a seed (mulberry32). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

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
      [TASK_VARIABLE]: "http://169.254.170.2/v4/one",
    };
    const below = numbers(SEED);
    const pick = <T>(all: readonly T[]): T => all[below(all.length)] as T;
    const now = Math.floor(Date.now() / 1000);
    const user = (sub: unknown): Caller => ({
      headers: [
        ...verified({
          header: { alg: "RS256" },
          claims: { aud: URL_OF_SERVER, client_id: "app", iat: now, exp: now + 600, sub },
        }),
      ],
      who: `jwt:people\n${typeof sub === "string" ? sub : ""}`,
    });
    const callers: Caller[] = [
      { headers: [["authorization", `Bearer ${keys.one}`]], who: "key:one" },
      { headers: [["x-api-key", keys.two]], who: "key:two" },
      // Subjects that could be taken for one another, or for a part of something else.
      ...["ann", "Ann", "ann ", "", "ann\nbob", "ann\n", "Ａnn", "key:one", "ä", undefined, 7].map(user),
    ];
    const key = createHash("sha256")
      .update(`hmcp session ids\nhttp://169.254.170.2/v4/one\n${TLS_KEY}`)
      .digest();
    const proof = (who: string, id: string) =>
      createHmac("sha256", key).update(`${who}\n${id}`).digest("hex");
    const visible = () => String.fromCharCode(33 + below(94));
    const idOf = (length: number) => Array.from({ length }, visible).join("");

    const cases = Array.from({ length: CASES }, () => {
      const caller = pick(callers);
      const owner = below(3) === 0 ? pick(callers) : caller;
      const id = idOf(pick([1, 2, 36, 36, 36, 255, 256, 257]));
      let given = `${proof(owner.who, id)}.${id}`;
      let altered = false;
      if (below(4) === 0) {
        const at = below(given.length);
        const by = visible();
        altered = given[at] !== by;
        given = given.slice(0, at) + by + given.slice(at + 1);
      }
      return { caller, id, given, right: owner.who === caller.who && id.length <= 256 && !altered };
    });
    const { headers, body } = legacy("tools/list");
    const said = await runProgram(
      environment,
      cases.map(({ caller, given }): Sent => ({
        headers: [
          [":method", "POST"],
          [":path", PATH],
          [":authority", HOST],
          ...Object.entries(headers),
          ...caller.headers,
          ["mcp-session-id", given],
        ],
        body: Buffer.from(JSON.stringify(body)),
      })),
    );
    const wrong = cases.flatMap(({ id, given, right, caller }, index) => {
      const { status, reason, forwarded, logged } = said[index] as (typeof said)[number];
      const fine = right
        ? status === "200" && forwarded.includes(`mcp-session-id: ${id}`)
        : status === "404" && reason === "session-unknown";
      return fine && logged === null ? [] : [{ given, right, who: caller.who, status, reason, logged }];
    });
    expect(wrong.slice(0, 3)).toEqual([]);
    const taken = cases.filter(({ right }) => right).length;
    process.stdout.write(`sessions: ${taken} ids taken, ${CASES - taken} refused, seed ${SEED}\n`);
    expect(Math.min(taken, CASES - taken)).toBeGreaterThan(CASES / 4);
  });
});
