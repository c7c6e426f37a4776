import { createHash, createHmac } from "node:crypto";
import { request } from "node:https";
import { GATEWAY } from "../../lib/gateway";
import { testCertificate, type Answer } from "../support/envoy";
import { describeWith } from "../support/toolchain";
import { TestIssuer } from "../support/tokens";
import { rowOf } from "./answers-rows";
import { HOST, PATH, modern } from "./lab";
import { startSessionLab, startSessionServer, type SessionLab, type SessionServer } from "./sessions-lab";
import { until } from "./streams-lab";

/** Two gateways of one server, each with a key of its own, as before and after a change of the key pair. */
describeWith(["envoy"], "a session of the legacy era", () => {
  const issuer = new TestIssuer();
  const pair = testCertificate(HOST);
  const secrets = { [GATEWAY.env.tlsCertificate]: pair.certificate, [GATEWAY.env.tlsKey]: pair.key };
  let server: SessionServer;
  let lab: SessionLab;
  beforeAll(async () => {
    server = await startSessionServer();
    lab = await startSessionLab(undefined, { issuer, server, secrets, task: "one" });
  });
  afterAll(async () => {
    await lab.stop();
    await server.stop();
  });

  /** The answer's status and its one audit line's reason; the row of the table that it is, if the gateway gave it. */
  const judged = async (answer: Answer) => {
    const [line, ...more] = await lab.gateway.linesOf(answer);
    if (line === undefined || more.length > 0) throw new Error(`${more.length} lines`);
    if (line.reason !== "ok") rowOf({ answer, line });
    return [answer.status, line.reason, line.detail];
  };
  const call = (credential: string, id: string) =>
    lab.send(credential, "tools/call", { "mcp-session-id": id });

  it("is kept by the official server for the official client: calls, its stream, its end", async () => {
    const { client, transport } = await lab.connect(lab.credentials.one);
    const heard: string[] = [];
    client.setNotificationHandler(
      "notifications/message",
      ({ params }) => void heard.push(String(params.data)),
    );
    const counted = async () =>
      ((await client.callTool({ name: "count", arguments: {} })).content as { text: string }[])[0]?.text;
    expect([await counted(), await counted()]).toEqual(["1", "2"]);
    await until(() => server.reached.some(({ verb }) => verb === "GET"));
    await server.notify("unasked");
    await until(() => heard.length > 0);
    expect(heard).toEqual(["unasked"]);
    const [own] = server.ids();
    // The client has the id with a proof, the server its own; who calls is told as ever.
    expect(transport.sessionId).toMatch(new RegExp(`^[0-9a-f]{64}\\.${own}$`));
    expect(new Set(server.reached.slice(1).map(({ session }) => session))).toEqual(new Set([own]));
    expect(server.reached.at(-1)?.headers["x-mcp-client"]).toBe("key:one");
    await transport.terminateSession();
    expect(server.ids()).toEqual([]);
    await client.close();
  });

  it("has an id that says whose it is, by a key that comes of the gateway's own and of its task", async () => {
    const id = await lab.open(lab.credentials.ann);
    const [proof, own] = id.split(/\.(.*)/s);
    const key = createHash("sha256")
      .update(`hmcp session ids\nhttp://169.254.170.2/v4/one\n${pair.key}`)
      .digest();
    const expected = createHmac("sha256", key).update(`jwt:people\nann\n${own}`).digest("hex");
    expect([proof, server.ids().includes(own as string)]).toEqual([expected, true]);
  });

  describe("is nobody else's", () => {
    let mine: string;
    let reached: number;
    beforeAll(async () => void (mine = await lab.open(lab.credentials.ann)));
    beforeEach(() => void (reached = server.reached.length));

    it("neither for its calls nor its stream nor its end", async () => {
      const { one, two, bob, ann } = lab.credentials;
      const bare = mine.slice(65);
      const altered = `${mine.slice(0, 5)}${mine[5] === "0" ? "1" : "0"}${mine.slice(6)}`;
      const theirs: [string, string, string][] = [
        ["another client", one, mine],
        ["another user of the same client", bob, mine],
        ["the server's own id", ann, bare],
        ["an altered proof", ann, altered],
        ["an altered id", ann, `${mine.slice(0, -1)}${mine.endsWith("0") ? "1" : "0"}`],
        ["in capitals", ann, mine.toUpperCase()],
        ["a proof alone", ann, mine.slice(0, 65)],
        ["one that is too long", ann, `${mine}${"a".repeat(257)}`],
        ["another client's proof of another id", two, `${mine.slice(0, 64)}.${"a".repeat(36)}`],
      ];
      const all = theirs.flatMap((one) =>
        ["tools/call", "initialize", "GET", "DELETE"].map((verb) => [...one, verb] as const),
      );
      await Promise.all(
        all.map(async ([what, credential, id, verb]) => {
          const answer = await lab.send(credential, verb, { "mcp-session-id": id });
          const [status, reason] = await judged(answer);
          expect([what, verb, status, reason]).toEqual([what, verb, 404, "session-unknown"]);
          expect(JSON.parse(answer.text)).toMatchObject({
            error: { code: -31404, message: "session not found" },
          });
        }),
      );
      expect(server.reached.length).toBe(reached);
      expect((await call(ann, mine)).status).toBe(200);
    });

    it("and no two of them stand in one message", async () => {
      const twice = await lab.send(lab.credentials.ann, "tools/call", { "mcp-session-id": [mine, mine] });
      expect(await judged(twice)).toEqual([400, "header-mismatch", "mcp-session-id is repeated"]);
      expect(server.reached.length).toBe(reached);
    });

    it("and is no session of the modern era", async () => {
      const { headers, body } = modern("tools/call", { name: "count" });
      const answer = await lab.gateway.send({
        path: PATH,
        headers: { ...headers, authorization: `Bearer ${lab.credentials.bob}`, "mcp-session-id": mine },
        body: JSON.stringify(body),
      });
      expect(answer.status).not.toBe(404);
      expect(server.reached.at(-1)?.session).toBeUndefined();
      const version = { "mcp-protocol-version": "2026-07-28", "mcp-session-id": mine };
      expect(await judged(await lab.send(lab.credentials.ann, "GET", version))).toEqual([
        ...[405, "verb-not-allowed", null],
      ]);
    });

    it("and its id is not written anywhere", async () => {
      const answer = await call(lab.credentials.one, mine);
      await lab.gateway.linesOf(answer);
      const written = lab.gateway.output() + lab.gateway.log() + answer.text;
      expect([written.includes(mine.slice(0, 20)), written.includes(mine.slice(65))]).toEqual([false, false]);
    });
  });

  it("begins in an answer to initialize alone, and outlives a renewed token", async () => {
    const mine = await lab.open(lab.credentials.ann);
    const answer = await call(lab.credentials.ann, mine);
    // The official server repeats its id in every answer.
    expect([answer.status, answer.headers["mcp-session-id"]]).toEqual([200, undefined]);
    const renewed = issuer.token({ aud: "https://mcp.example.com/orders/mcp", client_id: "app", sub: "ann" });
    expect((await call(renewed, mine)).status).toBe(200);
  });

  it("is not opened with an id that no session can have", async () => {
    server.answerInitialize = (response) =>
      response
        .writeHead(200, { "content-type": "application/json", "mcp-session-id": "a".repeat(257) })
        .end('{"jsonrpc":"2.0","id":7,"result":{}}');
    const answer = await lab.send(lab.credentials.one, "initialize");
    expect(await judged(answer)).toEqual([502, "response-unreadable", null]);
    expect(answer.headers["mcp-session-id"]).toBeUndefined();
  });

  it("is asked for as the protocol says", async () => {
    const mine = await lab.open(lab.credentials.one);
    const asked = (headers: Record<string, string>, what = "GET", body?: string) =>
      lab.send(lab.credentials.one, what, headers, body).then(judged);
    const session = { "mcp-session-id": mine };
    expect(await asked({})).toEqual([400, "malformed", "mcp-session-id is missing"]);
    expect(await asked({}, "DELETE")).toEqual([400, "malformed", "mcp-session-id is missing"]);
    expect(await asked({ ...session, accept: "application/json" })).toEqual([
      ...[406, "malformed", "accept must list text/event-stream"],
    ]);
    expect(await asked({ ...session, "content-length": "2" }, "DELETE", "{}")).toEqual([
      ...[400, "malformed", "a body is not accepted"],
    ]);
    expect(await asked({ ...session, "mcp-protocol-version": "2030-01-01" }, "DELETE")).toEqual([
      ...[400, "version-unsupported", null],
    ]);
  });

  it("has a stream that is judged as answers are: lists, leaks, nothing sent again", async () => {
    const mine = await lab.open(lab.credentials.one);
    const stream = (text: string) => {
      server.answerGet = (response) => {
        response.writeHead(200, { "content-type": "text/event-stream" }).end(`data: ${text}\n\n`);
      };
      return lab.send(lab.credentials.one, "GET", { "mcp-session-id": mine, "last-event-id": "1" });
    };
    const tools = ["count", "secret"].map((name) => ({ name }));
    const list = await stream(JSON.stringify({ jsonrpc: "2.0", id: 7, result: { tools } }));
    expect(list.text).toBe('data: {"jsonrpc":"2.0","id":7,"result":{"tools":[{"name":"count"}]}}\n\n');
    expect(server.reached.at(-1)?.headers["last-event-id"]).toBeUndefined();
    const leak = await stream('{"jsonrpc":"2.0","method":"x","params":"-----BEGIN PRIVATE KEY-----"}');
    expect(leak.text).not.toContain("BEGIN");
    expect(await lab.gateway.linesOf(leak)).toMatchObject([
      { verb: "GET", reason: "response-refused", detail: "private-key", method: null, client: "one" },
    ]);
  });

  it("has a stream that may be long, and no event on it that is longer than an answer", async () => {
    const mine = await lab.open(lab.credentials.one);
    const event = (size: number) =>
      `data: {"jsonrpc":"2.0","method":"notifications/x","params":{"text":"${"x".repeat(size)}"}}\n\n`;
    const stream = (sizes: readonly number[]) => {
      server.answerGet = (response) => {
        response.writeHead(200, { "content-type": "text/event-stream" });
        for (const size of sizes) response.write(event(size));
        response.end();
      };
      return lab.send(lab.credentials.one, "GET", { "mcp-session-id": mine });
    };
    const long = await stream(Array.from({ length: 12 }, () => 150_000));
    expect(long.text).toBe(event(150_000).repeat(12));
    expect(await lab.gateway.linesOf(long)).toMatchObject([{ verb: "GET", reason: "ok" }]);
    const large = await stream([10, 1_048_576, 10]);
    expect(large.text).toMatch(
      /^data: .*"text":"x{10}"\}\}\n\nevent: message\ndata: .*the answer is too long/,
    );
    expect(await lab.gateway.linesOf(large)).toMatchObject([{ verb: "GET", reason: "response-too-large" }]);
  });

  it("is not taken at another task with the same pair, whose server uses the id for somebody else", async () => {
    const numbered = () => {
      server.answerInitialize = (response) =>
        response
          .writeHead(200, { "content-type": "application/json", "mcp-session-id": "1" })
          .end('{"jsonrpc":"2.0","id":7,"result":{}}');
    };
    numbered();
    const mine = await lab.open(lab.credentials.ann);
    const next = await startSessionLab(undefined, { issuer, server, secrets });
    try {
      numbered();
      const theirs = await next.open(lab.credentials.bob);
      expect([mine.slice(64), theirs.slice(64)]).toEqual([".1", ".1"]);
      const reached = server.reached.length;
      for (const verb of ["tools/call", "GET", "DELETE"]) {
        const answer = await next.send(lab.credentials.ann, verb, { "mcp-session-id": mine });
        const lines = await next.gateway.linesOf(answer);
        expect([answer.status, lines.map(({ reason }) => reason)]).toEqual([404, ["session-unknown"]]);
      }
      expect(server.reached.length).toBe(reached);
    } finally {
      await next.stop();
    }
  });

  it("ends for its client with the gateway's key, as with the server's memory, and begins anew", async () => {
    const mine = await lab.open(lab.credentials.ann);
    const other = await startSessionLab(undefined, { issuer, server, secrets: {} });
    try {
      const reached = server.reached.length;
      const answer = await other.send(lab.credentials.ann, "tools/call", { "mcp-session-id": mine });
      expect([answer.status, server.reached.length]).toEqual([404, reached]);
      // The official client says so, and opens another.
      const { client, transport } = await other.connect(lab.credentials.ann);
      const before = transport.sessionId;
      await other.send(lab.credentials.ann, "DELETE", { "mcp-session-id": before ?? "" });
      await expect(client.callTool({ name: "count", arguments: {} })).rejects.toThrow();
      await client.close();
      const again = await other.connect(lab.credentials.ann);
      expect(again.transport.sessionId).not.toBe(before);
      expect((await again.client.callTool({ name: "count", arguments: {} })).isError).not.toBe(true);
      await again.client.close();
    } finally {
      await other.stop();
    }
  });

  it("leaves its slot when its client goes away", async () => {
    lab.gateway.clear();
    const mine = await lab.open(lab.credentials.one);
    await new Promise<void>((resolve) => {
      const outgoing = request({
        ...{ host: "127.0.0.1", port: lab.gateway.port, servername: HOST, ca: lab.gateway.certificate },
        ...{ agent: false, method: "GET", path: PATH },
        headers: {
          ...{ host: HOST, accept: "text/event-stream", "mcp-session-id": mine },
          authorization: `Bearer ${lab.credentials.one}`,
        },
      });
      outgoing.on("response", () => outgoing.destroy());
      outgoing.on("error", () => undefined).on("close", () => resolve());
      outgoing.end();
    });
    const lines = await lab.gateway.lines(2);
    expect(lines).toContainEqual(
      expect.objectContaining({ verb: "GET", reason: "client-gone", method: null }),
    );
  });
});
