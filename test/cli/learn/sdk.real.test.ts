import { join } from "node:path";
import { startMcpServer, type CountingServer } from "../../gateway/counting-server";
import { folder, cli } from "../io";

const root = folder({});
let server: CountingServer;
beforeAll(async () => void (server = await startMcpServer()));
afterAll(() => server.stop());

test.each([[], ["--era", "modern"], ["--era", "legacy"]])(
  "a server of the official SDK over HTTP %s %s",
  async (...era) => {
    const options = era.filter((each) => each !== undefined);
    const { code, out } = await cli(root, "learn", ...options, `http://127.0.0.1:${server.port}/mcp`);
    expect(code).toBe(0);
    expect([...out.matchAll(/^ {2}"(\w+)": \{$/gm)].map((match) => match[1])).toEqual([
      "refund",
      "search",
      "secret",
      "slow",
    ]);
    expect(server.calls).toEqual({});
  },
);

test("a server of the official SDK over stdio, which changes nothing between two looks", async () => {
  const command = ["--", process.execPath, join(__dirname, "sdk-stdio.mjs")];
  expect((await cli(root, "learn", "--out", "tools.ts", ...command)).code).toBe(0);
  expect(await cli(root, "learn", "--check", "tools.ts", ...command)).toEqual({
    code: 0,
    out: "tools.ts: the server's 1 tools are as they were\n",
    err: "",
  });
});
