import { NOW } from "./exact";

/** What every policy has. */
export const BASE = {
  v: 1,
  resource: "https://mcp.example.com/mcp",
  era: "both",
  versions: {
    "2025-06-18": "legacy",
    "2025-11-25": "legacy",
    "2026-07-28": "modern",
    "2026-09-01": "modern",
  },
  methods: ["initialize", "ping", "prompts/get", "tools/call", "tools/list"],
  depth: 6,
  values: 200,
  timeout: 30000,
  windows: {},
};

const tool = (more: object = {}) => ({ timeout: 5000, limit: "600", fields: {}, ...more });

const WORDS = { type: "array", items: { type: "string" } };
/** One client that may call many tools, one that may call another. */
export const TOOLS = {
  ...BASE,
  metadata: "https://mcp.example.com/meta",
  algorithms: ["RS256"],
  lifetime: 3600,
  clients: {
    ci: {
      by: "key",
      limit: "60",
      tools: ["plain", "each", "scoped", "open", "opening", "ended", "never", "args", "rows"],
    },
    app: { by: "jwt", claim: "client_id", is: "app", limit: "60", tools: ["scoped", "plain"] },
    other: { by: "key", limit: "60", tools: ["others"] },
  },
  tools: {
    plain: tool(),
    others: tool(),
    each: tool({ each: "2", timeout: 1500 }),
    scoped: tool({ scopes: ["a", "b"] }),
    open: tool({ window: "open" }),
    opening: tool({ window: "second" }),
    ended: tool({ window: "past" }),
    never: tool({ window: "unknown" }),
    args: tool({
      fields: {
        word: { type: "string", log: true, pattern: "1" },
        must: { type: "string", required: true },
        list: { type: "array", items: { type: "string" } },
        deep: { type: "object", fields: { word: { type: "string", pattern: "2" } } },
      },
    }),
    rows: tool({ fields: { rows: { type: "array", items: WORDS }, marks: WORDS } }),
  },
  windows: {
    past: [[NOW - 100, NOW]],
    open: [
      [NOW - 100, NOW - 50],
      [NOW, NOW + 1],
    ],
    second: [[NOW + 1, NOW + 2]],
  },
};

export const KEYS = { HMCP_KEYS_CI: "a".repeat(64), HMCP_KEYS_OTHER: "b".repeat(64) };

const MODERN_ONLY = { "2026-07-28": "modern", "2025-06-18": "legacy" };
/** The same where only one era is spoken. */
export const ONLY_MODERN = { ...TOOLS, era: "modern", versions: MODERN_ONLY };
export const ONLY_LEGACY = {
  ...TOOLS,
  era: "legacy",
  versions: {
    "2025-06-18": "legacy",
    "2025-03-26": "legacy",
    "2024-11-05": "legacy",
    "2025-11-25": "legacy",
  },
};

/** The same where a service counts, which is told each number. */
export const EXACT = { ...TOOLS, exact: true };

const opened = (more: object = {}) => ({ timeout: 2000, limit: "90", ...more });
const names = (exact: readonly string[], starts: readonly string[] = []) => ({
  allow: { exact: Object.fromEntries(exact.map((name) => [name, true])), starts },
});

/** Methods beside calls of tools, for one client; for another only one of them. */
export const METHODS = {
  ...BASE,
  methods: ["initialize", "ping", "tools/call", "tools/list"],
  clients: {
    ci: {
      by: "key",
      limit: "60",
      tools: [],
      methods: [
        "completion/complete",
        "prompts/get",
        "prompts/list",
        "resources/list",
        "resources/read",
        "resources/subscribe",
        "resources/unsubscribe",
        "subscriptions/listen",
      ],
    },
    other: { by: "key", limit: "60", tools: [], methods: ["resources/templates/list"] },
    app: { by: "jwt", claim: "client_id", is: "app", limit: "60", tools: [], methods: ["prompts/list"] },
  },
  tools: {},
  opened: {
    "completion/complete": opened({ ...names(["greeting", "file:///{path}"]), values: 10 }),
    "prompts/get": opened({ ...names(["greeting"], ["team/", "other/", "item-"]), values: 10 }),
    "prompts/list": opened({ scopes: ["prompts"] }),
    "resources/list": opened({ each: "3" }),
    "resources/read": opened({ ...names(["test://one?v=%2e"], ["file:///docs/"]), timeout: 700 }),
    "resources/subscribe": opened({ ...names(["test://one"], ["test://all/"]), era: "legacy", log: true }),
    "resources/templates/list": opened(),
    "resources/unsubscribe": opened({ ...names(["test://one"]), era: "legacy" }),
    "subscriptions/listen": opened({ ...names([], ["file:///docs/"]), era: "modern" }),
  },
};

export const METHODS_EXACT = { ...METHODS, exact: true };
