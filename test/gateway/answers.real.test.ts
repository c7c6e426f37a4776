import { request } from "node:https";
import { connect as tlsConnect } from "node:tls";
import { GATEWAY, keyHashesVariable } from "../../lib/gateway";
import type { ReadLine } from "../support/audit";
import { readableProgram } from "../../lib/gateway/envoy/program";
import {
  startGateway,
  type Answer,
  type Bootstrap,
  type RunningGateway,
  type SendOptions,
} from "../support/envoy";
import { describeWith } from "../support/toolchain";
import { TestIssuer } from "../support/tokens";
import { ANSWERED, MORE, SUBJECT, answeringEverything } from "./answers-cases";
import { everything, namesOf, rowOf } from "./answers-rows";
import { GROUPS, as, search } from "./attacks";
import { FrameClient, request as frames } from "./frames";
import { HOST, PATH, URL_OF_SERVER, build, call, digest, legacy, modern, newKey, type Lab } from "./lab";
import { startMisbehavingServer, type MisbehavingServer } from "./misbehaving-server";
import { until } from "./streams-lab";

/** What needs a store that counts is seen in `test/limits/exact.full.test.ts`, what needs a crowd in `overload.real.test.ts`. */
const ELSEWHERE =
  /^Envoy, (a limit of the store that is used up|a server that runs as many|a gateway that is)/;
/** The program fails, or forgets its mark, for messages with these ids. */
const FAULTS = `
  if state.id == '"fails"' then error("made to fail") end
  if state.id == '"forgets"' then return end`;

describeWith(["envoy"], "every answer of the table", () => {
  const issuer = new TestIssuer();
  const keys = { ciBot: newKey(), ciBotBefore: newKey(), narrow: newKey() };
  let server: MisbehavingServer;
  let gateway: RunningGateway;
  /** Has no store of limits. */
  let uncounted: RunningGateway;
  /** Keeps sessions. */
  let keeping: RunningGateway;
  /** Knows the modern era alone. */
  let young: RunningGateway;
  const token: Lab["token"] = (claims = {}, header = {}) =>
    issuer.token(
      { aud: URL_OF_SERVER, client_id: "support-app", scope: "openid mcp:refund", ...claims },
      header,
    );
  const lab = { keys, issuer, token } as Lab;

  const start = (
    limits: "shared" | "exact",
    era: "modern" | "both" = "both",
    sessions: "none" | "single-task" = "none",
  ) => {
    const { container } = build(
      { ...answeringEverything(issuer), era, sessions },
      server.port,
      { allowedOrigins: ["https://app.example.com"], requestsPerSecond: 10_000 },
      {},
      {
        certificates: true,
        limits: { scope: limits, callsPerMinutePerAddress: 100_000, onFailure: "closed" } as never,
      },
    );
    const program = readableProgram()
      .replace("state.id=read_id(message.id,state)", (line) => `${line}${FAULTS}\n`)
      .replace(
        "local function judge_event(event,state,mine)",
        (line) => `${line} if state.id=='"fails later"' then error("made to fail") end\n`,
      );
    const environment = container.environment.map(({ name, value }) => ({
      name,
      value: name === GATEWAY.env.program ? program : value,
    }));
    return startGateway({
      container: { ...container, environment },
      hostname: HOST,
      secrets: {
        [keyHashesVariable("ci-bot")]: `${digest(keys.ciBot)} ${digest(keys.ciBotBefore)}`,
        [keyHashesVariable("narrow")]: digest(keys.narrow),
      },
      change: shorten,
    });
  };
  beforeAll(async () => {
    server = await startMisbehavingServer();
    [gateway, uncounted, young, keeping] = await Promise.all([
      start("shared"),
      start("exact"),
      start("shared", "modern"),
      start("shared", "both", "single-task"),
    ]);
  });
  afterAll(async () => {
    await Promise.all([gateway, uncounted, young, keeping, server].map((one) => one.stop()));
  });

  const seen = new Set<string>();
  let last = 0;
  const withKey = (options: SendOptions): SendOptions => ({
    ...options,
    headers: { authorization: `Bearer ${keys.ciBot}`, ...options.headers },
  });
  /** The one audit line of an answer. */
  const lineOf = async (answer: Answer, of = gateway): Promise<ReadLine> => {
    const lines = await of.linesOf(answer);
    if (lines[0] === undefined || (lines.length > 1 && lines[0].request_id !== null))
      throw new Error(`${lines.length} lines`);
    return lines.at(-1) as ReadLine;
  };
  const note = async (answer: Answer, begun?: "last event" | "cut", of = gateway) => {
    for (const name of namesOf({ answer, line: await lineOf(answer, of), ...(begun && { begun }) }))
      seen.add(name);
  };

  it("is the answer to every attack", async () => {
    const attacks = GROUPS.flatMap(([, all]) => all.map(([, make]) => make(lab)));
    await Promise.all([...attacks, ...MORE.map(withKey)].map(async (one) => note(await gateway.send(one))));
  });

  it("is the answer to every answer of a server", async () => {
    await Promise.all(
      ANSWERED.map(async ([{ headers, body }, behaviour, begun]) => {
        const id = `answered ${++last}`;
        server.on(id, behaviour);
        const sent = withKey({ path: PATH, headers, body: JSON.stringify({ ...body, id }) });
        if (begun !== "cut") return note(await gateway.send(sent), begun);
        return note(await untilCut(sent), "cut");
      }),
    );
  });

  it("is the answer where limits are used up, or not known", async () => {
    const rare = () => gateway.send(as(lab, call("rare")));
    await note(
      (await Promise.all([rare(), rare(), rare(), rare(), rare(), rare()])).find(
        ({ status }) => status === 429,
      ) as Answer,
    );
    // The server keeps the one until the other has been refused.
    const ends: (() => void)[] = [];
    server.on("busy", (response) => void ends.push(() => response.writeHead(202).end()));
    const single = () =>
      gateway.send(as(lab, { ...call("single"), body: { ...call("single").body, id: "busy" } }));
    const both = [single(), single()];
    await note(await Promise.race(both));
    await until(() => ends.length > 0);
    ends.forEach((end) => end());
    await Promise.all(both);
    await note(await uncounted.send(as(lab, call("search", { query: "a" }))), undefined, uncounted);
  });

  it("is the answer where no version is named and one must be", async () => {
    const { "mcp-protocol-version": _none, ...headers } = search.headers;
    const { headers: old, body } = legacy("ping");
    const { "mcp-protocol-version": _other, ...bare } = old;
    for (const message of [
      { ...search, headers },
      { headers: bare, body },
    ]) {
      await note(await young.send(as(lab, message)), undefined, young);
    }
  });

  it("is the answer to what is asked of a session", async () => {
    const { headers, body } = legacy("ping");
    const session = { "mcp-session-id": `${"0".repeat(64)}.1` };
    for (const sent of [
      { headers: { ...headers, ...session }, body: JSON.stringify(body) },
      { method: "GET", headers },
      { method: "GET", headers: { ...headers, ...session, accept: "application/json" } },
      { method: "DELETE", headers: { ...headers, ...session, "content-length": "2" }, body: "{}" },
    ])
      await note(await keeping.send(withKey({ path: PATH, ...sent })), undefined, keeping);
  });

  it("is the answer where the program fails", async () => {
    for (const id of ["fails", "forgets"]) {
      await note(await gateway.send(as(lab, modern("tools/list", {}, id))));
    }
    server.on("fails later", (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end('data: {"id":"fails later","result":{}}\n\n');
    });
    await note(await gateway.send(as(lab, legacy("ping", {}, "fails later"))), "last event");
  });

  it("is the answer to what is not HTTP as it is written", async () => {
    for (const text of [
      `POST ${PATH} HTTP/1.0\r\nhost: ${HOST}\r\n\r\n`,
      `POST ${PATH} HTTP/1.1\r\nhost: ${HOST}\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n`,
      `POST ${PATH} HTTP/1.1\r\nhost: ${HOST}\r\ntransfer-encoding: gzip\r\n\r\n`,
      // Another protocol is asked for.
      `POST ${PATH} HTTP/1.1\r\nhost: ${HOST}\r\nconnection: upgrade\r\nupgrade: websocket\r\ncontent-length: 0\r\n\r\n`,
      // Never ends.
      `POST ${PATH} HTTP/1.1\r\nhost: ${HOST}\r\ncontent-length: 10\r\nauthorization: Bearer ${keys.ciBot}\r\ncontent-type: application/json\r\naccept: */*\r\n\r\n{`,
    ]) {
      gateway.clear();
      await note(await raw(text));
    }
  });

  it("is none where the caller went away", async () => {
    for (const begun of ["asked", false, true] as const) {
      const id = `gone ${begun}`;
      let asked = () => {};
      const reached = new Promise<void>((resolve) => (asked = resolve));
      server.on(id, (response) => {
        asked();
        if (begun) response.writeHead(200, { "content-type": "text/event-stream" }).write(": \n\n");
      });
      gateway.clear();
      const sent = withKey({
        ...as(lab, call("search", { query: "a" })),
        body: JSON.stringify({ ...call("search").body, id }),
      });
      // Goes as soon as he is told to send his body.
      if (begun === "asked")
        await leave({ ...sent, headers: { ...sent.headers, expect: "100-continue" } }, begun);
      else await leave(sent, begun, reached);
      const [line] = await gateway.lines(1);
      const { row } = rowOf({
        answer: { status: line?.status ?? -1, headers: {}, text: "" },
        line: line as ReadLine,
      });
      expect(row.reason).toBe("client-gone");
      seen.add(`Envoy, ${row.cause}: ${line?.status}`);
    }
  });

  it("is none where a message of HTTP/2 breaks its rules", async () => {
    gateway.clear();
    const client = await FrameClient.open(gateway);
    await client.send(frames(1, { "X-Upper": "a" }));
    const [line] = await gateway.lines(1);
    client.close();
    const { row } = rowOf({
      answer: { status: line?.status ?? -1, headers: {}, text: "" },
      line: line as ReadLine,
    });
    expect(row.reason).toBe("malformed");
    seen.add(`Envoy, ${row.cause}: ${line?.status}`);
  });

  it("knows a client by a certificate of another authority for none", async () => {
    const headers = {
      "x-amzn-mtls-clientcert-subject": SUBJECT,
      "x-amzn-mtls-clientcert-issuer": "CN=others",
      "x-amzn-mtls-clientcert-serial-number": "03A5B1",
      authorization: undefined,
    };
    const answer = await gateway.send(as(lab, call("search", { query: "a" }), headers));
    await note(answer);
    expect((await lineOf(answer)).detail).toBe("issuer of the certificate");
  });

  it("has been seen", () => {
    const missing = everything().filter((name) => !seen.has(name) && !ELSEWHERE.test(name));
    expect(missing).toEqual([]);
  });

  /** Sends, and gives what came until the stream was cut. */
  function untilCut(options: SendOptions): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const outgoing = request(target(options), (answer) => {
        let text = "";
        answer.on("data", (part) => (text += String(part)));
        answer.on("error", () => undefined);
        answer.on("close", () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
      });
      outgoing.on("error", reject).end(options.body);
    });
  }

  /** Sends, and goes away: when the server has it, when he is asked for the body, or when the answer has begun. */
  function leave(options: SendOptions, begun: boolean | "asked", reached?: Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      const outgoing = request(target(options), (answer) => {
        answer.on("error", () => undefined).once("data", () => outgoing.destroy());
      });
      outgoing.on("error", () => undefined).on("close", () => resolve());
      if (begun === "asked") return void outgoing.on("continue", () => outgoing.destroy()).flushHeaders();
      outgoing.end(options.body);
      if (!begun) void reached?.then(() => outgoing.destroy());
    });
  }

  function target({ method = "POST", path, headers }: SendOptions) {
    const at = {
      host: "127.0.0.1",
      port: gateway.port,
      servername: HOST,
      ca: gateway.certificate,
      agent: false,
    };
    return { ...at, method, path, headers: { host: HOST, ...headers } };
  }

  /** Bytes as they are; the answer, read by hand. */
  function raw(text: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const socket = tlsConnect({
        host: "127.0.0.1",
        port: gateway.port,
        servername: HOST,
        ca: gateway.certificate,
      });
      let got = "";
      socket.on("data", (part) => (got += String(part))).on("error", reject);
      socket.on("close", () => {
        const [head = "", body = ""] = got.split("\r\n\r\n");
        const [first = "", ...fields] = head.split("\r\n");
        const headers = Object.fromEntries(
          fields.map((field) => field.split(/: (.*)/s).slice(0, 2) as [string, string]),
        );
        resolve({ status: Number(first.split(" ")[1]), headers, text: body });
      });
      socket.write(text);
    });
  }
});

/** Clocks that would make the test wait: the end of a silent stream, and of a body that does not come. */
function shorten(bootstrap: Bootstrap): void {
  const manager = bootstrap.static_resources.listeners[0]?.filter_chains[0]?.filters[0]
    ?.typed_config as unknown as {
    request_timeout: string;
    route_config: { virtual_hosts: { routes: { route?: { idle_timeout: string } }[] }[] };
  };
  manager.request_timeout = "1s";
  for (const { route } of manager.route_config.virtual_hosts.flatMap(({ routes }) => routes)) {
    if (route) route.idle_timeout = "1.5s";
  }
}
