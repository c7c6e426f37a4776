import { issuer, run, set } from "./fixture";

test("the document has every default resolved", () => {
  const { policy, check } = run();
  expect(check.problems).toEqual([]);
  expect(check.warnings).toEqual([]);
  expect(policy).toMatchObject({
    ...{ version: 1, server: "orders", resource: "https://mcp.example.com/orders/mcp", era: "both" },
    ...{ maxBodyBytes: 65_536, maxTasks: 6, allowedOrigins: [], scopes: [] },
    issuers: [
      {
        issuer: issuer.url,
        audience: "https://mcp.example.com/orders/mcp",
        algorithms: ["RS256"],
        maxLifetimeSeconds: 3600,
      },
    ],
    clients: {
      "ci-bot": { identity: { kind: "apiKey" }, tools: ["search"], callsPerMinute: 60 },
      support: { tools: ["refund", "search"], callsPerMinute: 600 },
    },
    tools: {
      search: { scopes: [], timeoutSeconds: 10 },
      refund: { callsPerMinutePerClient: 2, window: "month-end" },
    },
    windows: { "month-end": [{ from: "2026-12-31T20:00:00.000Z", to: "2026-12-31T23:00:00.000Z" }] },
  });
});

test.each([
  ["modern", ["2026-07-28"], "server/discover", "initialize"],
  ["legacy", ["2025-03-26", "2025-06-18", "2025-11-25"], "initialize", "server/discover"],
])("the %s era speaks its own revisions and methods", (era, versions, has, hasNot) => {
  const { policy } = run(set("era", era));
  expect(Object.keys(policy.protocolVersions)).toEqual(versions);
  expect(policy.methods).toContain(has);
  expect(policy.methods).not.toContain(hasNot);
});

const WRONG: [what: string, change: (config: never) => void, problems: string[]][] = [
  // What is referred to must be declared.
  [
    "a client's unknown tool",
    set("clients.support.tools", ["serch"]),
    ["clients.support.tools[0] unknown-reference"],
  ],
  [
    "a client's tool twice",
    set("clients.support.tools", ["search", "search"]),
    ["clients.support.tools[1] duplicate"],
  ],
  ["a client without tools", set("clients.support.tools", []), ["clients.support.tools too-few"]],
  ["an unknown window", set("tools.refund.window", "year-end"), ["tools.refund.window unknown-reference"]],
  [
    "a token's client without an issuer",
    set("auth", undefined),
    ["clients.support.identity unknown-reference"],
  ],
  ["no clients", set("clients", {}), ["clients too-few"]],
  ["no list of clients", set("clients", undefined), ["clients required", "clients too-few"]],
  [
    "no tools",
    set("tools", {}),
    [
      "tools too-few",
      'clients["ci-bot"].tools[0] unknown-reference',
      "clients.support.tools[0] unknown-reference",
      "clients.support.tools[1] unknown-reference",
    ],
  ],
  // Identities.
  [
    "two clients with one claim",
    set("clients.twin", {
      identity: { kind: "jwt", claim: "client_id", equals: "support-app" },
      tools: ["search"],
    }),
    ["clients.twin.identity duplicate"],
  ],
  [
    "a client's certificate",
    set("clients.support.identity", { kind: "mtls", subject: "CN=x" }),
    ["clients.support.identity.kind unknown-reference"],
  ],
  [
    "another kind of identity",
    set("clients.support.identity", { kind: "none" }),
    ["clients.support.identity.kind unknown-kind"],
  ],
  [
    "a client's name that is no name",
    set("clients.Support_1", { identity: { kind: "apiKey" }, tools: ["search"] }),
    ["clients.Support_1 wrong-form"],
  ],
  [
    "a claim that is known later",
    set("clients.support.identity.claim", "${x}"),
    ["clients.support.identity.claim token-not-allowed"],
  ],
  [
    "an empty value of a claim",
    set("clients.support.identity.equals", ""),
    ["clients.support.identity.equals wrong-form"],
  ],
  [
    "an unknown field of an identity",
    set("clients.ci-bot.identity.scope", "x"),
    ['clients["ci-bot"].identity.scope unknown-field'],
  ],
  ["an unknown field of a client", set("clients.ci-bot.tool", "x"), ['clients["ci-bot"].tool unknown-field']],
  // Numbers.
  ["no calls", set("clients.support.callsPerMinute", 0), ["clients.support.callsPerMinute out-of-range"]],
  [
    "too many calls",
    set("tools.search.callsPerMinute", 100_001),
    ["tools.search.callsPerMinute out-of-range"],
  ],
  [
    "a limit that is known later",
    set("tools.search.callsPerMinute", "${x}"),
    ["tools.search.callsPerMinute token-not-allowed"],
  ],
  ["no limit", set("tools.search.callsPerMinute", undefined), ["tools.search.callsPerMinute required"]],
  [
    "half a call for each",
    set("tools.refund.callsPerMinutePerClient", 0.5),
    ["tools.refund.callsPerMinutePerClient out-of-range"],
  ],
  ["no timeout", set("tools.search.timeoutSeconds", undefined), ["tools.search.timeoutSeconds required"]],
  [
    "a timeout of a day",
    set("tools.search.timeoutSeconds", 86_400),
    ["tools.search.timeoutSeconds out-of-range"],
  ],
  // Tools.
  [
    "a tool's name with a blank",
    set("tools.a b", { access: "read", callsPerMinute: 1, timeoutSeconds: 1 }),
    ['tools["a b"] wrong-form'],
  ],
  [
    "a tool's name that is too long",
    set(`tools.${"a".repeat(129)}`, { access: "read", callsPerMinute: 1, timeoutSeconds: 1 }),
    [`tools.${"a".repeat(129)} too-long`],
  ],
  ["another access", set("tools.search.access", "readonly"), ["tools.search.access unknown-kind"]],
  ["a scope with a quote", set("tools.refund.scopes", ['a"b']), ["tools.refund.scopes[0] wrong-form"]],
  ["a scope with a blank", set("tools.refund.scopes", ["a b"]), ["tools.refund.scopes[0] wrong-form"]],
  ["a scope twice", set("tools.refund.scopes", ["a", "a"]), ["tools.refund.scopes[1] duplicate"]],
  ["an unknown field of a tool", set("tools.search.timeout", 1), ["tools.search.timeout unknown-field"]],
  // Windows.
  [
    "a window that is turned round",
    set("windows.month-end", [{ from: "2026-12-31T23:00Z", to: "2026-12-31T20:00Z" }]),
    ['windows["month-end"][0] conflict'],
  ],
  [
    "a time without a zone",
    set("windows.month-end", [{ from: "2026-12-31T20:00", to: "2026-12-31T23:00Z" }]),
    ['windows["month-end"][0].from wrong-form'],
  ],
  [
    "a day that does not exist",
    set("windows.month-end", [{ from: "2026-06-31T20:00Z", to: "2026-12-31T23:00Z" }]),
    ['windows["month-end"][0].from wrong-form'],
  ],
  ["an empty window", set("windows.month-end", []), ['windows["month-end"] too-few']],
  // The server.
  ["sessions somewhere", set("sessions", "store"), ["sessions unknown-kind"]],
  [
    "sessions in the era that has none",
    (config) => {
      set("sessions", "single-task")(config);
      set("era", "modern")(config);
    },
    ["sessions conflict"],
  ],
  ["another era", set("era", "new"), ["era unknown-kind"]],
];

test.each(WRONG)("%s", (_what, change, problems) => {
  const { check } = run(change);
  expect(check.problems.map(({ path, code }) => `${path} ${code}`)).toEqual(problems);
});

test("a window in the past warns, and fails nothing", () => {
  const { check } = run(set("windows.month-end", [{ from: "2020-01-01T00:00Z", to: "2020-01-02T00:00Z" }]));
  expect(check.problems).toEqual([]);
  expect(check.warnings).toEqual([expect.stringContaining("past")]);
});

test("sessions of one task are taken, with what they cost", () => {
  const { policy, check } = run(set("sessions", "single-task"));
  expect([policy.sessions, policy.version, check.problems]).toEqual(["single-task", 1, []]);
  expect(check.warnings).toEqual([
    expect.stringMatching(/^sessions is "single-task": one task, so calls fail/),
  ]);
  expect("sessions" in run(set("sessions", "none")).policy).toBe(false);
});

test("every mistake is reported at once, and a harmless document comes back", () => {
  const { policy, check } = run((config) => {
    set("tools.search.timeoutSeconds", 0)(config);
    set("clients.support.tools", ["x"])(config);
    set("era", "x")(config);
  });
  expect(check.problems).toHaveLength(3);
  expect(policy).toMatchObject({
    era: "both",
    clients: { support: { tools: [] } },
    tools: { search: { timeoutSeconds: 1 } },
  });
});
