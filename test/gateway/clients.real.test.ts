import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { describeWith } from "../support/toolchain";
import { startLab, URL_OF_SERVER, type Lab } from "./lab";

describeWith(["envoy"], "the official client through a gateway", () => {
  let lab: Lab;
  beforeAll(async () => void (lab = await startLab()));
  afterAll(() => lab.stop());

  const connect = async (era: "legacy" | "modern", credential: string) => {
    const client = new Client(
      { name: "test", version: "1.0.0" },
      { versionNegotiation: { mode: era === "legacy" ? "legacy" : { pin: "2026-07-28" } } },
    );
    const transport = new StreamableHTTPClientTransport(new URL(URL_OF_SERVER), {
      fetch: lab.gateway.fetch,
      requestInit: { headers: { authorization: `Bearer ${credential}` } },
    });
    await client.connect(transport);
    return client;
  };

  describe.each(["legacy", "modern"] as const)("%s era", (era) => {
    it.each(["key", "token"] as const)("connects, lists and calls with a %s", async (kind) => {
      const client = await connect(era, kind === "key" ? lab.keys.ciBot : lab.token());
      const { tools } = await client.listTools();
      expect(tools.map((tool) => tool.name)).toContain("search");
      const result = await client.callTool({ name: "search", arguments: { query: "blue" } });
      expect(result.content).toEqual([{ type: "text", text: '{"query":"blue"}' }]);
      expect(lab.server.headers["x-mcp-client"]).toBe(kind === "key" ? "key:ci-bot" : "jwt:support");
      expect(lab.server.headers.authorization).toBeUndefined();
      await client.close();
    });

    it.each([
      ["a tool that is not its own", "refund", { order: "ord_1234" }],
      ["an argument that is too long", "search", { query: "x".repeat(41) }],
      ["an argument of the wrong pattern", "search", { tags: ["UPPER"] }],
      ["a call that takes too long", "slow", { seconds: 5 }],
    ])("tells the client of %s as a clean error", async (_what, name, args) => {
      const client = await connect(era, lab.keys.ciBot);
      await expect(client.callTool({ name, arguments: args })).rejects.toMatchObject({
        code: expect.any(Number),
      });
      await client.close();
    });
  });
});
