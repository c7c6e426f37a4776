import { FORMATS } from "../../lib/checklist/formats";
import { AWKWARD, EDGE } from "./formats-edge";

interface Log {
  readonly runs: readonly { readonly results: readonly { readonly message: { readonly text: string } }[] }[];
}

/** Every text of a log, keys left out. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

const log = JSON.parse(FORMATS.sarif(EDGE)) as Log;
const messages = log.runs.flatMap(({ results }) => results.map(({ message }) => message.text));

describe("what a file says steers nobody who reads SARIF", () => {
  test("no control character, no turn of direction, no half of a pair is in any text", () => {
    expect(AWKWARD.join("")).toMatch(/[\p{Cc}\u202e]/u);
    expect(textsIn(log).filter((text) => /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u.test(text))).toEqual([]);
  });
  test("no message holds a tag", () => {
    expect(messages.join("\n")).toContain('key "k" is \u2039weak\u203a & | short');
    expect(messages.filter((text) => /[<>]/.test(text))).toEqual([]);
  });
  test("no message holds a link: brackets are escaped, as SARIF has it", () => {
    const [first] = EDGE.verdicts;
    if (first === undefined) throw new Error("there is no verdict");
    const verdicts = [
      { ...first, result: "fail" as const, detail: "see [here](https://evil.example) \\[x]" },
    ];
    const text = FORMATS.sarif({ ...EDGE, verdicts });
    const [message] = (JSON.parse(text) as Log).runs[0]?.results ?? [];
    expect(message?.message.text).toContain("see \\[here\\](https://evil.example) \\\\\\[x\\]");
  });
  test("and what is written in other scripts stays", () => {
    expect(messages.join("\n")).toContain("naïve café, 日本語, العربية, 🔐");
  });
});
