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

const search = (argument: unknown) => set("tools.search.arguments", { a: argument });
const A = "tools.search.arguments.a";
const object = (kind: string) => ({
  type: "object",
  properties: { kind: { type: "string", const: kind, required: true } },
});
const [card, cash] = [object("card"), object("cash")];
const deep = (levels: number): object =>
  levels === 0 ? { type: "boolean" } : { type: "array", maxItems: 1, items: deep(levels - 1) };

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
  // Arguments.
  ["an unknown type", search({ type: "text" }), [`${A}.type unknown-kind`]],
  ["text without a length", search({ type: "string" }), [`${A}.maxLength required`]],
  [
    "text shorter than its shortest",
    search({ type: "string", maxLength: 1, minLength: 2 }),
    [`${A}.minLength conflict`],
  ],
  [
    "a list without a length",
    search({ type: "array", items: { type: "boolean" } }),
    [`${A}.maxItems required`],
  ],
  ["a list of nothing", search({ type: "array", maxItems: 1 }), [`${A}.items required`]],
  [
    "a range that is turned round",
    search({ type: "number", minimum: 2, maximum: 1 }),
    [`${A}.minimum conflict`],
  ],
  ["a bound that is no number", search({ type: "number", minimum: "1" }), [`${A}.minimum wrong-type`]],
  [
    "a bound of whole numbers that is none",
    search({ type: "integer", maximum: 1.5 }),
    [`${A}.maximum out-of-range`],
  ],
  [
    "a value that is too long for its text",
    search({ type: "string", maxLength: 1, enum: ["ab"] }),
    [`${A}.enum[0] too-long`],
  ],
  ["a value twice", search({ type: "string", maxLength: 1, enum: ["a", "a"] }), [`${A}.enum[1] duplicate`]],
  // Their kinds.
  [
    "a length that is known later",
    search({ type: "string", maxLength: "${x}" }),
    [`${A}.maxLength token-not-allowed`],
  ],
  ["a flag that is none", search({ type: "boolean", nullable: 1 }), [`${A}.nullable wrong-type`]],
  ["a flag that is known later", search({ type: "boolean", log: "${x}" }), [`${A}.log token-not-allowed`]],
  ["a value beside values", search({ type: "string", const: "a", enum: ["a"] }), [`${A}.const conflict`]],
  ["a number beside numbers", search({ type: "number", const: 1, enum: [1] }), [`${A}.const conflict`]],
  ["a value with NUL", search({ type: "string", const: "\0" }), [`${A}.const wrong-form`]],
  ["half a character", search({ type: "string", const: "\ud800" }), [`${A}.const wrong-form`]],
  [
    "a value that is too long",
    search({ type: "string", const: "ab", maxLength: 1 }),
    [`${A}.const too-long`],
  ],
  ["a value that is no text", search({ type: "string", maxLength: 9, const: 1 }), [`${A}.const wrong-type`]],
  ["a value of another type", search({ type: "boolean", const: "true" }), [`${A}.const wrong-type`]],
  ["no values", search({ type: "number", enum: [] }), [`${A}.enum too-few`]],
  ["a number twice", search({ type: "number", enum: [1, 1] }), [`${A}.enum[1] duplicate`]],
  [
    "a value that is no whole number",
    search({ type: "integer", enum: [1.5] }),
    [`${A}.enum[0] out-of-range`],
  ],
  [
    "a value that is known later",
    search({ type: "integer", const: "${x}" }),
    [`${A}.const token-not-allowed`],
  ],
  ["another format", search({ type: "string", maxLength: 9, format: "regex" }), [`${A}.format unknown-kind`]],
  [
    "a format of a prototype",
    search({ type: "string", format: "toString" }),
    [`${A}.maxLength required`, `${A}.format unknown-kind`],
  ],
  [
    "a format beside a pattern",
    search({ type: "string", format: "date", pattern: "a" }),
    [`${A}.format conflict`],
  ],
  [
    "two lower bounds",
    search({ type: "number", minimum: 1, exclusiveMinimum: 1 }),
    [`${A}.exclusiveMinimum conflict`],
  ],
  [
    "two upper bounds",
    search({ type: "number", maximum: 1, exclusiveMaximum: 1 }),
    [`${A}.exclusiveMaximum conflict`],
  ],
  [
    "a range of excluded bounds that is turned round",
    search({ type: "number", exclusiveMinimum: 2, exclusiveMaximum: 1 }),
    [`${A}.exclusiveMinimum conflict`],
  ],
  [
    "a bound that nothing is beyond",
    search({ type: "number", exclusiveMinimum: Number.MAX_VALUE }),
    [`${A}.exclusiveMinimum out-of-range`],
  ],
  ["multiples of a fraction", search({ type: "integer", multipleOf: 0.5 }), [`${A}.multipleOf out-of-range`]],
  ["multiples of nothing", search({ type: "integer", multipleOf: 0 }), [`${A}.multipleOf out-of-range`]],
  ["fractions that are multiples", search({ type: "number", multipleOf: 1 }), [`${A}.multipleOf unsafe`]],
  [
    "different lists in a list",
    search({
      ...{ type: "array", maxItems: 1, uniqueItems: true },
      items: { type: "array", maxItems: 1, items: { type: "boolean" } },
    }),
    [`${A}.uniqueItems unsafe`],
  ],
  [
    "other properties",
    search({ type: "object", properties: {}, additionalProperties: true }),
    [`${A}.additionalProperties unsafe`],
  ],
  [
    "fewer properties than their fewest",
    search({ type: "object", properties: {}, minProperties: 2, maxProperties: 1 }),
    [`${A}.minProperties conflict`],
  ],
  ["one object of one", search({ type: "object", oneOf: [card] }), [`${A}.oneOf too-few`]],
  [
    "objects that nothing tells apart",
    search({ type: "object", oneOf: [card, card] }),
    [`${A}.oneOf conflict`],
  ],
  [
    "objects that an optional constant tells apart",
    search({
      type: "object",
      oneOf: [card, { type: "object", properties: { kind: { type: "string", const: "b" } } }],
    }),
    [`${A}.oneOf conflict`],
  ],
  [
    "an object that is none",
    search({ type: "object", oneOf: [card, { type: "string", maxLength: 1 }] }),
    [`${A}.oneOf[1].maxLength unknown-field`, `${A}.oneOf[1].type unknown-kind`],
  ],
  [
    "objects beside properties",
    search({ type: "object", properties: {}, oneOf: [card, cash] }),
    [`${A}.properties unknown-field`],
  ],
  [
    "a wrong property of one of them",
    search({ type: "object", oneOf: [card, { ...cash, minProperties: -1 }] }),
    [`${A}.oneOf[1].minProperties out-of-range`],
  ],
  ["a field of another type", search({ type: "boolean", maxLength: 1 }), [`${A}.maxLength unknown-field`]],
  ["an object without properties", search({ type: "object" }), [`${A}.properties required`]],
  ["a nest of lists", search(deep(8)), [`${A}${".items".repeat(8)} over-budget`]],
  [
    "a catastrophic pattern",
    search({ type: "string", maxLength: 9, pattern: "(?:a+)+" }),
    [`${A}.pattern unsafe`],
  ],
  [
    "too many arguments",
    set(
      "tools.search.arguments",
      Object.fromEntries(Array.from({ length: 201 }, (_, i) => [`a${i}`, { type: "boolean" }])),
    ),
    ["tools.search.arguments over-budget"],
  ],
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
  ["sessions", set("sessions", "single-task"), ["sessions not-supported-yet"]],
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

test.each([
  [{ type: "string", enum: ["a", "\u{1f600}\u{1f600}"] }, 2],
  [{ type: "string", const: "abc" }, 3],
  [{ type: "string", format: "date" }, 10],
  [{ type: "string", format: "date", maxLength: 4 }, 4],
])("the length of %j is %d", (argument, maxLength) => {
  const { policy, check } = run(search(argument));
  expect(check.problems).toEqual([]);
  expect(policy.tools["search"]?.arguments["a"]).toEqual({ ...argument, maxLength });
});
