import { CONTROLS } from "../../../lib/checklist/controls";
import { diff, NOTHING_YET } from "../../../lib/checklist/review/diff";
import type { Leaf, Tree } from "../../../lib/checklist/review/leaves";
import { summarise, type SecuritySummary } from "../../../lib/checklist/review/summary";
import { docs, orders, plan } from "../../cli/fixture";
import { synthExample } from "../../support/examples";
import type { PolicyConfig } from "../../../lib/policy";

const summary = (config: PolicyConfig) => summarise(plan({ orders: config }), CONTROLS);
const base = summary(orders);
const clients = (change: Record<string, unknown>) =>
  ({ ...orders, clients: { ...orders.clients, ...change } }) as PolicyConfig;
const tool = (name: "search" | "refund", change: Record<string, unknown>) =>
  ({ ...orders, tools: { ...orders.tools, [name]: { ...orders.tools[name], ...change } } }) as PolicyConfig;
const bot = orders.clients["ci-bot"];

const POLICIES: [what: string, config: PolicyConfig, sentences: string[]][] = [
  ["nothing", orders, []],
  [
    "a call more",
    clients({ "ci-bot": { ...bot, tools: ["search", "refund"] } }),
    ["+ `ci-bot` may now call `refund` of `orders`"],
  ],
  [
    "a call less",
    clients({ support: { ...orders.clients.support, tools: ["search"] } }),
    ["- `support` may no longer call `refund` of `orders`"],
  ],
  [
    "a method that is opened",
    {
      ...clients({ "ci-bot": { ...bot, methods: ["resources/read"] } }),
      methods: {
        "resources/read": { callsPerMinute: 60, allow: ["test://a", { startsWith: "file:///d/" }] },
      },
    },
    [
      "+ `ci-bot` may now call `resources/read` of `orders`",
      "+ `resources/read` of `orders` may now name `test://a`",
      "+ `resources/read` of `orders` may now name what begins with `file:///d/`",
      "- `orders` now answers `resources/read` to clients that name it",
      "- the policy of `orders` is now of version 2, see its schema",
    ],
  ],
  [
    "a new client",
    clients({ new: { identity: { kind: "apiKey" }, tools: ["search"] } }),
    ["+ `new` is a new client of `orders`, known by an API key", "+ `new` may now call `search` of `orders`"],
  ],
  [
    "somebody else's token",
    clients({
      support: { ...orders.clients.support, identity: { kind: "jwt", claim: "client_id", equals: "other" } },
    }),
    ["+ `support` is now known to `orders` by another equals: support-app → other"],
  ],
  [
    "a higher limit",
    clients({ "ci-bot": { ...bot, callsPerMinute: 90 } }),
    ["- the limit of `ci-bot` at `orders` changed: 60 → 90 messages a minute"],
  ],
  [
    "a scope less",
    tool("refund", { scopes: [] }),
    ["+ `refund` of `orders` no longer needs the scope `mcp:refund`"],
  ],
  [
    "no window",
    tool("refund", { window: undefined }),
    ["+ `refund` of `orders` may now be called at any time"],
  ],
  [
    "a longer timeout",
    tool("search", { timeoutSeconds: 9 }),
    ["- the timeout of `search` of `orders` changed: 2 → 9 seconds"],
  ],
  [
    "no limit of each client",
    tool("search", { callsPerMinutePerClient: undefined }),
    ["- the limit of each client for `search` of `orders` is gone, it was 5 calls a minute"],
  ],
  [
    "a limit of calls at once",
    tool("search", { callsAtOncePerTask: 4 }),
    ["- the limit of `search` of `orders` on one task is new: 4 calls at once"],
  ],
  [
    "a limit of a client's calls at once",
    clients({ "ci-bot": { ...bot, callsAtOncePerTask: 4 } }),
    ["- the limit of `ci-bot` on one task of `orders` is new: 4 messages at once"],
  ],
  [
    "sessions",
    { ...orders, sessions: "single-task" },
    ["+ `orders` now keeps sessions in its one task, and takes GET and DELETE in them"],
  ],
  [
    "a longer argument",
    tool("search", { arguments: { query: { type: "string", maxLength: 400, required: true } } }),
    ["+ argument `query` of `search` of `orders`: maxLength 40 → 400"],
  ],
  [
    "a shorter one",
    tool("search", { arguments: { query: { type: "string", maxLength: 4, required: true } } }),
    ["- argument `query` of `search` of `orders`: maxLength 40 → 4"],
  ],
  [
    "another argument",
    tool("search", { arguments: { ...orders.tools.search?.arguments, more: { type: "boolean" } } }),
    ["+ `search` of `orders` takes a new argument `more`"],
  ],
  [
    "a window that is open longer",
    { ...orders, windows: { "month-end": [{ from: "2036-12-31T20:00Z", to: "2036-12-31T23:30Z" }] } },
    [
      "+ the window `month-end` of `orders` is now also open from 2036-12-31T20:00:00.000Z to 2036-12-31T23:30:00.000Z",
      "- the window `month-end` of `orders` is no longer open from 2036-12-31T20:00:00.000Z to 2036-12-31T23:00:00.000Z",
    ],
  ],
];

const sentences = (old: SecuritySummary, now: SecuritySummary) =>
  diff(old, now).map(({ says, widens }) => `${widens ? "+" : "-"} ${says}`);

describe("what changed in a policy, in sentences", () => {
  test.each(POLICIES)("%s", (_what, config, expected) =>
    expect(sentences(base, summary(config))).toEqual(expected),
  );
  test("a new server is said with its clients", () => {
    const both = summarise(plan({ orders, docs }), CONTROLS);
    expect(sentences(base, both)).toEqual(
      expect.arrayContaining([
        "+ server `docs` is new, at https://mcp.example.com/docs/mcp",
        "+ `assistant` may now call `lookup` of `docs`",
      ]),
    );
    expect(sentences(both, base)).toContain("- server `docs` is gone");
  });
});

describe("what changed in a plan, in sentences", () => {
  const one = (change: Partial<SecuritySummary>) => ({ ...NOTHING_YET, ...change }) as SecuritySummary;
  test.each<[string, Partial<SecuritySummary>, Partial<SecuritySummary>, string[]]>([
    [
      "reach",
      { reach: { s: {} } },
      { reach: { s: { "10.2.0.0/16:5432": "peer" } } },
      ["+ tasks of `s` can now reach 10.2.0.0/16:5432"],
    ],
    [
      "a route at last",
      { reach: { s: { "10.2.0.0/16:5432": "unrouted" } } },
      { reach: { s: { "10.2.0.0/16:5432": "peer" } } },
      ["+ a route now leads tasks of `s` to 10.2.0.0/16:5432 (unrouted → peer)"],
    ],
    [
      "less reach",
      { reach: { s: { x: "vpc" } } },
      { reach: { s: {} } },
      ["- tasks of `s` can no longer reach x"],
    ],
    ["a way in", {}, { ways: { s: { "a → b": true } } }, ["+ there is a new way in: a → b"]],
    [
      "retention",
      { retention: { log: 400 } },
      { retention: { log: 90 } },
      ["- retention of `log` 400 → 90 days"],
    ],
    [
      "a right",
      { roles: { r: { boundary: "b" } } },
      { roles: { r: { boundary: "b", rights: { "s3:GetObject on x": true } } } },
      ["+ role `r` may now s3:GetObject on x"],
    ],
    [
      "a trust",
      { roles: { r: { boundary: "b" } } },
      { roles: { r: { boundary: "b", trust: { you: true } } } },
      ["+ role `r` may now be taken on by you"],
    ],
    [
      "a boundary",
      { roles: { r: { boundary: "b" } } },
      { roles: { r: { boundary: "none" } } },
      ["+ the boundary of role `r` changed: b → none"],
    ],
    [
      "a reader more, by a policy at the thing itself",
      { policies: { key: { "lets a kms:Decrypt on *": true } } },
      { policies: { key: { "lets a kms:Decrypt on *": true, "lets b kms:Decrypt on *": true } } },
      ["+ the policy of `key` now lets b kms:Decrypt on *"],
    ],
    [
      "a reader less",
      { policies: { key: { "lets a kms:Decrypt on *": true } } },
      {},
      ["- the policy of `key` no longer lets a kms:Decrypt on *"],
    ],
    [
      "a refusal less",
      { policies: { bucket: { "refuses everybody s3:* on *": true } } },
      {},
      ["+ the policy of `bucket` no longer refuses everybody s3:* on *"],
    ],
    [
      "a refusal more",
      {},
      { policies: { bucket: { "refuses everybody s3:* on *": true } } },
      ["- the policy of `bucket` now refuses everybody s3:* on *"],
    ],
    ["a container more", {}, { runs: { task: { agent: true } } }, ["+ tasks of `task` now also run `agent`"]],
    [
      "a container less",
      { runs: { task: { agent: true } } },
      {},
      ["- tasks of `task` no longer run `agent`"],
    ],
    [
      "what the file does not show",
      {},
      { beyond: { "the module m makes what only a plan shows": true } },
      ["+ the file does not show all that is deployed: the module m makes what only a plan shows"],
    ],
    [
      "what it shows again",
      { beyond: { "the module m makes what only a plan shows": true } },
      {},
      ["- no longer beside the file: the module m makes what only a plan shows"],
    ],
    [
      "a protection",
      { controls: { "a.b": "pass" } },
      { controls: { "a.b": "fail" } },
      ["- `a.b` holds no longer: pass → fail"],
    ],
    [
      "a protection that is found again",
      { controls: { "a.b": "waived" } },
      { controls: { "a.b": "pass" } },
      ["- `a.b` is better: waived → pass"],
    ],
    ["a control of a newer library", {}, { controls: { "a.b": "pass" } }, []],
    [
      "a waiver",
      {},
      { waivers: { f: "until 2026-12-31: demo" } },
      ["- f is turned off, until 2026-12-31: demo"],
    ],
    ["an alarm that is gone", { alarms: { a: "x" } }, {}, ["- alarm `a` is gone, it was x"]],
    ["what nobody has thought of", {}, { news: { a: 1 } } as never, ["- news / a: undefined → 1"]],
  ])("%s", (_what, old, now, expected) => expect(sentences(one(old), one(now))).toEqual(expected));
  test("what widens reach comes first, then what weighs more", () => {
    const now = { retention: { a: 1 }, reach: { s: { x: "vpc" } }, ways: { s: { w: true } } };
    expect(diff(one({}), one(now)).map(({ kind }) => kind)).toEqual(["ways in", "reach", "retention"]);
  });
});

test("no leaf of a summary changes in silence", () => {
  const whole = summarise(synthExample("complete"), CONTROLS);
  let leaves = 0;
  const visit = (tree: Tree, replace: (value: Tree) => SecuritySummary): void => {
    for (const [name, value] of Object.entries(tree)) {
      if (typeof value === "object" && value !== null)
        visit(value, (inner) => replace({ ...tree, [name]: inner }));
      else {
        const other: Leaf =
          typeof value === "number" ? value + 1 : typeof value === "boolean" ? !value : `${String(value)}x`;
        leaves += 1;
        const changed = replace({ ...tree, [name]: other });
        if (diff(whole, changed).length === 0) throw new Error(`a change of ${name} is not said`);
      }
    }
  };
  // Scopes are said at the tools that ask for them.
  const { servers, ...rest } = whole;
  const said = Object.fromEntries(
    Object.entries(servers).map(([name, server]) => [name, { ...(server as Tree), scopes: {} }]),
  );
  const start = { ...rest, servers: said };
  for (const [section, tree] of Object.entries(start)) {
    if (section === "roles") continue; // thousands of the same kind, see the sentences above
    visit(tree as Tree, (inner) => ({ ...whole, [section]: inner }) as SecuritySummary);
  }
  expect(leaves).toBeGreaterThan(100);
});
