import Ajv2020 from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { FORMATS, FORMAT_NAMES } from "../../lib/policy/formats";
import { judgeArguments } from "../../lib/policy/judge";
import { FORMED } from "./formed";

const ajv = addFormats(new Ajv2020());
const taken = (format: (typeof FORMAT_NAMES)[number], value: string) =>
  judgeArguments({ a: { type: "string", format, maxLength: FORMATS[format].maxLength } }, { a: value }) ===
  undefined;
/** Each is the check's own name for a format. */
const check = (format: string) =>
  ajv.compile({ type: "string", format: format === "https-uri" ? "uri" : format });

test.each(FORMAT_NAMES)("%s takes some of the values that were made for it, and refuses some", (format) => {
  const verdicts = FORMED[format].map((value) => taken(format, value));
  expect(new Set(verdicts).size).toBe(2);
});

test.each(FORMAT_NAMES)("what %s takes another implementation takes", (format) => {
  const other = check(format);
  const more = Object.values(FORMED)
    .flat()
    .filter((value) => taken(format, value) && !other(value));
  // That implementation asks of a URI for a slash, or a colon behind its scheme, by RFC 3986 there need be none.
  expect(format === "uri" ? more.filter((value) => /[/:].*[/:]/.test(value)) : more).toEqual([]);
});

test("what another implementation takes and a format does not is what the documents name", () => {
  const less = FORMAT_NAMES.flatMap((format) => {
    const other = check(format);
    return FORMED[format]
      .filter((value) => other(value) && !taken(format, value))
      .map((value) => `${format} ${value}`);
  });
  expect(less).toMatchSnapshot();
});

test.each(FORMAT_NAMES)("%s has the length of its longest value, and no value of two lines", (format) => {
  const { pattern, maxLength } = FORMATS[format];
  const longest = Math.max(
    ...FORMED[format].filter((value) => taken(format, value)).map((value) => value.length),
  );
  expect(longest).toBeLessThanOrEqual(maxLength);
  expect(new RegExp(`^(?:${pattern})$`, "u").test(`${FORMED[format][0]}\n${FORMED[format][0]}`)).toBe(false);
});
