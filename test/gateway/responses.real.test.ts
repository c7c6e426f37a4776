import { describeWith } from "../support/toolchain";
import { answer } from "./misbehaving-server";
import { CASES } from "./responses-cases";
import { JSON_TYPE, SSE } from "./responses-expected";
import { BROKEN_LISTS, LIST, LISTS, LIST_MESSAGES } from "./responses-lists";
import { opened } from "./responses-judge";
import { startResponseLab, type Asked, type ResponseLab } from "./responses-lab";

describeWith(["envoy"], "what a server answers, behind a gateway", () => {
  let lab: ResponseLab;
  let asked: ReadonlyMap<string, Asked>;
  beforeAll(async () => {
    lab = await startResponseLab();
    // All at once: each waits for its audit line, which comes within a fifth of a second.
    asked = new Map(
      await Promise.all(
        Object.entries(CASES).map(async ([what, { message, server }]): Promise<[string, Asked]> => [
          what,
          await lab.ask(message, server),
        ]),
      ),
    );
  });
  afterAll(() => lab.stop());

  it.each(Object.entries(CASES))("%s", (what, { status, body, line }) => {
    const is = asked.get(what) as Asked;
    expect([is.got.status, opened(is.got.text)]).toEqual([status, opened(body(is.id))]);
    expect(is.line).toMatchObject(line);
  });

  it("asks the server for what can be read, and shows nobody what marks its answers", () => {
    expect(lab.server.headers["accept-encoding"]).toBeUndefined();
    const marks = [...asked.values()].flatMap(({ got }) => Object.keys(got.headers));
    expect(marks.filter((name) => name.startsWith("x-envoy-"))).toEqual([]);
  });

  describe.each(Object.entries(LIST_MESSAGES))("a list of the %s era", (_era, message) => {
    it.each(LISTS)("for %s", async (_who, scope, list, hidden) => {
      const credential = scope === undefined ? undefined : lab.token({ scope });
      const json = await lab.ask(message, answer(JSON_TYPE, LIST), credential);
      expect(json.got.text).toBe(list(json.id));
      expect(json.line.answer).toEqual({ outcome: "ok", bytes: LIST(json.id).length + 1, hidden });
      const event = (id: unknown) => `id: 1\ndata: ${LIST(id)}\n\n`;
      const sse = await lab.ask(
        message,
        answer(SSE, (id) => [event(id).slice(0, 50), event(id).slice(50)]),
        credential,
      );
      expect(sse.got.text).toBe(`id: 1\ndata: ${list(sse.id)}\n\n`);
      expect(sse.line.answer).toMatchObject({ outcome: "ok", hidden });
    });

    it.each(BROKEN_LISTS)("with %s is refused", async (_what, inner) => {
      const { got, line } = await lab.ask(
        message,
        answer(JSON_TYPE, (id) => `{"id":${String(id)},${inner}}`),
      );
      expect([got.status, line.reason]).toEqual([502, "response-unreadable"]);
      expect(got.text).not.toContain("secret");
    });
  });
});
