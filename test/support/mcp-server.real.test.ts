import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";

/** The server that gateways are tried in front of must itself do what it says. */
describe("the MCP server of the tests", () => {
  let child: ChildProcess;
  let url: string;

  beforeAll(async () => {
    child = spawn(process.execPath, [join(__dirname, "mcp-server.mjs")], {
      env: { ...process.env, PORT: "0" },
    });
    url = await new Promise((resolve, reject) => {
      child.stdout?.once("data", (line) => resolve(/http:\S+/.exec(String(line))?.[0] ?? ""));
      child.once("exit", (code) => reject(new Error(`ended with ${code}`)));
    });
  });
  afterAll(() => void child.kill());

  const post = async (body: object, headers: Record<string, string> = {}) => {
    const response = await fetch(`${url}/orders/mcp`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        ...headers,
      },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, ...body }),
    });
    const text = await response.text();
    return { status: response.status, message: text.replace(/^event: message\ndata: /m, "").trim() };
  };
  const modern = { "mcp-protocol-version": "2026-07-28" };
  const envelope = {
    _meta: {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientInfo": { name: "t", version: "1" },
      "io.modelcontextprotocol/clientCapabilities": {},
    },
  };

  it("serves the legacy era", async () => {
    const params = {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "t", version: "1" },
    };
    const { status, message } = await post({ method: "initialize", params });
    expect([status, message]).toEqual([200, expect.stringContaining('"protocolVersion":"2025-11-25"')]);
  });

  it("serves the modern era", async () => {
    const { status, message } = await post(
      {
        method: "tools/call",
        params: { ...envelope, name: "search", arguments: { query: "x" } },
      },
      { ...modern, "mcp-method": "tools/call", "mcp-name": "search" },
    );
    expect([status, message]).toEqual([200, expect.stringContaining("found x")]);
  });

  it("counts what reached it", async () => {
    const before = await calls();
    await post(
      { method: "tools/call", params: { name: "refund", arguments: { order: "o" } } },
      { "x-seen": "1" },
    );
    const after = await calls();
    expect(after.requests).toBe(before.requests + 1);
    expect(after.tools["refund"]).toBe((before.tools["refund"] ?? 0) + 1);
    expect(after.headers["x-seen"]).toBe("1");
  });

  it("takes its time when asked to", async () => {
    const started = Date.now();
    await post({ method: "tools/call", params: { name: "slow", arguments: { seconds: 0.3 } } });
    expect(Date.now() - started).toBeGreaterThanOrEqual(300);
  });

  async function calls() {
    const response = await fetch(`${url}/calls`);
    return (await response.json()) as {
      requests: number;
      tools: Record<string, number>;
      headers: Record<string, string>;
    };
  }
});
