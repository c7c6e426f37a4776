import { keyHashesVariable } from "../../lib/gateway";
import { startGateway, type RunningGateway } from "../support/envoy";
import { TestIssuer } from "../support/tokens";
import { describeWith } from "../support/toolchain";
import { HOST, PATH, URL_OF_SERVER, build, digest, legacy, modern, newKey, type Message } from "./lab";
import { opening, REFUSED, TAKEN } from "./methods-cases";
import {
  startMisbehavingServer,
  answer,
  result,
  type Behaviour,
  type MisbehavingServer,
} from "./misbehaving-server";
import { JSON_TYPE, SSE } from "./responses-expected";

const RESULT = answer(JSON_TYPE, (id) => result(id, {}));

describeWith(["envoy"], "methods that are opened", () => {
  const issuer = new TestIssuer();
  const keys = { "ci-bot": newKey(), narrow: newKey() };
  let server: MisbehavingServer;
  let gateway: RunningGateway;
  let last = 0;

  beforeAll(async () => {
    server = await startMisbehavingServer();
    const secrets = Object.entries(keys).map(([name, key]) => [keyHashesVariable(name), digest(key)]);
    gateway = await startGateway({
      container: build(opening(issuer), server.port).container,
      hostname: HOST,
      secrets: Object.fromEntries(secrets) as Record<string, string>,
    });
  });
  afterAll(async () => {
    await gateway.stop();
    await server.stop();
  });

  const send = async (message: Message, credential = keys["ci-bot"], behaviour = RESULT) => {
    const id = ++last;
    server.on(id, behaviour);
    const got = await gateway.send({
      path: PATH,
      headers: { ...message.headers, authorization: `Bearer ${credential}` },
      body: JSON.stringify({ ...message.body, id }),
    });
    const [line, ...others] = await gateway.linesOf(got);
    expect(others).toEqual([]);
    return { got, line };
  };

  it("are let through as they are opened", async () => {
    const before = server.requests;
    const all = await Promise.all(TAKEN.map(([, message]) => send(message)));
    expect(all.map(({ got, line }, index) => [TAKEN[index]?.[0], got.status, line?.reason])).toEqual(
      TAKEN.map(([what, , [status, reason]]) => [what, status, reason]),
    );
    expect(all.map(({ line }) => [line?.method, line?.tool])).toEqual(
      TAKEN.map(([, { body }]) => [body.method, null]),
    );
    expect(server.requests).toBe(before + TAKEN.length);
  });

  it("are refused else, and nothing of it reaches the server", async () => {
    const before = server.requests;
    const all = await Promise.all(REFUSED.map(([, message]) => send(message)));
    expect(all.map(({ got, line }, index) => [REFUSED[index]?.[0], got.status, line?.reason])).toEqual(
      REFUSED.map(([what, , [status, reason]]) => [what, status, reason]),
    );
    expect(server.requests).toBe(before);
  });

  it("are recorded with what they name, as far as the configuration knows it", async () => {
    const args = async (message: Message) => (await send(message)).line?.args;
    expect(await args(modern("resources/read", { uri: "test://one?v=%2e" }))).toEqual({
      uri: { value: "test://one?v=%2e" },
    });
    expect(await args(modern("resources/read", { uri: "file:///srv/docs/payroll" }))).toEqual({
      uri: { type: "string", length: 24 },
    });
    expect(await args(legacy("resources/subscribe", { uri: "test://other" }))).toEqual({
      uri: { value: "test://other" },
    });
    expect(await args(modern("prompts/get", { name: "greeting", arguments: { who: "Ada" } }))).toEqual({
      name: { value: "greeting" },
      arguments: { type: "object", length: 1 },
    });
  });

  it("are limited apart from each other, in all and by client", async () => {
    const reasons = async (method: string) => {
      const all = await Promise.all([1, 2, 3, 4].map(() => send(modern(method))));
      return all.map(({ line }) => line?.reason).sort();
    };
    // Refused ones used up nothing.
    expect(await reasons("resources/list")).toEqual(["ok", "ok", "rate-limited", "rate-limited"]);
    // One of the three was sent above.
    expect(await reasons("resources/templates/list")).toEqual(["ok", "ok", "rate-limited", "rate-limited"]);
  });

  it("demand their scopes of a token", async () => {
    const token = (scope: string) => issuer.token({ aud: URL_OF_SERVER, client_id: "support-app", scope });
    const { got, line } = await send(modern("prompts/list"), token("openid"));
    expect([got.status, line?.reason, line?.detail]).toEqual([403, "scope-missing", "mcp:prompts"]);
    expect(got.headers["www-authenticate"]).toContain('scope="mcp:prompts"');
    expect((await send(modern("prompts/list"), token("mcp:prompts"))).line?.reason).toBe("ok");
  });

  it("end in their own time, and answer no more and nothing else than they may", async () => {
    const read = modern("resources/read", { uri: "file:///srv/docs/a" });
    const { line: late } = await send(read, undefined, () => undefined);
    expect(late?.reason).toBe("timeout");
    expect(late?.ms).toBeLessThan(2000);
    const long = answer(JSON_TYPE, (id) => result(id, "x".repeat(2000)));
    expect((await send(read, undefined, long)).line?.reason).toBe("response-too-large");
    const leak = answer(JSON_TYPE, (id) => result(id, "AKIAABCDEFGHIJKLMNOP"));
    expect((await send(read, undefined, leak)).line?.reason).toBe("response-refused");
  });

  it("end a stream of changes at its time, and not before", async () => {
    const silent: Behaviour = (response) =>
      void response.writeHead(200, { "content-type": SSE }).write(": here\n\n");
    const listen = modern("subscriptions/listen", { notifications: {} });
    gateway.clear();
    await expect(send(listen, undefined, silent)).rejects.toThrow("aborted");
    const [line] = await gateway.lines(1);
    expect(line).toMatchObject({ method: "subscriptions/listen", status: 200, reason: "timeout" });
    expect(line?.ms).toBeGreaterThan(1900);
    expect(line?.ms).toBeLessThan(3000);
  });
});
