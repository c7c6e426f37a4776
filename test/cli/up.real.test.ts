import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { request } from "node:https";
import { connect as tlsConnect } from "node:tls";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import type { ReadLine } from "../support/audit";
import { synthesise } from "../support/built";
import { describeWith } from "../support/toolchain";
import { Up } from "./up-process";

describeWith(["envoy"], "hardened-mcp up, on the synthesised complete example", () => {
  let file: string;
  beforeAll(async () => void (file = await synthesise("up", "complete")), 120_000);

  describe("over plain HTTP on loopback", () => {
    let up: Up;
    beforeAll(async () => void (up = await Up.start(file, "--server", "orders")), 60_000);
    afterAll(() => up.stop());

    const connect = async (client: string, era: "legacy" | "modern" = "modern"): Promise<Client> => {
      const versionNegotiation = { mode: era === "legacy" ? ("legacy" as const) : { pin: "2026-07-28" } };
      const mcp = new Client({ name: "test", version: "1.0.0" }, { versionNegotiation });
      const requestInit = { headers: { authorization: up.credential(client) } };
      await mcp.connect(new StreamableHTTPClientTransport(new URL(up.url), { requestInit }));
      return mcp;
    };

    it("says where it is, and what differs from the file", () => {
      expect(up.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/orders\/mcp$/);
      expect(up.changes.map((change) => change.split(" ")[0])).toEqual([
        "port",
        "TLS",
        "server",
        "other",
        "issuer",
        "host",
        "secrets:",
      ]);
    });

    it.each([
      ["ci-bot", "legacy"],
      ["ci-bot", "modern"],
      ["support", "legacy"],
      ["support", "modern"],
    ] as const)("%s initialises, lists and calls in the %s era", async (name, era) => {
      const client = await connect(name, era);
      expect((await client.listTools()).tools.map((tool) => tool.name)).toContain("search");
      const [line] = await up.during(1, async () => {
        const { content } = await client.callTool({ name: "search", arguments: { query: "blue" } });
        expect(content).toEqual([{ type: "text", text: "found blue" }]);
      });
      expect(line).toMatchObject({
        client: name,
        tool: "search",
        reason: "ok",
        args: { query: { value: "blue" } },
      });
      await client.close();
    });

    describe("what is denied is denied at the gateway: the server never sees it, and one line tells of it", () => {
      /** The one audit line of what `attempt` does, after which the server has seen as much as before. */
      const denied = async (attempt: () => Promise<unknown>): Promise<ReadLine | undefined> => {
        const before = await up.calls();
        const lines = await up.during(1, attempt);
        expect(lines).toHaveLength(1);
        expect(await up.calls()).toEqual(before);
        return lines[0];
      };

      it("no credential", async () => {
        const line = await denied(async () => {
          const answer = await fetch(up.url, { method: "POST", body: "{}" });
          expect(answer.status).toBe(401);
          expect(answer.headers.get("www-authenticate")).toContain(
            "/.well-known/oauth-protected-resource/orders/mcp",
          );
        });
        expect(line).toMatchObject({ status: 401, reason: "credential-missing", client: null });
      });
      it("a tool of somebody else", async () => {
        const client = await connect("ci-bot");
        const call = {
          name: "refund",
          arguments: { order: "ord_1234", amount: { cents: 1, currency: "EUR" } },
        };
        const line = await denied(() => expect(client.callTool(call)).rejects.toThrow());
        expect(line).toMatchObject({ client: "ci-bot", tool: "refund", reason: "tool-denied" });
      });
      it("an argument that is too long", async () => {
        const client = await connect("ci-bot");
        const call = { name: "search", arguments: { query: "x".repeat(401) } };
        const line = await denied(() => expect(client.callTool(call)).rejects.toThrow());
        expect(line).toMatchObject({ client: "ci-bot", reason: "argument-invalid" });
      });
      it("a call too many", async () => {
        const client = await connect("support");
        const call = { name: "search", arguments: { query: "again" } };
        const before = await up.calls();
        let calls = 0;
        // 30 a minute, some of which other tests have used; the bucket fills again all the while.
        const lines = await up.during(1, async () => {
          for (let answered = true; answered && calls < 60; calls++) {
            answered = await client.callTool(call).then(
              () => true,
              () => false,
            );
          }
        });
        const limited = { client: "support", tool: "search", reason: "rate-limited", status: 429 };
        expect(lines.map((line) => line.reason)).toEqual([
          ...Array<string>(calls - 1).fill("ok"),
          "rate-limited",
        ]);
        expect(lines.at(-1)).toMatchObject(limited);
        const after = await up.calls();
        expect((after.tools.search ?? 0) - (before.tools.search ?? 0)).toBe(calls - 1);
      });
      it("a call that takes too long reaches the server, and is ended", async () => {
        const client = await connect("ci-bot");
        const call = { name: "search", arguments: { query: "sleep 30" } };
        const lines = await up.during(1, () => expect(client.callTool(call)).rejects.toThrow());
        expect(lines).toEqual([
          expect.objectContaining({ tool: "search", reason: "timeout", client: "ci-bot" }),
        ]);
        expect(lines[0]?.ms).toBeGreaterThan(9000);
        expect(lines[0]?.ms).toBeLessThan(11_000);
      });
    });

    it("Ctrl-C ends all of it cleanly", async () => {
      const { upstream, url } = up;
      expect(await up.stop()).toBe(0);
      for (const address of [upstream, url]) await expect(fetch(address)).rejects.toThrow();
    });
  });

  it("with --tls speaks TLS as it was synthesised", async () => {
    const up = await Up.start(file, "--server", "orders", "--tls");
    try {
      expect(up.changes.filter((change) => change.startsWith("TLS"))).toEqual([]);
      const [, certificate = ""] = /NODE_EXTRA_CA_CERTS=(\S+)/.exec(up.printed) ?? [];
      const ca = readFileSync(certificate, "utf8");
      const status = await new Promise((resolve, reject) => {
        const headers = { authorization: up.credential("ci-bot"), "content-type": "application/json" };
        const accept = { accept: "application/json, text/event-stream" };
        const options = { ca, method: "POST", agent: false, headers: { ...headers, ...accept } };
        request(up.url, options, (answer) => resolve(answer.resume().statusCode))
          .on("error", reject)
          .end(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list", params: {} }));
      });
      expect(status).toBe(200);
      await expect(handshake(up.url, ca, "TLSv1.1")).rejects.toThrow();
      await expect(handshake(up.url, ca, "TLSv1.3")).resolves.toBe("TLSv1.3");
      expect(await up.stop()).toBe(0);
      expect(existsSync(certificate)).toBe(false);
    } finally {
      await up.stop();
    }
  });

  it("starts the minimal example too, which has one server, API keys and no browsers", async () => {
    const up = await Up.start(await synthesise("up", "minimal"));
    const headers = { authorization: up.credential("assistant"), "content-type": "application/json" };
    const accept = { accept: "application/json, text/event-stream" };
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list", params: {} });
    const send = (extra: Record<string, string>) =>
      fetch(up.url, { method: "POST", headers: { ...headers, ...accept, ...extra }, body });
    expect([(await send({})).status, (await send({ origin: "https://x.example" })).status]).toEqual([
      200, 403,
    ]);
    expect(await up.stop()).toBe(0);
  });

  it("ends with 1 and one line when the server ends", async () => {
    const up = await Up.start(file, "--server", "orders");
    process.kill(serverOf(up), "SIGTERM");
    const [code] = (await once(up.process, "close")) as [number];
    expect([code, up.errors]).toEqual([1, expect.stringMatching(/^hardened-mcp: the server ended with 0$/m)]);
  });
});

/** Version of a handshake that may not go beyond `version`. */
function handshake(url: string, ca: string, version: "TLSv1.1" | "TLSv1.3"): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(url);
    const limits = { minVersion: version, maxVersion: version, ciphers: "DEFAULT@SECLEVEL=0" };
    const socket = tlsConnect({ host: "127.0.0.1", port: Number(port), ca, ...limits }, () => {
      resolve(socket.getProtocol());
      socket.destroy();
    });
    socket.once("error", reject);
  });
}

/** The server that `up` has started: its child that runs this script. */
function serverOf(up: Up): number {
  const { stdout } = spawnSync("pgrep", ["-P", String(up.process.pid), "-f", "mcp-server.mjs"], {
    encoding: "utf8",
  });
  return Number(stdout.trim());
}
