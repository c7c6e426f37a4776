import { halfPolicy } from "../../lib/policy/halves";
import { OPENABLE } from "../../lib/policy/methods";
import { run, set } from "./fixture";

const methods = {
  "prompts/list": { callsPerMinute: 60 },
  "prompts/get": { callsPerMinute: 60, allow: ["greeting", { startsWith: "team/" }] },
  "resources/read": {
    ...{
      callsPerMinute: 60,
      callsPerMinutePerClient: 6,
      scopes: ["mcp:files"],
      timeoutSeconds: 5,
      log: true,
    },
    allow: ["file:///srv/readme.md", { startsWith: "file:///srv/docs/" }],
  },
  "subscriptions/listen": { callsPerMinute: 6 },
};
const opened =
  (more: object = {}) =>
  (config: never) => {
    set("methods", { ...methods, ...more })(config);
    set("clients.ci-bot.methods", ["resources/read", "prompts/get"])(config);
  };
const problems = (change: (config: never) => void) =>
  run(change).check.problems.map(({ path, code }) => `${path} ${code}`);

test("nothing is open until it is opened, and then the document says so", () => {
  const closed = run().policy;
  expect([closed.version, closed.openedMethods]).toEqual([1, undefined]);
  expect(closed.clients["ci-bot"]).not.toHaveProperty("methods");
  const { policy, check } = run(opened());
  expect(check.problems).toEqual([]);
  expect(policy).toMatchObject({ version: 2, scopes: ["mcp:files"], methods: closed.methods });
  expect(policy.clients["ci-bot"]?.methods).toEqual(["prompts/get", "resources/read"]);
  expect(policy.clients["support"]?.methods).toBeUndefined();
  expect(policy.openedMethods).toEqual({
    "prompts/list": { callsPerMinute: 60, scopes: [], timeoutSeconds: 30, maxResponseBytes: 1_048_576 },
    "prompts/get": {
      ...{ callsPerMinute: 60, scopes: [], timeoutSeconds: 30, maxResponseBytes: 1_048_576 },
      ...{ allow: { exact: ["greeting"], startsWith: ["team/"] }, maxValueLength: 1000 },
    },
    "resources/read": {
      ...{
        callsPerMinute: 60,
        callsPerMinutePerClient: 6,
        scopes: ["mcp:files"],
        timeoutSeconds: 5,
        log: true,
      },
      allow: { exact: ["file:///srv/readme.md"], startsWith: ["file:///srv/docs/"] },
      maxResponseBytes: 1_048_576,
    },
    "subscriptions/listen": {
      ...{ era: "modern", callsPerMinute: 6, scopes: [], timeoutSeconds: 3600, maxResponseBytes: 1_048_576 },
      allow: { exact: [], startsWith: [] },
    },
  });
});

test("of a split server the half that reads answers them, and the other knows none", () => {
  const { policy } = run(opened());
  const [read, write] = (["read", "write"] as const).map((half) => halfPolicy(policy, half));
  expect(read?.openedMethods).toEqual(policy.openedMethods);
  expect(read?.clients["ci-bot"]?.methods).toEqual(["prompts/get", "resources/read"]);
  expect(write).not.toHaveProperty("openedMethods");
  expect(Object.values(write?.clients ?? {}).some((client) => "methods" in client)).toBe(false);
});

const allow = (...list: unknown[]) => opened({ "resources/read": { callsPerMinute: 1, allow: list } });
const prompts = (...list: unknown[]) => opened({ "prompts/get": { callsPerMinute: 1, allow: list } });
const AT = 'methods["resources/read"].allow';

test.each<[string, (config: never) => void, string[]]>([
  [
    "a method that does not exist",
    opened({ "resources/rea": {} }),
    ['methods["resources/rea"] unknown-kind'],
  ],
  ["all of a kind", opened({ "resources/*": {} }), ['methods["resources/*"] wrong-form']],
  ["a method that is always spoken", opened({ "tools/list": {} }), ['methods["tools/list"] conflict']],
  ["tasks", opened({ "tasks/get": {} }), ['methods["tasks/get"] not-supported-yet']],
  ["no table", set("methods", ["prompts/list"]), ["methods wrong-type"]],
  [
    "a client's method that is not opened",
    (config) => {
      opened()(config);
      set("clients.support.methods", ["resources/list", "prompts/get", "prompts/get"])(config);
    },
    ["clients.support.methods[0] unknown-reference", "clients.support.methods[2] duplicate"],
  ],
  [
    "a method of the other era",
    (config) => {
      opened({ "resources/subscribe": { callsPerMinute: 1, allow: ["test://a"] } })(config);
      set("era", "modern")(config);
    },
    ['methods["resources/subscribe"] conflict'],
  ],
  [
    "names where nothing is named",
    opened({ "prompts/list": { callsPerMinute: 1, allow: ["a"] } }),
    ['methods["prompts/list"].allow unknown-field'],
  ],
  [
    "a length of what has no values",
    opened({ "resources/read": { callsPerMinute: 1, allow: ["a:b"], maxValueLength: 1 } }),
    ['methods["resources/read"].maxValueLength unknown-field'],
  ],
  ["no list of names", opened({ "resources/read": { callsPerMinute: 1 } }), [`${AT} required`]],
  ["an empty list of names", allow(), [`${AT} too-few`]],
  ["the same twice", allow("a:b", "a:b"), [`${AT}[1] duplicate`]],
  [
    "no URI",
    allow("readme.md", "FILE:///a", "file:///a b", "file:///ä"),
    [0, 1, 2, 3].map((at) => `${AT}[${at}] wrong-form`),
  ],
  [
    "a beginning that is too wide, or ends within a name",
    allow(
      ...["file:", "file://", "file:///", "https://host", "file:///srv/docs", ""].map((startsWith) => ({
        startsWith,
      })),
    ),
    [0, 1, 2, 3, 4, 5].map((at) => `${AT}[${at}].startsWith wrong-form`),
  ],
  [
    "a beginning that could be read otherwise",
    allow(
      ...["file:///a/../", "file:///a/./", "file:///%61/", "file:///a?b/", "file:///a;b/"].map(
        (startsWith) => ({ startsWith }),
      ),
    ),
    [0, 1, 2, 3, 4].map((at) => `${AT}[${at}].startsWith wrong-form`),
  ],
  [
    "something else",
    allow({ endsWith: "a" }, 7),
    [`${AT}[0].endsWith unknown-field`, `${AT}[0].startsWith required`, `${AT}[1] wrong-type`],
  ],
  [
    "a name that is known later",
    allow("${x}", { startsWith: "${x}" }),
    [`${AT}[0] token-not-allowed`, `${AT}[1].startsWith token-not-allowed`],
  ],
  [
    "a prompt's name that is none",
    prompts("a b", "=?base64?YQ==?=", { startsWith: "team" }),
    [
      'methods["prompts/get"].allow[0] wrong-form',
      'methods["prompts/get"].allow[1] wrong-form',
      'methods["prompts/get"].allow[2].startsWith wrong-form',
    ],
  ],
])("%s", (_what, change, expected) => {
  expect(problems(change)).toEqual(expected);
});

test("every mistake of a method is reported at once", () => {
  const wrong = {
    callsPerMinutePerClient: 0,
    scopes: ["a b"],
    timeoutSeconds: 3601,
    log: "yes",
    maxValueLength: 0,
  };
  const at = 'methods["prompts/get"]';
  expect(
    problems(opened({ "prompts/get": { ...wrong, allow: [1], responses: { maxKib: 0 } } })).sort(),
  ).toEqual(
    [
      ...[`${at}.allow[0] wrong-type`, `${at}.callsPerMinute required`, `${at}.log wrong-type`],
      ...[`${at}.callsPerMinutePerClient out-of-range`, `${at}.maxValueLength out-of-range`],
      ...[`${at}.responses.maxKib out-of-range`, `${at}.scopes[0] wrong-form`],
      `${at}.timeoutSeconds out-of-range`,
    ].sort(),
  );
});

test("what can be opened is this", () => {
  expect(Object.keys(OPENABLE)).toEqual([
    ...["completion/complete", "prompts/get", "prompts/list", "resources/list", "resources/read"],
    ...["resources/subscribe", "resources/templates/list", "resources/unsubscribe", "subscriptions/listen"],
  ]);
});
