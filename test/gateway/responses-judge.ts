import { answer } from "./misbehaving-server";
import { CASES } from "./responses-cases";
import { JSON_TYPE, SSE } from "./responses-expected";
import { BROKEN_LISTS, LIST, LISTS, LIST_MESSAGES } from "./responses-lists";
import type { Asked, ResponseLab } from "./responses-lab";

/** A mutant may keep an answer for ever. */
const PATIENCE_MS = 4000;

/** One thing that is asked of a lab, and what must come of it; throws where it does not. */
type Question = readonly [
  what: string,
  ask: (lab: ResponseLab) => Promise<Asked>,
  judge: (asked: Asked) => void,
];

/** One JSON document as what it says: answers of Envoy's own are written in another order. Streams as they are. */
export function opened(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const QUESTIONS: readonly Question[] = [
  ...Object.entries(CASES).map(([what, { message, server, status, body, line }]): Question => [
    what,
    (lab) => lab.ask(message, server),
    (is) => {
      expect([is.got.status, opened(is.got.text)]).toEqual([status, opened(body(is.id))]);
      expect(is.line).toMatchObject(line);
      if (is.line.envoy === "via_upstream") expect(is.line.answer).not.toBeNull();
      // What is put in an answer's place says what it is.
      if (is.line.reason !== "ok" && is.got.text.startsWith("{")) {
        expect(is.got.headers).toMatchObject({ "content-type": JSON_TYPE });
        expect(is.got.headers).not.toHaveProperty("content-encoding");
      }
      // What goes on as it came is as long as what was read.
      if (is.line.reason === "ok") expect(is.line.answer?.bytes).toBe(Buffer.byteLength(is.got.text));
      expect(Object.keys(is.got.headers).filter((name) => name.startsWith("x-envoy-"))).toEqual([]);
    },
  ]),
  ...Object.entries(LIST_MESSAGES).flatMap(([era, message]) => [
    ...LISTS.flatMap(([who, scope, list, hidden]): Question[] => {
      const as = (lab: ResponseLab) => (scope === undefined ? undefined : lab.token({ scope }));
      const event = (id: unknown) => `id: 1\ndata: ${LIST(id)}\n\n`;
      return [
        [
          `a list for ${who}, ${era}`,
          (lab) => lab.ask(message, answer(JSON_TYPE, LIST), as(lab)),
          ({ id, got, line }) => {
            expect(got.text).toBe(list(id));
            expect(line.answer).toEqual({ outcome: "ok", bytes: Buffer.byteLength(LIST(id)), hidden });
          },
        ],
        [
          `a list in a stream for ${who}, ${era}`,
          (lab) =>
            lab.ask(
              message,
              answer(SSE, (id) => [event(id).slice(0, 50), event(id).slice(50)]),
              as(lab),
            ),
          ({ id, got, line }) => {
            expect(got.text).toBe(`id: 1\ndata: ${list(id)}\n\n`);
            expect(line.answer).toMatchObject({ outcome: "ok", hidden });
          },
        ],
      ];
    }),
    ...BROKEN_LISTS.map(([what, inner]): Question => [
      `a list with ${what}, ${era}`,
      (lab) =>
        lab.ask(
          message,
          answer(JSON_TYPE, (id) => `{"id":${String(id)},${inner}}`),
        ),
      ({ got, line }) => {
        expect([got.status, line.reason]).toEqual([502, "response-unreadable"]);
        expect(got.text).not.toContain("secret");
      },
    ]),
  ]),
];

/** What of a gateway's answers is not as it must be: whatever is found first, or nothing. */
export async function firstWrong(lab: ResponseLab): Promise<string | undefined> {
  return new Promise((resolve) => {
    const judged = QUESTIONS.map(async ([what, ask, judge]) => {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => reject(new Error("no answer")), PATIENCE_MS);
      });
      try {
        judge(await Promise.race([ask(lab), late]));
      } catch {
        // The others are not waited for: most mutants are noticed at once.
        resolve(what);
      } finally {
        clearTimeout(timer);
      }
    });
    void Promise.all(judged).then(() => resolve(undefined));
  });
}
