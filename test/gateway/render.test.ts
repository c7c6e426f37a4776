import { AUDIT_LINE_SCHEMA, AUDIT_REASONS } from "../../lib/gateway/audit-line";
import { RESERVED_BYTES, TASK_DEFINITION_BYTES, fitGateway, gatewayBytes } from "../../lib/gateway/budget";
import { renderGateway } from "../../lib/gateway/envoy";
import { resolveGateway } from "../../lib/gateway/model";
import { buildPolicy, type PolicyConfig } from "../../lib/policy";
import { Check } from "../../lib/validation";
import { TestIssuer } from "../support/tokens";
import { HOST, IMAGE, orders } from "./lab";

const issuer = new TestIssuer();
const gateway = resolveGateway(
  { image: IMAGE },
  Check.start(() => false),
);
const policyOf = (config: PolicyConfig, maxTasks = 6) =>
  buildPolicy(
    "orders",
    config,
    { hostname: HOST, maxBodyKib: 64, maxTasks },
    Check.start(() => false),
  );
const render = (config: PolicyConfig, facts: { peersHostname?: string } = {}, maxTasks?: number) =>
  renderGateway(policyOf(config, maxTasks), gateway, { serverPort: 3000, ...facts });

interface Format {
  readonly json_format?: Readonly<Record<string, string>>;
  readonly text_format_source?: { readonly inline_string: string };
}

/** Tools × clients that differ in nothing but their names. */
function many(tools: number, clients: number): PolicyConfig {
  const names = Array.from({ length: tools }, (_, i) => `tool_${i}`);
  const query = { type: "string", maxLength: 400, pattern: "[a-z]+" } as const;
  const tool = { access: "read", callsPerMinute: 60, timeoutSeconds: 10, arguments: { query } } as const;
  return {
    path: "/many/mcp",
    clients: Object.fromEntries(
      Array.from({ length: clients }, (_, i) => [
        `client-${i}`,
        { identity: { kind: "apiKey" as const }, tools: names },
      ]),
    ),
    tools: Object.fromEntries(names.map((name) => [name, tool])),
  };
}

/** Every object of a JSON document. */
function objects(value: unknown): Record<string, unknown>[] {
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.values(value).flatMap(objects);
  return Array.isArray(value) ? inner : [value as Record<string, unknown>, ...inner];
}

describe("size", () => {
  it("of Envoy's part does not grow with tools or clients", () => {
    const small = gatewayBytes(render(many(2, 2)));
    const large = gatewayBytes(render(many(40, 30)));
    expect(large.bootstrap).toBe(small.bootstrap);
    expect(large.program).toBe(small.program);
    expect(large.policy).toBeGreaterThan(small.policy);
  });

  const fitted = (config: PolicyConfig, at: Parameters<typeof fitGateway>[2] = {}, isToken = false) => {
    const check = Check.start(() => isToken).at("servers", "many");
    return { check, stored: fitGateway(render(config), check, at) };
  };

  it("is fitted: all inline, the policy in a store, the program too, as the room is", () => {
    const { policy, program, total } = gatewayBytes(render(many(10, 5)));
    const room = (bytes: number) => ({ reserved: TASK_DEFINITION_BYTES - bytes });
    const ways = [total, total - policy / 2, total - policy - program / 2].map((bytes) =>
      fitted(many(10, 5), room(bytes)),
    );
    expect(ways.map(({ stored }) => stored.map(({ id }) => id))).toEqual([
      [],
      ["policy"],
      ["policy", "program"],
    ]);
    expect(ways.map(({ check }) => check.warnings.length)).toEqual([0, 1, 1]);
    expect(ways[1]?.check.warnings[0]).toMatch(/^servers\.many has no room .*its policy \(\d+ bytes/);
    const always = fitted(many(10, 5), { store: "always" });
    expect([always.stored.map(({ id }) => id), always.check.warnings]).toEqual([["policy", "program"], []]);
  });

  it("is refused with what takes the room where no store helps", () => {
    const small = gatewayBytes(render(many(1, 1)));
    const full = fitted(many(1, 1), { reserved: TASK_DEFINITION_BYTES - small.bootstrap });
    expect(full.check.problems).toEqual([
      expect.objectContaining({ path: "servers.many", code: "over-budget" }),
    ]);
    expect(full.check.problems[0]?.says).toMatch(/^needs \d+ bytes for Envoy and patterns/);
    const long = fitted(many(200, 200));
    expect(long.check.problems.map(({ says }) => says)).toEqual([
      expect.stringMatching(/^has a policy of \d+ bytes .*at most 4 pieces/),
    ]);
    const token = fitted(many(50, 20), {}, true);
    expect(token.check.problems.map(({ says }) => says)).toEqual([
      expect.stringContaining("known only at deployment"),
    ]);
    expect(RESERVED_BYTES).toBeLessThan(TASK_DEFINITION_BYTES);
  });

  it.each([
    [10, 5],
    [50, 20],
    [200, 50],
  ])(
    "of %i tools and %i clients that differ in nothing but names fits, and what is stored is linear",
    (t, c) => {
      const { stored, check } = fitted(many(t, c));
      const rendered = render(many(t, c));
      const bytes = gatewayBytes(rendered, stored);
      expect(check.problems).toEqual([]);
      expect(bytes.total).toBeLessThanOrEqual(TASK_DEFINITION_BYTES - RESERVED_BYTES);
      const policy = Buffer.byteLength(rendered.policyJson);
      // A tool costs its own text; a client one, and the name of each tool that it may call.
      expect(policy).toBeLessThan(1000 + t * 160 + c * (60 + t * 12));
    },
  );

  it("is the same for the same input", () => {
    expect(JSON.stringify(render(orders(issuer)))).toBe(JSON.stringify(render(orders(issuer))));
  });
});

describe("limits", () => {
  const buckets = (maxTasks: number) =>
    objects(render(many(1, 1), {}, maxTasks).bootstrap)
      .filter((one) => Array.isArray(one.entries))
      .map((one) => one.token_bucket);

  it("never hold fewer tokens than there are tasks, or a share would be nothing", () => {
    expect(buckets(6)).toContainEqual({ max_tokens: 60, tokens_per_fill: 60, fill_interval: "60s" });
    const rare = render(
      { ...many(1, 1), tools: { tool_0: { access: "read", callsPerMinute: 1, timeoutSeconds: 10 } } },
      { peersHostname: "many.acme.internal" },
      3,
    ).bootstrap;
    // Three tasks and, during a deployment, as many new ones.
    expect(objects(rare).map((one) => one.token_bucket)).toContainEqual({
      max_tokens: 6,
      tokens_per_fill: 1,
      fill_interval: "60s",
    });
  });

  it("are shared among the tasks that a name resolves to, and only then", () => {
    const shared = render(orders(issuer), { peersHostname: "orders.acme.internal" }).bootstrap;
    const alone = render(orders(issuer)).bootstrap;
    const count = (bootstrap: unknown) =>
      objects(bootstrap).filter((one) => "local_cluster_rate_limit" in one).length;
    expect([count(shared), count(alone)]).toEqual([3, 0]);
    expect(shared).toMatchObject({ cluster_manager: { local_cluster_name: "peers" } });
    expect(alone).not.toHaveProperty("cluster_manager");
  });
});

describe("what is written into the bootstrap", () => {
  const { bootstrap } = render(orders(issuer));
  const filters = objects(bootstrap).flatMap(
    (one) => (one.http_filters as { name: string }[] | undefined) ?? [],
  );

  it("names only filters that exist where it turns some off: Envoy would not say", () => {
    const names = filters.map(({ name }) => name);
    const used = objects(bootstrap).flatMap((one) =>
      Object.keys((one.typed_per_filter_config as object | undefined) ?? {}),
    );
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((name) => !names.includes(name))).toEqual([]);
  });

  it("turns filters off for the public document only", () => {
    const routes = objects(bootstrap).filter((one) => "typed_per_filter_config" in one && "match" in one);
    expect(routes.map(({ name }) => name)).toEqual(["metadata", "metadata-preflight"]);
    expect(routes.every((route) => "direct_response" in route)).toBe(true);
  });

  it("writes exactly the fields of the audit line, with reasons that are documented", () => {
    const formats = objects(bootstrap).flatMap((one) => (one.log_format as Format | undefined) ?? []);
    const text = formats.map((one) => one.text_format_source?.inline_string ?? "").join("");
    const json = formats.map((one) => one.json_format ?? {});
    expect(Object.keys(json[1] ?? {}).sort()).toEqual([...AUDIT_LINE_SCHEMA.required].sort());
    const written = [...text.replace(/%COALESCE\(.*?\)%/g, "").matchAll(/"([a-z_]+)":/g)].map(
      ([, field]) => field,
    );
    expect([...written, "trace", "verb", "call"].sort()).toEqual([...AUDIT_LINE_SCHEMA.required].sort());
    for (const chain of [json[1]?.reason ?? "", text]) {
      const reasons = [...chain.matchAll(/[?:] '([a-z-]+)'/g)].map(([, reason]) => reason ?? "");
      expect(reasons.length).toBeGreaterThan(5);
      expect(reasons.filter((reason) => !Object.hasOwn(AUDIT_REASONS, reason))).toEqual([]);
    }
  });

  it("has no admin interface, no second listener and no secret", () => {
    expect(bootstrap).not.toHaveProperty("admin");
    expect(objects(bootstrap).filter((one) => "filter_chains" in one)).toHaveLength(1);
    expect(JSON.stringify(bootstrap)).not.toMatch(/PRIVATE KEY|hmk_[A-Za-z0-9]/);
  });

  it("has no token filter and no metadata where only keys are used", () => {
    const keys = render(many(1, 1)).bootstrap;
    expect(JSON.stringify(keys)).not.toMatch(/hmcp\.jwt|oauth-protected-resource/);
  });
});

describe("sessions", () => {
  const rendered = (sessions: "none" | "single-task") =>
    renderGateway(
      { ...policyOf({ ...orders(issuer), sessions }, 1), allowedOrigins: ["https://app.example.com"] },
      gateway,
      { serverPort: 3000 },
    );
  const removed = (sessions: "none" | "single-task") =>
    objects(rendered(sessions).bootstrap).flatMap((one) => one.response_headers_to_remove ?? []);

  it("are taken away from answers where none are kept, and cost nothing", () => {
    expect(removed("none")).toContain("mcp-session-id");
    expect(rendered("none")).toEqual(
      renderGateway(
        { ...policyOf(orders(issuer), 1), allowedOrigins: ["https://app.example.com"] },
        gateway,
        { serverPort: 3000 },
      ),
    );
    expect(rendered("none").program).not.toContain("hmcp session ids");
  });

  it("are open to pages that may call, and to no others", () => {
    const cors = (sessions: "none" | "single-task") =>
      objects(rendered(sessions).bootstrap).find((one) => one.allow_origin_string_match !== undefined);
    expect(cors("none")).toMatchObject({ allow_methods: "POST" });
    expect(JSON.stringify(cors("none"))).not.toContain("session");
    expect(cors("single-task")).toMatchObject({
      allow_methods: "POST, GET, DELETE",
      allow_headers: expect.stringMatching(/, mcp-session-id$/),
      expose_headers: expect.stringMatching(/, mcp-session-id$/),
    });
  });

  it("are left to the program where they are", () => {
    expect(removed("single-task")).not.toContain("mcp-session-id");
    expect(rendered("single-task").program).toContain("hmcp session ids");
    expect(JSON.parse(rendered("single-task").policyJson)).toMatchObject({ sessions: true });
  });
});

describe("tokens", () => {
  const rulesOf = (config: PolicyConfig) =>
    objects(render(config).bootstrap).find(({ name }) => name === "hmcp.jwt") as unknown as {
      typed_config: { rules: { match: { headers?: object[] }; requires?: object }[] };
    };

  it("are looked for in all but what begins as a key, where there are keys", () => {
    const { rules } = rulesOf(orders(issuer)).typed_config;
    expect(rules.map(({ match: { headers }, requires }) => [headers, requires !== undefined])).toEqual([
      [[{ name: "authorization", string_match: { prefix: "Bearer hmk_" } }], false],
      [undefined, true],
    ]);
  });

  it("are looked for in everything where there are none", () => {
    const { clients, ...rest } = orders(issuer);
    const tokens = Object.entries(clients).filter(([, { identity }]) => identity.kind === "jwt");
    const { rules } = rulesOf({ ...rest, clients: Object.fromEntries(tokens) }).typed_config;
    expect(rules.map(({ match: { headers }, requires }) => [headers, requires !== undefined])).toEqual([
      [undefined, true],
    ]);
  });
});
