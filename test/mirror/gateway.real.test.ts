import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { keyHashesVariable } from "../../lib/gateway";
import { mirror } from "../../lib/runtime/mirror/mirror";
import { selfSigned } from "../../lib/runtime/rotation/certificate";
import { startMcpServer, type CountingServer } from "../gateway/counting-server";
import { call, digest, HOST, newKey } from "../gateway/lab";
import { startGateway, type Bootstrap, type RunningGateway, type StartableContainer } from "../support/envoy";
import { scratch } from "../support/scratch";
import { TestIssuer } from "../support/tokens";
import { describeWith } from "../support/toolchain";
import { gatewayOf, mirroredPlan } from "./fixture";
import { HttpsServer } from "./issuer-server";

/** Where the bucket stands in for S3; only the address it resolves to, the port and the authority are the test's. */
const BUCKET = "notes-keys.s3.test";
const PATH = "/notes/mcp";

type Data = Record<string, never> & {
  transport_socket: { typed_config: { common_tls_context: { validation_context: Record<string, unknown> } } };
};

describeWith(["envoy"], "a gateway with mirrored keys, out of the written file", () => {
  const [first, second] = [new TestIssuer("first"), new TestIssuer("second")];
  let container: StartableContainer;
  let server: CountingServer;
  let bucket: HttpsServer;
  let gateway: RunningGateway | undefined;
  let object: string | undefined;

  beforeAll(async () => {
    container = gatewayOf(mirroredPlan(), BUCKET);
    server = await startMcpServer();
  }, 60_000);
  afterAll(() => server.stop());
  beforeEach(async () => {
    object = undefined;
    bucket = await HttpsServer.start(selfSigned({ name: BUCKET, days: 2 }));
    serveObject();
  });
  afterEach(async () => {
    await gateway?.stop();
    gateway = undefined;
    await bucket.stop();
  });

  /** The object itself, as the function writes it. */
  const publish = (...issuers: TestIssuer[]) =>
    mirror({
      uri: "https://login.example.com/jwks",
      overlapMinutes: 0,
      fetch: () => Promise.resolve(JSON.stringify({ keys: issuers.flatMap(({ jwks }) => jwks.keys) })),
      store: {
        read: () => Promise.resolve(undefined),
        write: (text) => Promise.resolve(void (object = text)),
      },
      log: () => undefined,
    })({ action: "mirror" });
  const serveObject = () =>
    (bucket.answer = (_request, response) =>
      object === undefined
        ? response.writeHead(404).end("<Error/>")
        : response.writeHead(200, { "content-type": "application/json" }).end(object));

  /** Starts it; times are shortened: 300 seconds to one, ten after a failure to a fifth. */
  const start = async (change: (bootstrap: Bootstrap) => void = () => undefined) => {
    const ca = join(scratch("mirror"), "ca.pem");
    writeFileSync(ca, bucket.pair.certificate);
    gateway = await startGateway({
      container,
      hostname: HOST,
      secrets: { [keyHashesVariable("assistant")]: digest(newKey()) },
      change: (bootstrap) => {
        place(bootstrap, ca);
        change(bootstrap);
      },
    });
  };
  const place = (bootstrap: Bootstrap, ca: string) => {
    const address = (port: number) => ({ socket_address: { address: "127.0.0.1", port_value: port } });
    for (const cluster of bootstrap.static_resources.clusters) {
      const port = { server: server.port, keys: bucket.port }[String(cluster.name)] ?? 1;
      const name = String(cluster.name);
      cluster.load_assignment = {
        cluster_name: name,
        endpoints: [{ lb_endpoints: [{ endpoint: { address: address(port) } }] }],
      };
      if (name === "keys") validation(bootstrap).trusted_ca = { filename: ca };
    }
    const { remote_jwks: remote } = provider(bootstrap) as { remote_jwks: Record<string, unknown> };
    remote.cache_duration = "1s";
    remote.async_fetch = { ...(remote.async_fetch as object), failed_refetch_duration: "0.2s" };
    remote.retry_policy = { num_retries: 1 };
  };
  const provider = (bootstrap: Bootstrap): Record<string, unknown> => {
    const filters = bootstrap.static_resources.listeners[0]?.filter_chains[0]?.filters[0]?.typed_config
      .http_filters as { name: string; typed_config: { providers: { issuer: Record<string, unknown> } } }[];
    return filters.find(({ name }) => name === "hmcp.jwt")?.typed_config.providers.issuer ?? {};
  };
  const validation = (bootstrap: Bootstrap) =>
    (bootstrap.static_resources.clusters.find(({ name }) => name === "keys") as unknown as Data)
      .transport_socket.typed_config.common_tls_context.validation_context;

  const token = (issuer: TestIssuer) =>
    issuer.token({ aud: `https://${HOST}${PATH}`, client_id: "support-app" });
  const status = async (bearer: string) => {
    const { headers, body } = call("search", { query: "x" });
    const answer = await gateway?.send({
      path: PATH,
      headers: { ...headers, authorization: `Bearer ${bearer}` },
      body: JSON.stringify(body),
    });
    return answer?.status;
  };
  /** Waits until a token gets this answer. */
  const becomes = async (bearer: string, expected: number) => {
    for (let tries = 0; tries < 60 && (await status(bearer)) !== expected; tries++) await sleep(100);
    expect(await status(bearer)).toBe(expected);
  };
  const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  /** The bucket has been asked so many times more. */
  const asked = async (times: number) => {
    const before = bucket.asked.length;
    for (let tries = 0; tries < 60 && bucket.asked.length < before + times; tries++) await sleep(100);
    expect(bucket.asked.length).toBeGreaterThanOrEqual(before + times);
  };

  it("takes tokens of the keys from the first call on, and of no other key", async () => {
    await publish(first);
    await start();
    expect(await status(token(first))).toBe(200);
    expect(await status(token(second))).toBe(401);
    expect(new Set(bucket.asked)).toEqual(new Set(["GET /jwks.json"]));
  });

  it("goes on with the last set while S3 does not answer, or with an empty set", async () => {
    await publish(first);
    await start();
    expect(await status(token(first))).toBe(200);
    bucket.answer = (_request, response) => response.writeHead(503).end();
    await asked(4);
    expect(await status(token(first))).toBe(200);
    bucket.serve({ keys: [] });
    await asked(4);
    expect(await status(token(first))).toBe(200);
    const { port } = bucket;
    await bucket.stop();
    await sleep(2500);
    expect(await status(token(first))).toBe(200);
    await bucket.listen(port);
    serveObject();
    await publish(first, second);
    await becomes(token(second), 200);
  });

  it("refuses a token of a withdrawn key, also one that it has taken before", async () => {
    await publish(first, second);
    await start();
    const used = token(first);
    expect(await status(used)).toBe(200);
    await publish(second);
    await becomes(used, 401);
    expect(await status(token(second))).toBe(200);
  });

  it("would still take it with Envoy's cache of tokens, which is why there is none", async () => {
    await publish(first, second);
    await start((bootstrap) => {
      provider(bootstrap).jwt_cache_config = { jwt_cache_size: 1000 };
    });
    const used = token(first);
    // Each of the two workers has a cache of its own: new connections meet both.
    for (let time = 0; time < 20; time++) expect(await status(used)).toBe(200);
    const third = new TestIssuer("third");
    await publish(second, third);
    await becomes(token(third), 200);
    expect(await status(used)).toBe(200);
  });

  it("refuses tokens while there is no object, lives, and takes them once there is", async () => {
    await start();
    expect(await status(token(first))).toBe(401);
    await publish(first);
    await becomes(token(first), 200);
  });

  it("takes the keys under S3's wildcard certificate", async () => {
    await bucket.stop();
    bucket = await HttpsServer.start(selfSigned({ name: "*.s3.test", days: 2 }));
    serveObject();
    await publish(first);
    await start();
    expect(await status(token(first))).toBe(200);
  });

  describe("takes no keys from somebody else", () => {
    const impostor = async (pair: ReturnType<typeof selfSigned>, change?: (bootstrap: Bootstrap) => void) => {
      await bucket.stop();
      bucket = await HttpsServer.start(pair);
      serveObject();
      await publish(first);
      await start(change);
      return status(token(first));
    };
    const other = { name: "elsewhere.test", days: 2 };

    it("whose trusted certificate names another host", async () => {
      expect(await impostor(selfSigned(other))).toBe(401);
      expect(bucket.asked).toEqual([]);
    });
    it("though it would, were the name not compared", async () => {
      const blind = (bootstrap: Bootstrap) => delete validation(bootstrap).match_typed_subject_alt_names;
      expect(await impostor(selfSigned(other), blind)).toBe(200);
    });
    it("whose certificate no authority vouches for", async () => {
      const ca = join(scratch("mirror-other"), "ca.pem");
      writeFileSync(ca, selfSigned({ name: BUCKET, days: 2 }).certificate);
      const trust = (bootstrap: Bootstrap) => (validation(bootstrap).trusted_ca = { filename: ca });
      expect(await impostor(selfSigned({ name: BUCKET, days: 2 }), trust)).toBe(401);
      expect(bucket.asked).toEqual([]);
    });
    it("whose certificate has expired", async () => {
      const now = Date.now() - 10 * 24 * 3_600_000;
      expect(await impostor(selfSigned({ name: BUCKET, days: 2, now }))).toBe(401);
      expect(bucket.asked).toEqual([]);
    });
  });
});
