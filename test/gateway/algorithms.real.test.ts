import type { PolicyConfig } from "../../lib/policy";
import { startGateway, type RunningGateway } from "../support/envoy";
import { TestIssuer } from "../support/tokens";
import { describeWith } from "../support/toolchain";
import { startMcpServer, type CountingServer } from "./counting-server";
import { build, call, HOST, orders, PATH, URL_OF_SERVER } from "./lab";

type Algorithm = "RS256" | "PS256" | "ES256";

const issuers = {
  RS256: new TestIssuer("rsa", "RS256"),
  PS256: new TestIssuer("pss", "PS256"),
  ES256: new TestIssuer("point", "ES256"),
};
const foreign = { ES256: new TestIssuer("point", "ES256"), RS256: new TestIssuer("rsa", "RS256") };
const CLAIMS = { aud: URL_OF_SERVER, client_id: "support-app", scope: "mcp:refund" };

/** A server whose issuer signs with these, its clients all proven by tokens. */
function config(algorithms: readonly Algorithm[], withAlg = true): PolicyConfig {
  const keys = algorithms
    .flatMap((algorithm) => issuers[algorithm].jwks.keys)
    .map(({ alg, ...key }) => (withAlg ? { alg, ...key } : key));
  const { clients, ...rest } = orders(issuers.RS256);
  return {
    ...rest,
    clients: { support: clients["support"] as PolicyConfig["clients"][string] },
    auth: { jwt: { issuer: issuers.RS256.url, algorithms, keys: { kind: "inline", jwks: { keys } } } },
  };
}

describeWith(["envoy"], "signatures of tokens", () => {
  let server: CountingServer;
  let gateway: RunningGateway | undefined;
  beforeAll(async () => void (server = await startMcpServer()));
  afterEach(async () => {
    await gateway?.stop();
    gateway = undefined;
  });
  afterAll(() => server.stop());

  const start = async (given: PolicyConfig, change?: Parameters<typeof startGateway>[0]["change"]) => {
    const { container } = build(given, server.port);
    gateway = await startGateway({ container, hostname: HOST, secrets: {}, ...(change && { change }) });
  };
  const status = async (token: string) => {
    const { headers, body } = call("search", { query: "x" });
    const answer = await gateway?.send({
      path: PATH,
      headers: { ...headers, authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
    return answer?.status;
  };
  const table = async (tokens: Readonly<Record<string, string>>) => {
    const seen: Record<string, number | undefined> = {};
    for (const [what, token] of Object.entries(tokens)) seen[what] = await status(token);
    return seen;
  };
  const { RS256: rsa, PS256: pss, ES256: point } = issuers;

  it("of P-256 alone: nothing else is taken, however it is dressed", async () => {
    await start(config(["ES256"]));
    const before = server.requests;
    const good = point.token(CLAIMS);
    const [head = "", claims = "", signature = ""] = good.split(".");
    const flipped = `${head}.${claims}.${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`;
    const zero = Buffer.alloc(64).toString("base64url");
    const refused = {
      "signed as DER": point.token(CLAIMS, {}, { der: true }),
      "a symmetric one with the public key": point.token(CLAIMS, { alg: "HS256" }),
      none: point.token(CLAIMS, { alg: "none" }),
      "an RSA one": rsa.token(CLAIMS),
      "an RSA one under the point's id": rsa.token(CLAIMS, { kid: "point" }),
      "an RSA one that says ES256": `${point.token(CLAIMS).split(".").slice(0, 2).join(".")}.${rsa.token(CLAIMS).split(".")[2]}`,
      "another point under the same id": foreign.ES256.token(CLAIMS),
      "no id, another point": foreign.ES256.token(CLAIMS, { kid: undefined }),
      "a key in its own header": foreign.ES256.token(CLAIMS, {
        jwk: foreign.ES256.jwks.keys[0],
        kid: undefined,
      }),
      "one bit is another": flipped,
      "zeros as signature": `${head}.${claims}.${zero}`,
      "no signature": `${head}.${claims}.`,
      "half a signature": `${head}.${claims}.${signature.slice(0, 43)}`,
      "in lower case": point.token(CLAIMS, { alg: "es256" }),
      "a critical extension": point.token(CLAIMS, { crit: ["exp"] }),
    };
    expect(await table(refused)).toEqual(Object.fromEntries(Object.keys(refused).map((what) => [what, 401])));
    expect(server.requests).toBe(before);
    expect(await status(good)).toBe(200);
  }, 20_000);

  it("of two kinds: each with its own key, also where keys do not say what they are for", async () => {
    await start(config(["PS256", "ES256"], false));
    expect(
      await table({
        ES256: point.token(CLAIMS),
        PS256: pss.token(CLAIMS),
        // The same key, the older padding: what the key fits is not what is allowed.
        RS256: pss.token(CLAIMS, { alg: "RS256" }),
        "the id of the other": pss.token(CLAIMS, { kid: "point" }),
        "the other's id and algorithm": point.token(CLAIMS, { kid: "pss" }),
        RS512: pss.token(CLAIMS, { alg: "RS512" }),
        HS256: pss.token(CLAIMS, { alg: "HS256" }),
      }),
    ).toEqual({
      ...{ ES256: 200, PS256: 200, RS256: 401, RS512: 401, HS256: 401 },
      ...{ "the id of the other": 401, "the other's id and algorithm": 401 },
    });
  }, 20_000);

  it("a mutant that allows what a key fits takes the older padding", async () => {
    const given = config(["PS256"], false);
    const { container } = build(given, server.port);
    const wider = container.environment.map(({ name, value }) => ({
      name,
      value: value.replace('"algorithms":["PS256"]', '"algorithms":["RS256","PS256"]'),
    }));
    gateway = await startGateway({
      container: { ...container, environment: wider },
      hostname: HOST,
      secrets: {},
    });
    expect(await status(pss.token(CLAIMS, { alg: "RS256" }))).toBe(200);
    await gateway.stop();
    await start(given);
    expect(await status(pss.token(CLAIMS, { alg: "RS256" }))).toBe(401);
  }, 20_000);

  it("does not start with an algorithm that it does not know", async () => {
    const { container } = build(config(["ES256"]), server.port);
    const environment = container.environment.map(({ name, value }) => ({
      name,
      value: value.replace('"algorithms":["ES256"]', '"algorithms":["HS256"]'),
    }));
    await expect(
      startGateway({ container: { ...container, environment }, hostname: HOST, secrets: {} }),
    ).rejects.toThrow("HMCP_POLICY names another algorithm");
  });
});
