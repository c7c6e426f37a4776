import { FORMATS } from "../../lib/checklist/formats";
import { AWKWARD, EDGE } from "./formats-edge";

/**
 * What build servers take for JUnit, as Jenkins' schema `junit-10.xsd` describes it: elements with their attributes
 * (`!` = must be there) and what may stand in them.
 */
const ELEMENTS: Readonly<Record<string, { attributes: readonly string[]; holds: readonly string[] }>> = {
  testsuites: { attributes: ["name", "time", "tests", "failures", "errors"], holds: ["testsuite"] },
  testsuite: {
    attributes: ["name!", "tests!", "failures", "errors", "time", "disabled", "skipped", "timestamp", "id"],
    holds: ["properties", "testcase", "system-out", "system-err"],
  },
  testcase: {
    attributes: ["name!", "classname!", "assertions", "time", "status"],
    holds: ["skipped", "error", "failure", "system-out", "system-err"],
  },
  failure: { attributes: ["type", "message"], holds: ["#text"] },
  skipped: { attributes: ["type", "message"], holds: ["#text"] },
};

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly holds: Element[];
  text: string;
}

/** Reads XML as far as it is written here; throws where it is not well formed. */
function parse(xml: string): Element {
  const root: Element = { name: "", attributes: {}, holds: [], text: "" };
  const open = [root];
  const at = () => open.at(-1) ?? root;
  const tag = /<(\/?)([a-z]+)((?:\s+[a-z]+="[^"<]*")*)\s*(\/?)>/y;
  let place = /^<\?xml version="1\.0" encoding="UTF-8"\?>\s*/.exec(xml)?.[0].length ?? 0;
  while (place < xml.length) {
    const next = xml.indexOf("<", place);
    const text = xml.slice(place, next < 0 ? xml.length : next);
    at().text += decode(text.trim());
    if (next < 0) break;
    tag.lastIndex = next;
    const found = tag.exec(xml);
    if (!found) throw new Error(`no tag at ${xml.slice(next, next + 80)}`);
    const [all, close, name = "", attributes = "", empty] = found;
    place = next + all.length;
    if (close) {
      if (open.pop()?.name !== name) throw new Error(`${name} is closed and was not open`);
      continue;
    }
    const pairs = [...attributes.matchAll(/([a-z]+)="([^"]*)"/g)].map(
      ([, key = "", value = ""]) => [key, decode(value)] as const,
    );
    if (new Set(pairs.map(([key]) => key)).size < pairs.length)
      throw new Error(`${name}: an attribute twice`);
    const made: Element = { name, attributes: Object.fromEntries(pairs), holds: [], text: "" };
    at().holds.push(made);
    if (!empty) open.push(made);
  }
  if (open.length !== 1 || root.holds.length !== 1) throw new Error("not one element that is closed");
  return root.holds[0] as Element;
}

function decode(text: string): string {
  // XML 1.0, production 2, and no half of a pair.
  if (/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(text))
    throw new Error(`no character of XML in ${JSON.stringify(text)}`);
  if (/&(?!(amp|lt|gt|quot|#\d+);)/.test(text)) throw new Error(`no entity in ${text}`);
  return text
    .replace(/&#(\d+);/g, (_all, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&amp;/g, "&");
}

function problems({ name, attributes, holds, text }: Element): string[] {
  const known = ELEMENTS[name];
  if (known === undefined) return [`no element ${name}`];
  const must = known.attributes.filter((one) => one.endsWith("!")).map((one) => one.slice(0, -1));
  const may = known.attributes.map((one) => one.replace("!", ""));
  return [
    ...must.filter((one) => attributes[one] === undefined).map((one) => `${name} without ${one}`),
    ...Object.keys(attributes)
      .filter((one) => !may.includes(one))
      .map((one) => `${name} with ${one}`),
    ...holds.filter((one) => !known.holds.includes(one.name)).map((one) => `${one.name} in ${name}`),
    ...(text !== "" && !known.holds.includes("#text") ? [`text in ${name}`] : []),
    ...holds.flatMap(problems),
  ];
}

const xml = FORMATS.junit(EDGE);
const root = parse(xml);

test("it is well formed and as build servers expect it, whatever texts are in it", () => {
  expect(root.name).toBe("testsuites");
  expect(problems(root)).toEqual([]);
});

test("every verdict is one case, and a suite counts what it holds", () => {
  const suites = root.holds;
  expect(suites.map(({ attributes }) => attributes.name)).toEqual(EDGE.stacks.map(({ stack }) => stack));
  for (const { attributes, holds } of suites) {
    const having = (name: string) => holds.filter((one) => one.holds.some((inner) => inner.name === name));
    expect(Number(attributes.tests)).toBe(holds.length);
    expect(Number(attributes.failures)).toBe(having("failure").length);
    expect(Number(attributes.skipped)).toBe(having("skipped").length);
  }
  expect(suites.flatMap(({ holds }) => holds)).toHaveLength(EDGE.verdicts.length);
});

test("what fails and what is not built are failures; waived, unknown and not applicable are skipped", () => {
  const cases = root.holds.flatMap(({ holds }) => holds);
  const inside = (name: string) =>
    cases
      .flatMap(({ holds }) => holds.filter((one) => one.name === name))
      .map(({ attributes }) => attributes);
  expect(inside("failure").map(({ type }) => type)).toEqual([...AWKWARD.map(() => "fail"), "not-built"]);
  expect(inside("skipped")).toHaveLength(3);
});

test("a reader finds the text as it was, but for what XML has no place for", () => {
  const messages = root.holds
    .flatMap(({ holds }) => holds)
    .flatMap(({ holds }) => holds)
    .map(({ attributes }) => attributes.message);
  for (const text of [AWKWARD[0], AWKWARD[1], AWKWARD[3], "tab\t, line\nfeed, return\r"])
    expect(messages).toContainEqual(expect.stringContaining(text));
  expect(messages).toContainEqual(expect.stringContaining("pair \ufffd alone, \ufffd and"));
  expect(messages).toContainEqual(expect.stringContaining("bell\ufffd, escape\ufffd[31m, null\ufffd"));
});

test("the reader of this test would have noticed", () => {
  expect(() => parse(xml.replace("</testsuite>", ""))).toThrow("was not open");
  expect(() => parse(xml.replace("&lt;weak", "<weak"))).toThrow();
  expect(problems(parse(xml.replace(/classname="[^"]*"/, "")))).toContain("testcase without classname");
});
