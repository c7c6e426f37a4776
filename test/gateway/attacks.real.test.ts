import { CREDENTIALS } from "../../lib/gateway/envoy/routes";
import type { Answer, SendOptions } from "../support/envoy";
import { describeWith } from "../support/toolchain";
import { GROUPS, as, search, type Expected } from "./attacks";
import { HOST, PATH, URL_OF_SERVER, call, legacy, modern, startLab, type Lab } from "./lab";

describeWith(["envoy"], "attacks on a running gateway", () => {
  let lab: Lab;
  beforeAll(async () => void (lab = await startLab()));
  afterAll(() => lab.stop());

  /** Sends, and gives the answer with its one audit line; nothing may have reached the server. */
  const refused = async (options: SendOptions, expected: Expected) => {
    const before = lab.server.requests;
    const answer = await lab.gateway.send(options);
    const lines = await lab.gateway.linesOf(answer);
    expect([answer.status, lines[0]?.reason]).toEqual(expected);
    expect(lines).toHaveLength(1);
    expect(lab.server.requests).toBe(before);
    return { answer, line: lines[0] };
  };
  const error = (answer: Answer) =>
    JSON.parse(answer.text) as { id: unknown; error: { code: number; message: string } };
  /** Codes of JSON-RPC and MCP themselves, or outside what both reserve. */
  const DEFINED = [-32700, -32600, -32601, -32602, -32603, -32020, -32022];
  const allowed = (code: number) => DEFINED.includes(code) || code < -32768 || code > -32000;

  describe.each(GROUPS)("%s", (_group, attacks) => {
    it.each(attacks)("%s", async (_what, request, expected) => {
      const { answer } = await refused(request(lab), expected);
      expect(answer.headers["content-type"]).toContain("application/json");
      expect(error(answer)).toMatchObject({ jsonrpc: "2.0", error: { code: expect.any(Number) } });
      expect(error(answer)).not.toHaveProperty("id", null);
      expect([error(answer).error.code].filter(allowed)).toHaveLength(1);
    });
  });

  it("answers 401 with where to get a token, for reading only", async () => {
    const { answer } = await refused(as(lab, search, { authorization: undefined }), [
      401,
      "credential-missing",
    ]);
    const metadata = `https://${HOST}/.well-known/oauth-protected-resource${PATH}`;
    expect(answer.headers["www-authenticate"]).toBe(
      `Bearer resource_metadata="${metadata}", scope="mcp:read"`,
    );
  });

  it("answers 403 with the scope that is missing", async () => {
    const token = lab.token({ scope: "openid" });
    const message = call("refund", { order: "ord_1234" });
    const { answer, line } = await refused(as(lab, message, { authorization: `Bearer ${token}` }), [
      403,
      "scope-missing",
    ]);
    expect(answer.headers["www-authenticate"]).toContain('error="insufficient_scope"');
    expect(answer.headers["www-authenticate"]).toContain('scope="mcp:refund"');
    expect(line).toMatchObject({ client: "support", proof: "jwt", tool: "refund", detail: "mcp:refund" });
  });

  it.each([7, 'seven "quoted"', 9007199254740991, -1])("answers with the id %j", async (id) => {
    const { answer } = await refused(as(lab, modern("tools/call", { name: "secret" }, id)), [
      400,
      "tool-denied",
    ]);
    expect(error(answer).id).toBe(id);
    const pattern = modern("tools/call", { name: "search", arguments: { tags: ["A"] } }, id);
    expect(error((await refused(as(lab, pattern), [400, "argument-invalid"])).answer).id).toBe(id);
  });

  it.each([
    ["a version that header and body disagree on", { "mcp-protocol-version": "2025-11-25" }, {}, 400, -32020],
    ["no Mcp-Name", { "mcp-name": undefined }, {}, 400, -32020],
    ["a body without a version", {}, { _meta: undefined }, 400, -32602],
    ["a tool without a name", {}, { name: undefined }, 400, -32602],
  ])("%s is refused with the specification's code", async (_what, headers, params, status, code) => {
    const message = call("search", { query: "a" });
    const sent = as(lab, message, headers as Record<string, string>);
    const body = JSON.parse(sent.body as string) as { params: object };
    body.params = { ...body.params, ...params };
    const answer = await lab.gateway.send({ ...sent, body: JSON.stringify(body) });
    expect([answer.status, error(answer).error.code]).toEqual([status, code]);
  });

  it("an unknown method is 404 in the modern era, and an error that clients can read in the legacy one", async () => {
    const { answer } = await refused(as(lab, modern("tools/delete")), [404, "method-unknown"]);
    expect(error(answer).error.code).toBe(-32601);
    const old = await refused(as(lab, legacy("tools/delete")), [200, "method-unknown"]);
    expect(error(old.answer)).toMatchObject({ id: expect.anything(), error: { code: -32601 } });
  });

  it("does not tell tools of others from tools that do not exist", async () => {
    const denied = await refused(as(lab, call("secret")), [400, "tool-denied"]);
    const unknown = await refused(as(lab, call("nothing")), [400, "tool-unknown"]);
    expect(denied.answer.text).toBe(unknown.answer.text);
  });

  it("records declared arguments only, and values only where they are to be logged", async () => {
    const args = { query: "blue", note: "card 4111", tags: ["a", "b"], page: 3, "evil\nname": 1 };
    const { line } = await refused(as(lab, call("search", args)), [400, "argument-invalid"]);
    expect(line?.args).toEqual({
      query: { value: "blue" },
      note: { type: "string", length: 9 },
      tags: { type: "array", length: 2 },
      page: { type: "number" },
    });
  });

  it("keeps a record that cannot be forged", async () => {
    const query = '"},\n{"v":1,"reason":"ok"}\u2028';
    const request = as(lab, call("search", { query, x: 1 }), { "x-amzn-trace-id": 'a","reason":"ok' });
    const { line } = await refused(request, [400, "argument-invalid"]);
    expect(line).toMatchObject({
      args: { query: { value: query } },
      trace: 'a","reason":"ok',
      reason: "argument-invalid",
    });
  });

  it("takes both keys of a client while they change", async () => {
    for (const key of [lab.keys.ciBot, lab.keys.ciBotBefore]) {
      const answer = await lab.gateway.send(as(lab, search, { authorization: undefined, "x-api-key": key }));
      expect(answer.status).toBe(200);
    }
  });

  it("tells the server who calls, and nothing that proves it", async () => {
    const forged = {
      "x-mcp-client": "key:admin",
      "x-envoy-original-path": "/x",
      "x-mcp-claims": "e30",
      "mcp-session-id": "s",
      cookie: "a=b",
    };
    const answer = await lab.gateway.send(as(lab, search, forged));
    expect(answer.status).toBe(200);
    expect(lab.server.headers["x-mcp-client"]).toBe("key:ci-bot");
    const byToken = as(lab, search, { ...forged, authorization: `Bearer ${lab.token()}` });
    for (const request of [byToken, as(lab, search, forged)]) {
      expect((await lab.gateway.send(request)).status).toBe(200);
      for (const name of [...CREDENTIALS, "mcp-session-id", "x-envoy-original-path"]) {
        expect(lab.server.headers[name]).toBeUndefined();
      }
    }
    const [line] = await lab.gateway.linesOf(answer);
    expect(line).toMatchObject({
      ...{ v: 3, client: "ci-bot", proof: "key", host: HOST, verb: "POST", path: PATH, method: "tools/call" },
      ...{ tool: "search", status: 200, reason: "ok", detail: null, args: { query: { value: "blue" } } },
    });
    expect(line?.upstream_ms).toEqual(expect.any(Number));
  });

  it("serves the metadata document to any page, without a credential", async () => {
    const path = `/.well-known/oauth-protected-resource${PATH}`;
    const answer = await lab.gateway.send({
      method: "GET",
      path,
      headers: { origin: "https://anywhere.example" },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers["access-control-allow-origin"]).toBe("*");
    expect(answer.headers["content-type"]).toBe("application/json");
    expect(JSON.parse(answer.text)).toEqual({
      resource: URL_OF_SERVER,
      authorization_servers: [lab.issuer.url],
      scopes_supported: ["mcp:read"],
      bearer_methods_supported: ["header"],
    });
  });

  it("answers the preflight of an allowed page, and only of that", async () => {
    const preflight = (origin: string) =>
      lab.gateway.send({
        method: "OPTIONS",
        path: PATH,
        headers: { origin, "access-control-request-method": "POST" },
      });
    const allowed = await preflight("https://app.example.com");
    expect(allowed.status).toBe(200);
    expect(allowed.headers["access-control-allow-origin"]).toBe("https://app.example.com");
    expect((await preflight("https://evil.example.com")).status).toBe(403);
  });
});
