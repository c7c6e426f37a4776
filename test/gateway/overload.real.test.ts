import { connect, type ClientHttp2Session } from "node:http2";
import type { PolicyConfig } from "../../lib/policy";
import { readAuditLines, type ReadLine } from "../support/audit";
import type { Answer, RunningGateway } from "../support/envoy";
import { describeWith } from "../support/toolchain";
import { rowOf } from "./answers-rows";
import { KINDS } from "./deaf-streams-cases";
import { startOpenLab } from "./deaf-streams-lab";
import { headersOf } from "./flood-lab";
import { FLAG, FrameClient, POST, TYPE, block, frameOf, request, word } from "./frames";
import { HOST, PATH, call, startLab, type Lab } from "./lab";
import { twoAtOnce } from "./limits-client-lab";
import { startFleet, type Data, type Fleet } from "./limits-lab";
import { TEXT } from "./raw";
import { soon } from "./slow-cases";
import { until } from "./streams-lab";

/** What a server may run at the same time on one task. */
const MOST = 256;
const MORE = 20;
/** Streams that one connection of HTTP/2 may have at the same time. */
const STREAMS = 100;

const told = (lines: readonly ReadLine[]) => [
  ...new Set(lines.map(({ status, reason }) => `${status} ${reason}`)),
];
const breakersOf = (bootstrap: Data): Data =>
  (bootstrap["static_resources"].clusters as Data[]).find(({ name }) => name === "server")?.circuit_breakers
    .thresholds[0];

/** A call of `slow` on a stream of its own. */
function callOver(session: ClientHttp2Session, key: string): Promise<Answer> {
  const { headers, body } = call("slow");
  const start = { ":method": "POST", ":path": PATH, ":authority": HOST, authorization: `Bearer ${key}` };
  return new Promise((resolve, reject) => {
    const stream = session.request({ ...start, ...headers });
    const answer = { status: 0, headers: {}, text: "" };
    stream
      .setEncoding("utf8")
      .on("response", (its) => Object.assign(answer, { status: its[":status"], headers: its }))
      .on("data", (part) => (answer.text += String(part)))
      .on("error", reject)
      .on("end", () => resolve(answer));
    stream.end(JSON.stringify(body));
  });
}

describeWith(["envoy"], "more calls than a server has connections for", () => {
  const started = async (change?: (bootstrap: Data) => void) => {
    const { tools, ...rest } = twoAtOnce();
    const slow = { ...(tools["slow"] as PolicyConfig["tools"][string]), timeoutSeconds: 60 };
    const fleet = await startFleet({
      server: { ...rest, tools: { ...tools, slow } },
      ...(change && { change }),
    });
    return { fleet, gateway: fleet.gateways[0] as RunningGateway };
  };
  /** All at once over one connection, before the server has any. */
  const burst = async ({ fleet, gateway }: { fleet: Fleet; gateway: RunningGateway }) => {
    const { headers, body } = call("search");
    const text = JSON.stringify(body);
    const all = { ...headers, authorization: `Bearer ${fleet.keys.other}` };
    const client = await FrameClient.open(gateway);
    await client.send(...Array.from({ length: STREAMS }, (_, index) => request(2 * index + 1, all, text)));
    const lines = await gateway.lines(STREAMS);
    client.close();
    await fleet.stop();
    return told(lines);
  };
  /** As many calls as may run, which the server keeps, and some more. */
  const crowd = async ({ fleet, gateway }: { fleet: Fleet; gateway: RunningGateway }) => {
    const release = fleet.server.hold();
    let ended = 0;
    const { port, certificate: ca } = gateway;
    const at = { ca, host: "127.0.0.1", servername: HOST };
    const sessions = Array.from({ length: 3 }, () => connect(`https://${HOST}:${port}`, at));
    const callAll = (count: number) =>
      Array.from({ length: count }, (_, index) =>
        callOver(sessions[index % 3] as ClientHttp2Session, fleet.keys.other).finally(() => ended++),
      );
    const running = callAll(MOST);
    await until(() => fleet.server.calls["slow"] === MOST);
    const all = [...running, ...callAll(MORE)];
    await soon(() => ended === MORE, 2000);
    const atOnce = { ended, running: fleet.server.calls["slow"] };
    release();
    const answers = await Promise.all(all);
    const refused = answers.filter(({ status }) => status !== 200);
    const [line] = refused[0] ? await gateway.linesOf(refused[0]) : [];
    sessions.forEach((session) => session.destroy());
    await fleet.stop();
    return { atOnce, refused, line };
  };

  it("is no more than it may run: none is refused", async () => {
    expect(await burst(await started())).toEqual(["200 ok"]);
  });

  it("would be refused, could fewer wait for a connection than may run", async () => {
    const few = await started((bootstrap) => (breakersOf(bootstrap).max_pending_requests = 64));
    expect(await burst(few)).toContain("503 overloaded");
  });

  it("is one too many: refused at once and as nobody's limit, and those that run go on", async () => {
    const { atOnce, refused, line } = await crowd(await started());
    expect([atOnce, refused.length]).toEqual([{ running: MOST, ended: MORE }, MORE]);
    const [answer] = refused;
    if (answer === undefined || line === undefined) throw new Error("none is refused");
    expect(rowOf({ answer, line })).toMatchObject({ status: 503, message: "overloaded" });
    expect(line).toMatchObject({ reason: "overloaded", client: "other", tool: "slow" });
    expect(JSON.parse(answer.text)).toMatchObject({ id: 7, error: { code: -32603 } });
  });

  it("would wait for others to end, were there no more connections than calls", async () => {
    const waiting = await started((bootstrap) => (breakersOf(bootstrap).max_connections = MOST));
    const { atOnce } = await crowd(waiting);
    expect(atOnce.ended).toBeLessThan(MORE);
  });
});

describeWith(["envoy"], "what the gateway itself ends", () => {
  it("at its own end is told as that, begun or not, over HTTP/1.1 and HTTP/2", async () => {
    const lab = await startOpenLab({ everyMs: 100, bytes: 20 });
    const { gateway, server } = lab;
    gateway.clear();
    const clients: FrameClient[] = [];
    for (const kind of Object.values(KINDS)) {
      const { method, headers, body } = kind(lab);
      const all = { ":method": method, ":scheme": "https", ":authority": HOST, ":path": PATH, ...headers };
      const client = await FrameClient.open(gateway);
      const flags = FLAG.END_HEADERS | (body === "" ? FLAG.END_STREAM : 0);
      const first = frameOf(TYPE.headers, flags, 1, block({ ...all, authorization: `Bearer ${lab.key}` }));
      await client.send(first, ...(body === "" ? [] : [frameOf(TYPE.data, FLAG.END_STREAM, 1, body)]));
      clients.push(client);
    }
    const { headers, body } = KINDS["subscriptions/listen"]?.(lab) ?? { headers: {}, body: "" };
    const sent = { path: PATH, headers: { ...headers, authorization: `Bearer ${lab.key}` }, body };
    const over1 = gateway.send(sent).catch(() => undefined);
    await soon(() => server.open === 3 && clients.every((client) => client.answered(1)), 5000);
    // One that has not been answered: its body is not whole.
    const [unanswered] = clients;
    const half = { ...headersOf(lab.key, "198.51.100.1"), "content-length": "100" };
    await unanswered?.send(frameOf(TYPE.headers, FLAG.END_HEADERS, 3, block({ ...POST, ...half })));
    await soon(() => false, 300);
    await lab.stop();
    await over1;
    const lines = readAuditLines(gateway.output());
    expect([lines.length, told(lines).sort()]).toEqual([4, ["0 gateway-stopped", "200 gateway-stopped"]]);
  });
});

describeWith(["envoy"], "streams of HTTP/2 that end before their answer", () => {
  let lab: Lab;
  beforeAll(async () => void (lab = await startLab()));
  afterAll(() => lab.stop());

  const lineOf = async (...frames: readonly Buffer[]) => {
    lab.gateway.clear();
    const client = await FrameClient.open(lab.gateway);
    await client.send(...frames);
    const [line] = await lab.gateway.lines(1);
    client.close();
    return `${line?.status} ${line?.reason}`;
  };
  const headers = () => headersOf(lab.keys.ciBot, "198.51.100.1");

  it.each([
    ["more than there is", TEXT.length + 1],
    ["less than there is", TEXT.length - 1],
  ])("are malformed where `content-length` says %s", async (_what, length) => {
    expect(await lineOf(request(1, { ...headers(), "content-length": `${length}` }))).toBe("0 malformed");
  });

  it.each([
    ["nothing", 0, "client-gone"],
    // Envoy tells it as it does a rule that the client broke.
    ["that a rule was broken", 1, "malformed"],
    ["that he refuses", 7, "client-gone"],
    ["that he goes", 8, "client-gone"],
  ])("are of a client who resets them and says %s", async (_what, code, reason) => {
    const first = frameOf(TYPE.headers, FLAG.END_HEADERS, 1, block({ ...POST, ...headers() }));
    expect(await lineOf(first, frameOf(TYPE.reset, 0, 1, word(code)))).toBe(`0 ${reason}`);
  });
});
