import { buildPolicy, type PolicyConfig } from "../../lib/policy";
import { Check } from "../../lib/validation";
import { TestIssuer } from "../support/tokens";

/** The issuer that it names. */
export const issuer = new TestIssuer();
const NOW = Date.parse("2026-11-25T00:00Z");

/** A configuration without a mistake. */
function good(): Record<string, never> {
  return {
    path: "/orders/mcp",
    auth: { jwt: { issuer: issuer.url, keys: { kind: "inline", jwks: issuer.jwks } } },
    clients: {
      "ci-bot": { identity: { kind: "apiKey", rotateDays: 30 }, tools: ["search"], callsPerMinute: 60 },
      support: {
        identity: { kind: "jwt", claim: "client_id", equals: "support-app" },
        tools: ["refund", "search"],
      },
    },
    tools: {
      search: {
        access: "read",
        callsPerMinute: 600,
        timeoutSeconds: 10,
        arguments: { query: { type: "string", maxLength: 400 } },
      },
      refund: {
        access: "destructive",
        scopes: ["mcp:refund"],
        callsPerMinute: 5,
        callsPerMinutePerClient: 2,
        timeoutSeconds: 30,
        window: "month-end",
      },
    },
    windows: { "month-end": [{ from: "2026-12-31T20:00Z", to: "2026-12-31T23:00Z" }] },
  } as never;
}

/** Builds the policy of that configuration, changed. */
export function run(change: (config: never) => void = () => undefined) {
  const config = good();
  change(config as never);
  const check = Check.start((value) => typeof value === "string" && value.includes("${"));
  const facts = { hostname: "mcp.example.com", maxBodyKib: 64, maxTasks: 6, now: NOW };
  const policy = buildPolicy("orders", config as unknown as PolicyConfig, facts, check);
  return { policy, check };
}

/** Sets the value at a path such as `tools.search.timeoutSeconds`; `undefined` deletes it. */
export function set(path: string, value: unknown) {
  return (config: never) => {
    const keys = path.split(".");
    const last = keys.pop() as string;
    const at = keys.reduce(
      (inner, key) => (inner[key] ??= {}) as Record<string, unknown>,
      config as Record<string, unknown>,
    );
    if (value === undefined) delete at[last];
    else at[last] = value;
  };
}
