import { DEEPEST, duplicateKeyIn } from "../../lib/terraform/duplicate-keys";

describe("a key that stands twice", () => {
  test.each<[string, string, string | undefined]>([
    ["none", '{"a":1,"b":{"a":[1,"a"]}}', undefined],
    ["at the top", '{"a":1,"b":2,"a":3}', "a"],
    ["further down", '{"resource":{"aws_lb":{"x":{}},"aws_lb":{"y":{}}}}', "resource.aws_lb"],
    ["inside a list", '{"a":[{"b":1},{"c":1,"c":2}]}', "a.[].c"],
    ["with escapes", '{"ab":1,"\\u0061b":2}', "ab"],
    ["after a text that ends in a backslash", '{"a":"\\\\","a":1}', "a"],
    ["a quote inside a text", '{"a":"\\",\\"a\\":1"}', undefined],
    ["the same text as a value", '{"a":"b","b":"a"}', undefined],
    ["in objects beside each other", '[{"a":1},{"a":1}]', undefined],
    ["of the prototype", '{"__proto__":1,"__proto__":2}', "__proto__"],
    ["with blanks", '{ "a" : 1 ,\n "a" : 2 }', "a"],
    ["no object", '"a"', undefined],
  ])("%s", (_what, text, found) => expect(duplicateKeyIn(text)).toBe(found));
  test("what is nested too deep is refused", () => {
    const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
    expect(duplicateKeyIn(nested(DEEPEST))).toBeUndefined();
    expect(() => duplicateKeyIn(nested(DEEPEST + 1))).toThrow(/nested more than 100 deep/);
  });
  test("ten megabytes take less than a second of the processor", () => {
    const text = JSON.stringify(
      Array.from({ length: 20_000 }, (_, n) => ({ [`k${n}`]: "x".repeat(450), y: { z: n } })),
    );
    const started = process.cpuUsage();
    expect(duplicateKeyIn(text)).toBeUndefined();
    expect(process.cpuUsage(started).user / 1e6).toBeLessThan(1);
  });
});
