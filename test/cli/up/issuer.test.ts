import { generateKeyPairSync } from "node:crypto";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { LocalIssuer, makeCredentials } from "../../../lib/cli/up/credentials";
import { gatewayTasks, type GatewayTask } from "../../../lib/cli/up/gateway-task";
import { readIssuer } from "../../../lib/cli/up/issuer";
import { localise } from "../../../lib/cli/up/localise";
import { run } from "../../../lib/cli/up/run";
import { cli } from "../io";
import { docs, orders, plan } from "../fixture";

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const jwk = { ...publicKey.export({ format: "jwk" }), kid: "one", use: "sig", alg: "RS256" };
const FIRST = "/.well-known/oauth-authorization-server";
const SECOND = "/.well-known/openid-configuration";

/** What an issuer answers by path; anything else is 404. */
type Answers = Readonly<Record<string, unknown>>;

describe("who an issuer is, and its keys", () => {
  let server: Server;
  let base = "";
  let answers: Answers = {};
  beforeAll(async () => {
    server = createServer((request, response) => answer(response, answers[request.url ?? ""]));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const answer = (response: ServerResponse, what: unknown): void => {
    if (what === undefined) return void response.writeHead(404).end();
    if (typeof what === "number") return void response.writeHead(what, { location: `${base}/keys` }).end();
    response.end(typeof what === "string" ? what : JSON.stringify(what));
  };
  const metadata = (change: object = {}) => ({
    issuer: base,
    jwks_uri: `${base}/keys`,
    code_challenge_methods_supported: ["S256"],
    ...change,
  });

  test.each<[string, () => Answers]>([
    ["of OAuth", () => ({ [FIRST]: metadata(), "/keys": { keys: [jwk] } })],
    ["of OpenID Connect", () => ({ [SECOND]: metadata(), "/keys": { keys: [jwk] } })],
  ])("are read from the document %s", async (_what, make) => {
    answers = make();
    const { kid, n, e } = jwk as unknown as Record<string, string>;
    expect(await readIssuer(base, ["RS256"])).toEqual({
      issuer: base,
      jwks: { keys: [{ kty: "RSA", kid, use: "sig", alg: "RS256", n, e }] },
      pkce: true,
    });
  });

  test("of an issuer with a path are read where RFC 8414 and OpenID Connect each look", async () => {
    for (const place of [`${FIRST}/tenant`, `/tenant${SECOND}`]) {
      answers = { [place]: metadata({ issuer: `${base}/tenant/` }), "/keys": { keys: [jwk] } };
      // As the document spells it: so it stands in tokens.
      expect((await readIssuer(`${base}/tenant`, ["RS256"])).issuer).toBe(`${base}/tenant/`);
    }
  });

  test("tell where PKCE is not taken", async () => {
    for (const code_challenge_methods_supported of [undefined, ["plain"]]) {
      answers = { [FIRST]: metadata({ code_challenge_methods_supported }), "/keys": { keys: [jwk] } };
      expect((await readIssuer(base, ["RS256"])).pkce).toBe(false);
    }
  });

  test.each<[string, () => Answers, string]>([
    ["is nobody", () => ({}), "does not say who it is"],
    ["says nothing", () => ({ [FIRST]: "null" }), 'calls itself ""'],
    [
      "is somebody else",
      () => ({ [FIRST]: metadata({ issuer: "https://evil.example.com" }) }),
      "calls itself",
    ],
    ["redirects", () => ({ [FIRST]: 302, [SECOND]: 302 }), "status 302"],
    ["answers something else", () => ({ [FIRST]: "<html>", [SECOND]: "<html>" }), "not JSON"],
    [
      "answers without end",
      () => ({ [FIRST]: "x".repeat(200_000), [SECOND]: "{" }),
      "more than 131072 bytes",
    ],
    ["has keys nowhere", () => ({ [FIRST]: metadata({ jwks_uri: undefined }) }), "names no keys"],
    [
      "has keys in the open",
      () => ({ [FIRST]: metadata({ jwks_uri: "http://keys.example.com/" }) }),
      "names no keys",
    ],
    [
      "has keys in a file",
      () => ({ [FIRST]: metadata({ jwks_uri: "file:///etc/passwd" }) }),
      "names no keys",
    ],
    ["has no keys", () => ({ [FIRST]: metadata(), "/keys": { keys: [] } }), "lists no RSA key"],
    ["has its keys elsewhere", () => ({ [FIRST]: metadata(), "/keys": 302 }), "status 302"],
    [
      "lists a private key",
      () => ({
        [FIRST]: metadata(),
        "/keys": { keys: [{ ...jwk, ...privateKey.export({ format: "jwk" }) }] },
      }),
      "private or symmetric key",
    ],
  ])("are refused where it %s", async (_what, make, problem) => {
    answers = make();
    await expect(readIssuer(base, ["RS256"])).rejects.toThrow(problem);
  });

  test("are refused where it has only keys for what the gateway does not take", async () => {
    answers = { [FIRST]: metadata(), "/keys": { keys: [jwk] } };
    await expect(readIssuer(base, ["ES256"])).rejects.toThrow("no key on P-256");
  });

  test.each([
    "http://login.example.com/",
    "http://127.0.0.1.example.com/",
    "ftp://127.0.0.1/",
    "https://login.example.com/?tenant=1",
    "https://me:secret@login.example.com/",
    "https://login.example.com/#x",
    "login.example.com",
  ])("are not asked of %s", async (url) => {
    await expect(readIssuer(url, ["RS256"])).rejects.toThrow(/^--issuer is .*, expected https:/);
  });
});

describe("a gateway with an issuer that runs already", () => {
  const [task, keysOnly] = gatewayTasks(plan({ orders, docs })) as [GatewayTask, GatewayTask];
  const ISSUER = "https://login.internal.example/";
  const local = { port: 8080, upstreamPort: 9090, tls: false, jwks: { keys: [jwk] } };

  test("differs from one with a made issuer in that name alone", () => {
    const real = localise(task, { ...local, issuer: ISSUER });
    const made = localise(task, local);
    const renamed = JSON.parse(
      JSON.stringify(made).replaceAll(`https://local-issuer.invalid/`, ISSUER),
    ) as typeof made;
    expect([real.bootstrap, real.environment, real.issuer]).toEqual([
      renamed.bootstrap,
      renamed.environment,
      renamed.issuer,
    ]);
    expect(JSON.stringify(real)).not.toContain("local-issuer");
    expect(real.changes).toContainEqual(
      expect.stringContaining(`is ${ISSUER}, with the keys that it has now`),
    );
  });

  test("makes no token, and says which one a client has to bring", () => {
    const { clients } = makeCredentials(task, undefined, {
      issuer: ISSUER,
      audience: "http://127.0.0.1:8080/x",
    });
    const [key, token] = clients;
    expect(key?.header).toMatch(/^Authorization: Bearer hmk_/);
    expect(token).toMatchObject({
      header: `Authorization: Bearer <token of ${ISSUER} for http://127.0.0.1:8080/x>`,
      note: 'token with client_id "support-app" and scope mcp:refund, that lives at most 20 minutes',
    });
  });

  test("signs as its policy says, without one", () => {
    expect(LocalIssuer.of(keysOnly).jwks.keys[0]).toMatchObject({ alg: "RS256" });
  });

  test("is refused in front of a server that takes no tokens", async () => {
    const io = { out: () => undefined, err: () => undefined, cwd: ".", env: {} };
    const props = {
      task: keysOnly,
      file: "x",
      envoy: "envoy",
      tls: false,
      issuer: ISSUER,
      server: { port: 1 },
    };
    await expect(run(props, io)).rejects.toThrow(
      "docs takes no tokens, so --issuer has nothing to stand for",
    );
  });

  test("is told of in the help", async () => {
    expect((await cli(process.cwd(), "up", "--help")).out).toContain("--issuer URL");
  });
});
