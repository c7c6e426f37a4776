import { connect } from "node:http2";
import type { PolicyConfig } from "../../lib/policy";
import { keyHashesVariable } from "../../lib/gateway";
import { startGateway, type Bootstrap, type RunningGateway } from "../support/envoy";
import { describeWith } from "../support/toolchain";
import { startMcpServer, type CountingServer } from "./counting-server";
import { HOST, PATH, build, call, digest, newKey } from "./lab";
import { managerOf } from "./wire-mutants";

const KEY = newKey();
const ITEM = 10_000;
const SERVER: PolicyConfig = {
  path: PATH,
  clients: { one: { identity: { kind: "apiKey" }, tools: ["search"], callsPerMinute: 10_000 } },
  tools: {
    // Answers what it was asked.
    search: {
      access: "read",
      callsPerMinute: 10_000,
      timeoutSeconds: 5,
      arguments: { texts: { type: "array", maxItems: 110, items: { type: "string", maxLength: ITEM } } },
    },
  },
};

/** Status of a call whose message and answer are so long, about, over HTTP/2: as the load balancer sends it. */
async function over2({ port, certificate: ca }: RunningGateway, bytes: number): Promise<number | undefined> {
  const session = connect(`https://127.0.0.1:${port}`, { ca, servername: HOST });
  const { headers, body } = call("search", { texts: Array(bytes / ITEM).fill("a".repeat(ITEM)) });
  const stream = session.request({
    ...{ ":method": "POST", ":path": PATH, ":authority": HOST },
    ...{ ...headers, authorization: `Bearer ${KEY}` },
  });
  stream.on("error", () => undefined).end(JSON.stringify(body));
  let status: number | undefined;
  stream.on("response", (answer) => (status = answer[":status"])).resume();
  await new Promise<void>((resolve) => stream.on("close", resolve));
  session.destroy();
  return status;
}

describeWith(["envoy"], "long messages and answers, over HTTP/2", () => {
  let server: CountingServer;
  let gateways: RunningGateway[] = [];
  const start = async (change?: (bootstrap: Bootstrap) => void) => {
    const { container } = build(SERVER, server.port, { maxBodyKib: 1024 });
    const secrets = { [keyHashesVariable("one")]: digest(KEY) };
    const gateway = await startGateway({ container, hostname: HOST, secrets, ...(change && { change }) });
    gateways.push(gateway);
    return gateway;
  };
  beforeAll(async () => void (server = await startMcpServer()));
  afterEach(async () => {
    await Promise.all(gateways.map((gateway) => gateway.stop()));
    gateways = [];
  });
  afterAll(() => server.stop());

  it("go through as far as the configuration says, and no further", async () => {
    const gateway = await start();
    const sizes = [50_000, 70_000, 400_000, 1_000_000, 1_100_000];
    const got: (number | undefined)[] = [];
    for (const size of sizes) got.push(await over2(gateway, size));
    expect(got).toEqual([200, 200, 200, 200, 413]);
  });

  it("would go no further than a stream's window without a limit of their own", async () => {
    const gateway = await start((bootstrap) => {
      for (const host of managerOf(bootstrap).route_config.virtual_hosts)
        delete host.request_body_buffer_limit;
    });
    expect([await over2(gateway, 50_000), await over2(gateway, 70_000)]).toEqual([200, 413]);
  });
});
