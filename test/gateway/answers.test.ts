import { readFileSync } from "node:fs";
import { join } from "node:path";
import { LUA_ANSWERS, type GatewayAnswer } from "../../lib/gateway/answers";
import { ANSWERS, answersPage } from "../../lib/gateway/answers-page";
import { AUDIT_REASONS } from "../../lib/gateway/audit-line";
import { ENVOY_ANSWERS } from "../../lib/gateway/envoy/answers";
import { callsOf, constant, luaSource, refusals } from "./lua-refusals";

const FILE = join(__dirname, "..", "..", "docs", "ANSWERS.md");
/** Without what the formatter decides: blanks, escapes, the width of columns. */
const words = (text: string) => text.replace(/\\/g, "").replace(/-{3,}/g, "---").replace(/\s+/g, " ");
/** One text for each message of an answer. */
const told = ({ status, code, reason, soft, messages }: GatewayAnswer) =>
  messages.map(
    (message) => `${[status].flat().join()} ${code} ${reason} ${soft === true ? "soft" : ""}: ${message}`,
  );

test("docs/ANSWERS.md is fresh: else `npm run build && node scripts/answers.mjs`", () => {
  expect(words(readFileSync(FILE, "utf8"))).toBe(words(answersPage()));
});

test("every reason of the audit record has a row", () => {
  const reasons = new Set<string>(ANSWERS.map(({ reason }) => reason));
  expect(Object.keys(AUDIT_REASONS).filter((reason) => !reasons.has(reason))).toEqual([]);
});

describe("the program's refusals", () => {
  const found = refusals().map(
    ({ status, ...rest }) => told({ ...rest, status, messages: [rest.message] } as never)[0],
  );
  // In a stream that has begun the status of this one is 200: nothing else ever has it.
  const rows = LUA_ANSWERS.flatMap(told).map((row) => row.replace(/^200 (.*broke off)$/, "502 $1"));

  it("are the rows of the table, each", () => {
    expect([...new Set(found)].sort()).toEqual([...new Set(rows)].sort());
  });

  it("are found by a reader that sees what is added or changed", () => {
    const source = luaSource();
    const count = refusals(source).length;
    expect(count).toBeGreaterThan(50);
    expect(refusals(`${source}\nmalformed("mood" .. name)`).at(count - 1)).not.toEqual(
      refusals(source).at(-1),
    );
    const added = refusals(
      `${source}\nlocal X = { status = 418, code = -31418, reason = "new", message = "tea" }`,
    );
    expect(added).toContainEqual({ status: 418, code: -31418, reason: "new", message: "tea", soft: false });
    expect(() =>
      refusals(`${source}\nrefuse({ status = 400, code = 1, reason = why, message = "x" })`),
    ).toThrow("not known");
  });

  it("of credentials say the details that the table lists", () => {
    const source = luaSource();
    const said = [...callsOf(source, "invalid").map(([detail = ""]) => detail)].filter(
      (text) => text !== "detail",
    );
    const texts = said.map((text) => constant(text.split(/ or (?=")/).at(-1) ?? ""));
    const row = LUA_ANSWERS.find(({ reason }) => reason === "credential-invalid");
    expect([...new Set(texts)].sort()).toEqual([...(row?.details ?? [])].sort());
  });
});

describe("Envoy's own answers", () => {
  it("have one message each, no quotes, and a last row that fits what is left", () => {
    for (const { messages, code } of ENVOY_ANSWERS) {
      expect(messages).toHaveLength(code === undefined ? 0 : 1);
      expect(messages.join()).not.toMatch(/['"\\]/);
    }
    expect(ENVOY_ANSWERS.at(-1)?.when).toBe("true");
    expect(ENVOY_ANSWERS.filter(({ when }) => when === "true")).toHaveLength(1);
  });

  it("change the status to one, where they change it", () => {
    const changed = ENVOY_ANSWERS.filter(({ asIs, code }) => asIs !== true && code !== undefined);
    expect(changed.map(({ status }) => typeof status)).toEqual(changed.map(() => "number"));
  });
});

test("codes are those of JSON-RPC and MCP, or lie outside of what both reserve", () => {
  const DEFINED = [-32700, -32600, -32601, -32602, -32603, -32020, -32022];
  const codes = ANSWERS.flatMap(({ code }) => code ?? []);
  expect(codes.filter((code) => !DEFINED.includes(code) && code >= -32768 && code <= -32000)).toEqual([]);
});
