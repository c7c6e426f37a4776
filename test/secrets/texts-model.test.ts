import { LATER, resolve, SYNCED, WRITER } from "./kinds-fixture";

const text = (change: object) => ({ own: { kind: "generated", env: "OWN", ...change } });
const synced = (change: object) => ({ crm: { ...SYNCED, writer: { ...WRITER, ...change } } });

test("a text of one's own shape is resolved", () => {
  const { model, problems } = resolve({
    cache: {
      kind: "generated",
      env: "CACHE_URL",
      length: 64,
      alphabet: "ABCDEFGHJKLMNPQRSTUVWXYZ23456789-_",
      require: ["upper", "digit", "symbol"],
      template: { url: "rediss://:{{value}}@cache.example.com:6379" },
      inject: "url",
    },
    whole: { kind: "generated", env: "SIGNING_KEYS", inject: "json" },
  });
  expect(problems).toEqual([]);
  expect(model.generated).toMatchObject([
    {
      field: "url",
      settings: {
        length: 64,
        alphabet: "ABCDEFGHJKLMNPQRSTUVWXYZ23456789-_",
        require: ["upper", "digit", "symbol"],
        template: { url: "rediss://:{{value}}@cache.example.com:6379" },
      },
    },
    { field: undefined, settings: { length: 48 } },
  ]);
});

test("who writes from outside is resolved", () => {
  const { model, problems } = resolve({
    crm: { ...SYNCED, writer: WRITER },
    other: { ...SYNCED, env: "OTHER" },
  });
  expect(problems).toEqual([]);
  expect(model.existing.map(({ writer }) => writer)).toEqual([WRITER, undefined]);
});

describe("one fault, one message", () => {
  test.each<[string, unknown, string]>([
    [
      "few characters to choose from",
      text({ alphabet: "012345678" }),
      "secrets.own.alphabet has 9 characters, expected at least 10;",
    ],
    [
      "a blank",
      text({ alphabet: "abcdefghij " }),
      'secrets.own.alphabet is "abcdefghij ", expected printable',
    ],
    ["a character twice", text({ alphabet: "abcdefghija" }), "secrets.own.alphabet holds a twice"],
    [
      "an alphabet known only later",
      text({ alphabet: LATER }),
      "secrets.own.alphabet is known only at deployment;",
    ],
    [
      "what is guessed",
      text({ alphabet: "0123456789", length: 28 }),
      "secrets.own.length gives 93 bits with 10 characters to choose from, expected at least 95; raise it to 29, or choose from more characters [unsafe]",
    ],
    [
      "a class that is none",
      text({ require: ["vowel"] }),
      'secrets.own.require[0] is "vowel", expected one of lower, upper, digit, symbol;',
    ],
    ["a class twice", text({ require: ["digit", "digit"] }), "secrets.own.require[1] is digit again;"],
    [
      "a class that letters and digits lack",
      text({ require: ["symbol"] }),
      "secrets.own.require[0] is symbol, and the alphabet holds none;",
    ],
    [
      "a class that the alphabet lacks",
      text({ alphabet: "ABCDEFGHIJKLMNOP-", require: ["digit"] }),
      "secrets.own.require[0] is digit, and the alphabet holds none;",
    ],
    [
      "a template of a generation's name",
      text({ template: { next: "{{value}}" } }),
      "secrets.own.template.next is a name of ours;",
    ],
    [
      "a template of the whole's name",
      text({ template: { json: "{{value}}" } }),
      "secrets.own.template.json is a name of ours;",
    ],
    [
      "a field that is no name",
      text({ template: { "a-b": "{{value}}" } }),
      'secrets.own.template["a-b"] is a name, expected letters, digits and _',
    ],
    [
      "a template for nothing",
      text({ template: { url: "redis://cache" } }),
      "secrets.own.template.url does not hold {{value}}: it would be the same text for ever;",
    ],
    [
      "a long template",
      text({ template: { url: `{{value}}${"x".repeat(1000)}` } }),
      "secrets.own.template.url has 1009 characters, expected at most 1000;",
    ],
    [
      "many fields",
      text({ template: Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`f${i}`, "{{value}}"])) }),
      "secrets.own.template has 21 fields, expected at most 20;",
    ],
    [
      "a field that is not made",
      text({ template: { url: "{{value}}" }, inject: "uri" }),
      'secrets.own.inject is "uri", expected one of current, json, url; did you mean url? [unknown-kind]',
    ],

    [
      "a whole account",
      synced({ principalArn: "arn:aws:iam::299900769157:root" }),
      'secrets.crm.writer.principalArn is "arn:aws:iam::299900769157:root", expected the ARN of one role or user;',
    ],
    [
      "everybody",
      synced({ principalArn: "*" }),
      'secrets.crm.writer.principalArn is "*", expected the ARN of one role or user;',
    ],
    [
      "roles by a pattern",
      synced({ principalArn: "arn:aws:iam::299900769157:role/*" }),
      "secrets.crm.writer.principalArn is",
    ],
    ["no external id", synced({ externalId: undefined }), "secrets.crm.writer.externalId is missing;"],
    [
      "a short external id",
      synced({ externalId: "acme" }),
      "secrets.crm.writer.externalId has 4 characters, expected at least 8;",
    ],
    [
      "any external id",
      synced({ externalId: "acme-*-prod" }),
      'secrets.crm.writer.externalId is "acme-*-prod", expected letters',
    ],
    ["no promise", synced({ maxAgeDays: undefined }), "secrets.crm.writer.maxAgeDays is missing;"],
    [
      "a promise for ever",
      synced({ maxAgeDays: 366 }),
      "secrets.crm.writer.maxAgeDays is 366, expected 1 to 365 days;",
    ],
    ["a token of his", synced({ token: "dp.st.x" }), "secrets.crm.writer.token is not a field here;"],
    [
      "a writer who is only named",
      { crm: { ...SYNCED, writer: "doppler" } },
      "secrets.crm.writer is a string, expected an object;",
    ],
  ])("%s", (_class, config, begins) => {
    const { problems } = resolve(config);
    expect(problems.map((problem) => problem.slice(0, begins.length))).toEqual([begins]);
  });
});
