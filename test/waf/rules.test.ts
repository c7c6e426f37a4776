import { evaluate, type Request } from "./evaluate";
import { resolve } from "./fixture";

const { rules } = resolve().model;
const good: Request = {
  method: "POST",
  path: "/orders/mcp",
  query: "",
  headers: { host: "mcp.example.com" },
  bodyBytes: 300,
  country: "IE",
};

describe("in the model of the firewall, what clients send passes", () => {
  test.each<[string, Partial<Request>]>([
    ["a call", {}],
    ["a host in capitals", { headers: { host: "MCP.Example.com" } }],
    ["the document of a server", { method: "GET", path: "/.well-known/oauth-protected-resource/orders/mcp" }],
    ["the document of the host", { method: "GET", path: "/.well-known/oauth-protected-resource" }],
    ["a preflight", { method: "OPTIONS", headers: { ...good.headers, origin: "https://app.example.com" } }],
    ["a legacy stream and its end", { method: "DELETE" }],
    ["an allowed origin", { headers: { ...good.headers, origin: "https://desk.example.com" } }],
    ["a query without a credential", { query: "monkey=1&tokens=2&page=3" }],
  ])("%s", (_what, request) => {
    expect(evaluate(rules, { ...good, ...request })).toEqual({ counted: [] });
  });
});

describe("in the model of the firewall, the rest is blocked by the rule for it", () => {
  test.each<[string, Partial<Request>, string]>([
    ["another host", { headers: { host: "10.0.0.1" } }, "host"],
    ["no host", { headers: {} }, "host"],
    ["a host that only ends like ours", { headers: { host: "evil-mcp.example.com" } }, "host"],
    ["a path that is not served", { path: "/admin" }, "path"],
    ["a path below one that is", { path: "/orders/mcp/x" }, "path"],
    ["another method", { method: "PUT" }, "method"],
    ["a method in lower case", { method: "post" }, "method"],
    ["another origin", { headers: { ...good.headers, origin: "https://evil.example" } }, "origin"],
    ["an opaque origin", { headers: { ...good.headers, origin: "null" } }, "origin"],
    ["a token in the query", { query: "access_token=x" }, "query-credential"],
    ["a key in the query, later", { query: "a=1&api_key=x" }, "query-credential"],
    ["capitals", { query: "Api-Key=x" }, "query-credential"],
    ["an encoded name", { query: "%61ccess_token=x" }, "query-credential"],
    ["a client secret", { query: "client_secret=x" }, "query-credential"],
  ])("%s", (_what, request, rule) => {
    expect(evaluate(rules, { ...good, ...request }).blockedBy).toBe(rule);
  });
});

describe("what only counts is let on", () => {
  test("a body that the firewall cannot read to its end", () => {
    expect(evaluate(rules, { ...good, bodyBytes: 8193 })).toEqual({ counted: ["oversize-body"] });
    expect(evaluate(rules, { ...good, bodyBytes: 8192 })).toEqual({ counted: [] });
  });
  test("a country where no client is", () =>
    expect(evaluate(rules, { ...good, country: "BR" })).toEqual({ counted: ["countries"] }));
});

test("the order is that of the table, and a rule that is not needed leaves a gap", () => {
  const order = (model: typeof rules) => model.map(({ name, priority }) => [name, priority]);
  expect(order(rules)).toEqual([
    ["oversize-body", 10],
    ["host", 20],
    ["path", 30],
    ["method", 40],
    ["ip-reputation", 50],
    ["anonymous-ips", 60],
    ["per-ip", 70],
    ["query-credential", 80],
    ["origin", 90],
    ["countries", 100],
    ["known-bad-inputs", 110],
    ["common-rules", 120],
  ]);
  const { paths: _all, ...unknown } = { paths: undefined };
  const few = resolve(undefined, { ...unknown, allowedOrigins: [], expectedCountries: [] }).model.rules;
  expect(order(few)).toEqual(
    order(rules).filter(([name]) => !["origin", "countries"].includes(String(name))),
  );
});
