import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { keyHashesVariable } from "../../lib/gateway/contract";
import { embedded, type Plan } from "../../lib/terraform/plan";
import { startMcpServer, type CountingServer } from "../gateway/counting-server";
import {
  call,
  digest,
  HOST,
  legacy,
  modern,
  newKey,
  PATH,
  URL_OF_SERVER,
  type Message,
} from "../gateway/lab";
import {
  fetchThrough,
  send,
  startGateway,
  type Answer,
  type Bootstrap,
  type RunningGateway,
  type StartableContainer,
} from "../support/envoy";
import { describeWith } from "../support/toolchain";
import { deployment, splitPlan, wholeServer } from "./fixture";
import { startLoadBalancerModel, type LoadBalancerModel } from "./load-balancer-model";

type Side = "read" | "write";
const KEYS = { agent: newKey(), reader: newKey(), writer: newKey() };

/** The gateway's container of a task definition, as it was synthesised. */
function gatewayOf(plan: Plan, family: string): StartableContainer {
  const task = plan.blocks("aws_ecs_task_definition").find(({ body }) => body.family === family);
  const containers = embedded(task?.body.container_definitions) as (StartableContainer & { name: string })[];
  const found = containers.find(({ name }) => name === "gateway");
  if (!found) throw new Error(`${family} has no gateway`);
  return found;
}

/** Both halves listen on port 3000 of their own task; here each gets the port of its own server. */
function servedBy(server: CountingServer): (bootstrap: Bootstrap) => void {
  return ({ static_resources: { clusters } }) => {
    const own = clusters.find(({ name }) => name === "server") as {
      load_assignment: {
        endpoints: {
          lb_endpoints: { endpoint: { address: { socket_address: { port_value: number } } } }[];
        }[];
      };
    };
    const [endpoint] = own.load_assignment.endpoints[0]?.lb_endpoints ?? [];
    if (endpoint) endpoint.endpoint.address.socket_address.port_value = server.port;
  };
}

const start = (plan: Plan, family: string, server: CountingServer) =>
  startGateway({
    container: gatewayOf(plan, family),
    hostname: HOST,
    secrets: Object.fromEntries(
      Object.entries(KEYS).map(([client, key]) => [keyHashesVariable(client), digest(key)]),
    ),
    change: servedBy(server),
  });

describeWith(["envoy"], "the two synthesised gateways of a split server", () => {
  const plan = splitPlan();
  let servers: Record<Side, CountingServer>;
  let gateways: Record<Side, RunningGateway>;
  let balancer: LoadBalancerModel;

  beforeAll(async () => {
    servers = { read: await startMcpServer(), write: await startMcpServer() };
    const [read, write] = await Promise.all([
      start(plan, "acme-test-orders", servers.read),
      start(plan, "acme-test-orders_write", servers.write),
    ]);
    gateways = { read, write };
    balancer = await startLoadBalancerModel(plan, HOST, (targets) =>
      targets.includes("_write-targets_") ? write.port : read.port,
    );
  }, 30_000);
  afterAll(async () => {
    await balancer?.stop();
    await Promise.all(Object.values(gateways ?? {}).map((each) => each.stop()));
    await Promise.all(Object.values(servers ?? {}).map((each) => each.stop()));
  });

  const counts = () => ({
    read: { requests: servers.read.requests, ...servers.read.calls },
    write: { requests: servers.write.requests, ...servers.write.calls },
  });

  describe("the official client, through the model of the load balancer", () => {
    const connect = async (key: string) => {
      const client = new Client(
        { name: "test", version: "1.0.0" },
        { versionNegotiation: { mode: { pin: "2026-07-28" } } },
      );
      const transport = new StreamableHTTPClientTransport(new URL(URL_OF_SERVER), {
        fetch: fetchThrough(balancer.port, HOST, balancer.certificate),
        requestInit: { headers: { authorization: `Bearer ${key}` } },
      });
      await client.connect(transport);
      return client;
    };
    it("lists all tools from the reading half, reads there, and writes in the other", async () => {
      const client = await connect(KEYS.agent);
      const { tools } = await client.listTools();
      expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(["search", "refund"]));
      expect(servers.write.requests).toBe(0);
      await client.callTool({ name: "search", arguments: { query: "blue" } });
      expect([servers.read.calls, servers.write.calls]).toEqual([{ search: 1 }, {}]);
      await client.callTool({ name: "refund", arguments: { order: "ord_1" } });
      expect([servers.read.calls, servers.write.calls]).toEqual([{ search: 1 }, { refund: 1 }]);
      await client.close();
    });
    it("lists and writes for a client that may only write", async () => {
      const client = await connect(KEYS.writer);
      await client.listTools();
      const before = servers.write.calls["refund"] ?? 0;
      await client.callTool({ name: "refund", arguments: { order: "ord_1" } });
      expect(servers.write.calls["refund"]).toBe(before + 1);
      await expect(client.callTool({ name: "search", arguments: {} })).rejects.toMatchObject({
        code: expect.any(Number),
      });
      expect(servers.read.calls).toEqual({ search: 1 });
      await client.close();
    });
  });

  type Headers = Record<string, string | string[] | undefined>;
  const requestOf = (message: Message, headers: Headers = {}, key = KEYS.agent) => ({
    path: PATH,
    headers: Object.fromEntries(
      Object.entries<string | string[] | undefined>({
        authorization: `Bearer ${key}`,
        ...message.headers,
        ...headers,
      }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
    ),
    body: JSON.stringify(message.body),
  });
  const refund = call("refund", { order: "ord_1" });
  const search = call("search", { query: "blue" });

  /** No server saw anything, and the half that refused wrote the one line. */
  const refused = async (attack: () => Promise<Answer>, at: Side, expected: readonly [number, string]) => {
    const before = counts();
    const answer = await attack();
    const lines = await gateways[at].linesOf(answer);
    expect([answer.status, lines.map(({ reason }) => reason)]).toEqual([expected[0], [expected[1]]]);
    const other = await gateways[at === "read" ? "write" : "read"].lines(0);
    expect(other.filter(({ request_id: id }) => id === answer.headers["x-request-id"])).toEqual([]);
    expect(counts()).toEqual(before);
  };

  type Row = readonly [string, Message, Headers, Side, readonly [number, string]];

  describe("whatever the load balancer believes, the half that it picks refuses what is not its own", () => {
    it.each<Row>([
      [
        "a write under the name of a read",
        refund,
        { "mcp-name": "search" },
        "read",
        [400, "header-mismatch"],
      ],
      [
        "a read under the name of a write",
        search,
        { "mcp-name": "refund" },
        "write",
        [400, "header-mismatch"],
      ],
      ["no name", refund, { "mcp-name": undefined }, "read", [400, "header-mismatch"]],
      [
        "an encoded name",
        refund,
        { "mcp-name": `=?base64?${Buffer.from("refund").toString("base64")}?=` },
        "read",
        [400, "header-mismatch"],
      ],
      ["a name in percent code", refund, { "mcp-name": "%72efund" }, "read", [400, "header-mismatch"]],
      ["a pattern for a name", refund, { "mcp-name": "ref*" }, "read", [400, "header-mismatch"]],
      ["the name in capitals", refund, { "mcp-name": "REFUND" }, "write", [400, "header-mismatch"]],
      ["a tool in capitals", call("REFUND"), {}, "write", [400, "tool-unknown"]],
      ["a reading tool in capitals", call("Search"), {}, "read", [400, "tool-unknown"]],
      [
        "two names, the read first",
        refund,
        { "mcp-name": ["search", "refund"] },
        "write",
        [400, "header-mismatch"],
      ],
      [
        "two names, the write first",
        search,
        { "mcp-name": ["refund", "search"] },
        "write",
        [400, "header-mismatch"],
      ],
      ["two names in one", refund, { "mcp-name": "search, refund" }, "read", [400, "header-mismatch"]],
      [
        "a list under the name of a write",
        modern("tools/list"),
        { "mcp-name": "refund" },
        "write",
        [404, "method-unknown"],
      ],
      [
        "a notification under the name of a write",
        {
          headers: { ...modern("notifications/cancelled").headers, "mcp-name": "refund" },
          body: { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 1 } },
        },
        {},
        "write",
        [400, "header-mismatch"],
      ],
      [
        "a revision without the header",
        legacy("tools/call", { name: "refund", arguments: {} }),
        {},
        "read",
        [400, "version-unsupported"],
      ],
    ])("%s", (_what, message, headers, at, expected) =>
      refused(
        () => send(balancer.port, HOST, balancer.certificate, requestOf(message, headers)),
        at,
        expected,
      ),
    );
  });

  describe("past the load balancer, at the gateway of the wrong half", () => {
    it.each<Row>([
      ["a write, well formed", refund, {}, "read", [400, "tool-unknown"]],
      ["a read, well formed", search, {}, "write", [400, "tool-unknown"]],
      ["a write in the header of a read", refund, { "mcp-name": "search" }, "read", [400, "header-mismatch"]],
      ["both names", refund, { "mcp-name": ["refund", "search"] }, "read", [400, "header-mismatch"]],
      ["a list", modern("tools/list"), {}, "write", [404, "method-unknown"]],
      ["the server's description", modern("server/discover"), {}, "write", [404, "method-unknown"]],
    ])("%s", (_what, message, headers, at, expected) =>
      refused(() => gateways[at].send(requestOf(message, headers)), at, expected),
    );
    it("a client that never writes is nobody there", () =>
      refused(() => gateways.write.send(requestOf(refund, {}, KEYS.reader)), "write", [
        401,
        "credential-invalid",
      ]));
  });

  it("a gateway with the whole server's policy would serve a write: what refuses it is the split", async () => {
    const server = await startMcpServer();
    const whole = await start(deployment({ orders: wholeServer() }), "acme-test-orders", server);
    const answer = await whole.send(requestOf(refund));
    expect([answer.status, server.calls]).toEqual([200, { refund: 1 }]);
    await whole.stop();
    await server.stop();
  });
});
