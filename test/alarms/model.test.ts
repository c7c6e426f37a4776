import { NOTIFY, resolve } from "./fixture";

const ARN = "arn:aws:sns:eu-west-1:123456789012:oncall";

test("a topic of ours with its readers, or the one that is there", () => {
  expect(resolve({ notify: { emails: ["a@example.com", "b+mcp@example.co.uk"] } })).toEqual({
    model: {
      topic: { kind: "new", emails: ["a@example.com", "b+mcp@example.co.uk"] },
      expectedCountries: [],
      thresholds: {},
    },
    problems: [],
  });
  expect(resolve({ notify: { topicArn: ARN } })).toMatchObject({
    model: { topic: { kind: "existing", arn: ARN } },
    problems: [],
  });
  expect(resolve({ notify: { topicArn: "${var.topic}" } }).problems).toEqual([]);
});

test("countries and thresholds stay as they are given", () => {
  const config = {
    notify: NOTIFY,
    expectedCountries: ["IE", "GB"],
    thresholds: { "tool-denied": 10, slow: 2.5 },
  };
  const { model, problems } = resolve(config);
  expect(problems).toEqual([]);
  expect(model).toMatchObject({
    expectedCountries: ["IE", "GB"],
    thresholds: { "tool-denied": 10, slow: 2.5 },
  });
  const later = "${var.limit}" as unknown as number;
  expect(resolve({ notify: NOTIFY, thresholds: { slow: later } }).problems).toEqual([]);
});

describe("each class of fault is refused", () => {
  test.each<[string, unknown, RegExp]>([
    ["nobody is named", {}, /^alarms\.notify is missing; say who is told/],
    ["nobody is told", { notify: {} }, /^alarms\.notify\.emails has 0 entries.*nobody hears.*too-few/],
    ["an empty list", { notify: { emails: [] } }, /^alarms\.notify\.emails has 0 entries/],
    ["an unknown field", { notify: NOTIFY, threshold: {} }, /^alarms\.threshold .*did you mean thresholds/],
    ["an unknown way", { notify: { ...NOTIFY, slack: "x" } }, /^alarms\.notify\.slack .*unknown-field/],
    ["no object", { notify: "a@example.com" }, /^alarms\.notify is a string/],
    [
      "no address",
      { notify: { emails: ["oncall"] } },
      /^alarms\.notify\.emails\[0\] is "oncall".*wrong-form/,
    ],
    ["Terraform in an address", { notify: { emails: ["%{x}@example.com"] } }, /emails\[0\].*wrong-form/],
    [
      "an address known only later",
      { notify: { emails: ["a@b.io", "${var.mail}"] } },
      /notify\.emails\[1\] .*token-not-allowed/,
    ],
    [
      "an address twice",
      { notify: { emails: ["a@b.io", "a@b.io"] } },
      /emails\[1\] is listed twice.*duplicate/,
    ],
    [
      "both ways",
      { notify: { ...NOTIFY, topicArn: ARN } },
      /^alarms\.notify names a topic and mail.*conflict/,
    ],
    [
      "no topic's ARN",
      { notify: { topicArn: "oncall" } },
      /^alarms\.notify\.topicArn is "oncall".*wrong-form/,
    ],
    ["a FIFO topic", { notify: { topicArn: `${ARN}.fifo` } }, /^alarms\.notify\.topicArn .*wrong-form/],
    [
      "no country",
      { notify: NOTIFY, expectedCountries: ["Ireland"] },
      /expectedCountries\[0\] is "Ireland".*ISO/,
    ],
    [
      "the usual slip",
      { notify: NOTIFY, expectedCountries: ["UK"] },
      /expectedCountries\[0\] .*did you mean GB/,
    ],
    ["no countries at all", { notify: NOTIFY, expectedCountries: [] }, /expectedCountries has 0 entries/],
    ["a country twice", { notify: NOTIFY, expectedCountries: ["IE", "IE"] }, /\[1\] is listed twice/],
    ["a country known only later", { notify: NOTIFY, expectedCountries: ["${var.c}"] }, /token-not-allowed/],
    [
      "an unknown alarm",
      { notify: NOTIFY, thresholds: { "tool-denid": 1 } },
      /^alarms\.thresholds\["tool-denid"\] is no alarm.*did you mean tool-denied/,
    ],
    ["an alarm like no other", { notify: NOTIFY, thresholds: { zzzzzz: 1 } }, /use one of firewall-blocks, /],
    ["no number", { notify: NOTIFY, thresholds: { slow: "2" } }, /^alarms\.thresholds\.slow is no number/],
    [
      "never",
      { notify: NOTIFY, thresholds: { slow: 0 } },
      /^alarms\.thresholds\.slow is 0, expected more than 0/,
    ],
    ["not a number", { notify: NOTIFY, thresholds: { slow: Number.NaN } }, /slow is no number/],
  ])("%s", (_class, config, message) => {
    expect(resolve(config).problems).toEqual([expect.stringMatching(message)]);
  });
});
