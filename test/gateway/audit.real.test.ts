import { connect } from "node:tls";
import type { Bootstrap } from "../support/envoy";
import { readAuditLine } from "../support/audit";
import { swapped } from "../support/swapped";
import { describeWith } from "../support/toolchain";
import { as, search } from "./attacks";
import { HOST, PATH, call, digest, startLab, type Lab } from "./lab";
import { managerOf } from "./wire-mutants";

const EVIL = '"},\\n{"v":2,"reason":"ok"}\u2028\u0085\\"\t';

describeWith(["envoy"], "the audit line of a running gateway", () => {
  let lab: Lab;
  beforeAll(async () => void (lab = await startLab()));
  afterAll(() => lab.stop());

  it.each([
    ["that headers contradict", { "mcp-name": "other" }, {}, "header-mismatch"],
    ["of a version that is not spoken", { "mcp-protocol-version": "2099-01-01" }, { _meta: undefined }, ""],
    ["with a parameter too many", {}, { task: {} }, "malformed"],
    ["of a tool of others", {}, { name: "secret" }, "tool-denied"],
  ] as const)("a call %s is told of with its tool and arguments", async (_what, headers, params, reason) => {
    const message = call("search", { query: "blue", note: "card 4111" });
    const body = { ...message.body, params: { ...(message.body.params as object), ...params } };
    const name = "name" in params ? params.name : "search";
    const sent = as(lab, { ...message, body }, { "mcp-name": name, ...headers });
    const [line] = await lab.gateway.linesOf(await lab.gateway.send(sent));
    expect(line).toMatchObject({ tool: name, reason: reason || "version-unsupported", client: "ci-bot" });
    const args = { query: { value: "blue" }, note: { type: "string", length: 9 } };
    expect(line?.args).toEqual(name === "search" ? args : null);
  });

  it("counts bytes, and time before, at and with the server", async () => {
    const sent = as(lab, call("slow", { seconds: 0.4 }));
    const began = Date.now();
    const answer = await lab.gateway.send(sent);
    const [line] = await lab.gateway.linesOf(answer);
    // Every time in it was over when it was written.
    const passed = Date.now() - began;
    expect([line?.bytes_in, line?.bytes_out]).toEqual([
      Buffer.byteLength(sent.body as string),
      answer.text.length,
    ]);
    const { ms = 0, queue_ms: queue = -1, upstream_ms: server = 0 } = { ...line };
    expect(server).toBeGreaterThanOrEqual(395);
    expect(queue ?? -1).toBeGreaterThanOrEqual(0);
    expect(ms + 2).toBeGreaterThanOrEqual((server ?? 0) + (queue ?? 0));
    expect(ms).toBeLessThanOrEqual(passed + 2);
  });

  it("is one line a request, whatever a caller writes into every field that has his words", async () => {
    await lab.gateway.lines(0);
    lab.gateway.clear();
    const args = { query: EVIL.slice(0, 40), note: "\r\n\u0001", unknown: 1 };
    const sent = as(lab, call("search", args), {
      "x-amzn-trace-id": Buffer.from(EVIL).toString("latin1"),
      traceparent: `00-${"4b".repeat(16)}-${"a3".repeat(8)}-01","reason":"ok`,
      "x-forwarded-for": '198.51.100.1", "reason":"ok, 203.0.113.7',
      "x-request-id": '1","reason":"ok',
    });
    await lab.gateway.send(sent);
    const bad = call('search","reason":"ok\n{"v":3}', args);
    await lab.gateway.send(as(lab, bad, { "mcp-name": undefined }));
    await lab.gateway.send({ ...as(lab, search), path: `${PATH}/%0a%22%7b${"x".repeat(600)}` });
    await lab.gateway.send(as(lab, search, { host: 'a","b', "x-amzn-trace-id": "\xff\xfe\xc3(" }));
    await lab.gateway.send({ ...as(lab, search), method: "PROPFIND", path: `/${'"'.repeat(4)}` });
    await lab.gateway.lines(5);
    const written = lab.gateway.output().split("\n");
    expect(written.pop()).toBe("");
    expect(written).toHaveLength(5);
    const lines = written.map(readAuditLine);
    expect(lines.map(({ reason }) => reason)).not.toContain("ok");
    const logged = { query: { value: args.query }, note: { type: "string", length: 3 } };
    expect(lines[0]).toMatchObject({ ip: "203.0.113.7", traceparent: null, args: logged });
    expect(lines[1]?.tool).toBe("(invalid)");
  });

  it("holds whatever a proven caller sends beside his message, as text", async () => {
    lab.gateway.clear();
    const root = '\xff\xfe\xc3("},\\\t{"v":3';
    const answer = await lab.gateway.send(as(lab, search, { "x-amzn-trace-id": root.repeat(20) }));
    expect(answer.status).toBe(200);
    const [line] = await lab.gateway.linesOf(answer);
    // Byte for byte: what is no UTF-8 must not become any.
    expect(line?.trace).toBe(Buffer.from(root.repeat(20)).toString("latin1").slice(0, 256));
    expect(lab.gateway.output().split("\n")).toHaveLength(2);
  });

  it.each([
    ["a number", "fe80::1%7", "fe80::1%7"],
    // Envoy writes down its number, and believes no name that is none.
    ["the name of an interface", "fe80::1%lo", "fe80::1%1"],
    ["a name that is none", 'fe80::1%lo","reason":"ok', "127.0.0.1"],
  ])("tells an address whose zone is %s, of strangers and of who is proven", async (_what, sent, ip) => {
    for (const key of [undefined, `Bearer ${lab.keys.ciBot}`]) {
      const answer = await lab.gateway.send(
        as(lab, search, { authorization: key, "x-forwarded-for": `198.51.100.1, ${sent.replace(",", "")}` }),
      );
      const client = key === undefined ? null : "ci-bot";
      expect(await lab.gateway.linesOf(answer)).toMatchObject([{ ip, client }]);
    }
  });

  it("tells tokens and keys apart by hashes: of a token's own id, of the signature of one that has none, of a key", async () => {
    const [named, unnamed] = [lab.token({ jti: "of-support" }), lab.token()];
    const ids = [named, unnamed, lab.keys.ciBot].map(async (secret) => {
      const sent = as(lab, search, { authorization: `Bearer ${secret}` });
      const [line] = await lab.gateway.linesOf(await lab.gateway.send(sent));
      return line?.credential?.id;
    });
    expect(await Promise.all(ids)).toEqual([
      `jti:${digest("of-support").slice(0, 32)}`,
      `sig:${digest(unnamed.split(".").pop() ?? "").slice(0, 32)}`,
      `key:${digest(lab.keys.ciBot).slice(0, 16)}`,
    ]);
  });

  it("is written of what is no HTTP, too", async () => {
    lab.gateway.clear();
    await new Promise<void>((resolve) => {
      const socket = connect(
        { host: "127.0.0.1", port: lab.gateway.port, servername: HOST, rejectUnauthorized: false },
        () => socket.write('POST {"v":3} HTTP/1.1\r\nhost: \x1b[2J\r\n\r\n'),
      );
      socket
        .on("close", () => resolve())
        .on("error", () => undefined)
        .resume();
    });
    const [line] = await lab.gateway.lines(1);
    expect(line).toMatchObject({ reason: "malformed", client: null, tool: null });
  });
});

describeWith(["envoy"], "an audit line that lies is found by its schema", () => {
  interface Format {
    json_format?: Record<string, unknown>;
    text_format_source?: { inline_string: string };
  }
  const logsOf = (bootstrap: Bootstrap) =>
    managerOf(bootstrap).access_log as { filter: object; typed_config: { log_format: Format } }[];
  const formats = (bootstrap: Bootstrap) => logsOf(bootstrap).map((log) => log.typed_config.log_format);
  const refused = async (change: (bootstrap: Bootstrap) => void, send: (lab: Lab) => Promise<unknown>) => {
    const lab = await startLab(change);
    try {
      await send(lab);
      await expect(lab.gateway.lines(1)).rejects.toThrow(/no audit line|in JSON/);
    } finally {
      await lab.stop();
    }
  };

  it.each<[string, (fields: Record<string, unknown>) => void]>([
    ["without its call", (fields) => delete fields.call],
    ["with more of the call than is published", (fields) => (fields.call = { path: "%PATH(NQ)%" })],
    ["with the caller's credential", (fields) => (fields.key = "%REQ(AUTHORIZATION)%")],
    ["with all of a path", (fields) => (fields.path = "%REQ(:PATH)%")],
    ["with the caller's word for his address", (fields) => (fields.ip = "%REQ(X-FORWARDED-FOR)%")],
    ["with texts for numbers", (fields) => (fields.ms = "%DURATION% ms")],
  ])("of a stranger, %s", async (_what, change) =>
    refused(
      (bootstrap) => formats(bootstrap).forEach(({ json_format: fields }) => fields && change(fields)),
      (lab) => {
        const sent = as(lab, search, { "x-forwarded-for": "evil, 203.0.113.7" });
        return lab.gateway.send({ ...sent, path: `${PATH}?${"x".repeat(300)}` });
      },
    ),
  );

  it.each<[string, from: string, to: string]>([
    ["without its call", '"request_id":"%REQ(X-REQUEST-ID)%",%FILTER_STATE(hmcp.caller:PLAIN)%', '"call":{'],
    ["with more of the call than is published", "%FILTER_STATE(hmcp.message:PLAIN)%", ',"path":"%PATH(NQ)%"'],
    ["with the caller's credential", '"ip":', '"key":"%REQ(AUTHORIZATION)%","ip":'],
    [
      "with the caller's word for his address",
      "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%",
      "%REQ(X-FORWARDED-FOR)%",
    ],
    ["with texts for numbers", '"ms":%DURATION%', '"ms":"%DURATION%"'],
    ["with what he wrote, as he wrote it", '"host":"%REQ(:AUTHORITY)%"', '"host":"%REQ(X-AMZN-TRACE-ID)%"'],
  ])("of who is proven, %s", async (_what, from, to) =>
    refused(
      (bootstrap) => {
        const format = formats(bootstrap).find((one) => one.text_format_source)?.text_format_source;
        if (!format) throw new Error("no line is written as a text");
        format.inline_string = swapped(format.inline_string, from, to);
      },
      (lab) =>
        lab.gateway.send(
          as(lab, search, { "x-forwarded-for": "evil, 203.0.113.7", "x-amzn-trace-id": 'a","b":"c' }),
        ),
    ),
  );

  it.each([
    [2, "present_match"],
    [0, "string_match"],
  ] as const)("is one a request, and not %d, whoever changes of which it is", async (count, both) => {
    const lab = await startLab((bootstrap) => {
      const logs = logsOf(bootstrap);
      const filter = logs.find((one) => JSON.stringify(one.filter).includes(both))?.filter ?? {};
      for (const one of logs) one.filter = filter;
    });
    try {
      const answer = await lab.gateway.send(as(lab, search));
      expect(answer.status).toBe(200);
      const lines = await lab.gateway.linesOf(answer).catch(() => []);
      expect(lines).toHaveLength(count);
    } finally {
      await lab.stop();
    }
  });
});
