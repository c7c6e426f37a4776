import { connect } from "node:http2";
import type { PolicyConfig } from "../../lib/policy";
import type { ReadLine } from "../support/audit";
import { GATEWAY, keyHashesVariable } from "../../lib/gateway/contract";
import { startGateway, type Answer, type Bootstrap, type RunningGateway } from "../support/envoy";
import { TestIssuer } from "../support/tokens";
import { describeWith } from "../support/toolchain";
import { startMcpServer, type CountingServer } from "./counting-server";
import { build, call, digest, HOST, newKey, orders, PATH, URL_OF_SERVER } from "./lab";

const issuer = new TestIssuer();
const key = newKey();
const BOT = "CN=robot,OU=build,O=acme";
const PINNED = "CN=pinned,O=acme";
const CA = "CN=clients,O=acme";

/** Two clients by certificate, one by key, one by token. */
function config(): PolicyConfig {
  const { clients, ...rest } = orders(issuer);
  return {
    ...rest,
    clients: {
      robot: { identity: { kind: "mtls", subject: BOT }, tools: ["search"] },
      pinned: {
        identity: { kind: "mtls", subject: PINNED, issuer: CA, serial: "03A5B1" },
        tools: ["search"],
      },
      "ci-bot": clients["ci-bot"] as PolicyConfig["clients"][string],
      support: clients["support"] as PolicyConfig["clients"][string],
    },
  };
}

type Headers = Record<string, string | string[]>;

/** What a verifying load balancer adds to a call. */
const certificate = (subject: string | string[], more: Headers = {}): Headers => ({
  "x-amzn-mtls-clientcert-subject": subject,
  "x-amzn-mtls-clientcert-issuer": CA,
  "x-amzn-mtls-clientcert-serial-number": "03A5B1",
  "x-amzn-mtls-clientcert-validity": "NotBefore=2026-01-01T00:00:00Z;NotAfter=2027-01-01T00:00:00Z",
  "x-amzn-mtls-clientcert-leaf": "-----BEGIN%20CERTIFICATE-----%0A",
  ...more,
});

/** One call over HTTP/2, as the load balancer sends it. */
function over2({ port, certificate }: RunningGateway, headers: Headers, body: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const session = connect(`https://127.0.0.1:${port}`, { ca: certificate, servername: HOST });
    session.on("error", reject);
    const pseudo = { ":method": "POST", ":path": PATH, ":authority": HOST };
    const stream = session.request({ ...pseudo, ...headers });
    stream.on("error", reject);
    stream.on("response", ({ ":status": status = 0, ...rest }) => {
      stream.on("end", () => resolve({ status, headers: rest, text: "" })).resume();
      stream.on("close", () => session.close());
    });
    stream.end(body);
  });
}

describeWith(["envoy"], "clients that are known by their certificates", () => {
  let server: CountingServer;
  const running: RunningGateway[] = [];
  beforeAll(async () => void (server = await startMcpServer()));
  afterAll(async () => {
    for (const gateway of running) await gateway.stop();
    await server.stop();
  });

  const start = async (
    given: PolicyConfig,
    certificates: boolean,
    change?: (bootstrap: Bootstrap) => void,
  ) => {
    const { container } = build(given, server.port, {}, {}, { certificates });
    const secrets = Object.fromEntries(
      container.secrets
        .filter(({ name }) => name.startsWith("HMCP_KEYS_"))
        .map(({ name }) => [name, digest(name === keyHashesVariable("ci-bot") ? key : newKey())]),
    );
    const gateway = await startGateway({ container, hostname: HOST, secrets, ...(change && { change }) });
    running.push(gateway);
    return gateway;
  };
  const send = async (
    gateway: RunningGateway,
    headers: Headers,
    by: typeof over2 = (gateway, headers, body) => gateway.send({ path: PATH, headers, body }),
  ): Promise<ReadLine & { answered: number }> => {
    const { headers: own, body } = call("search", { query: "x" });
    const answer = await by(gateway, { ...own, ...headers }, JSON.stringify(body));
    const lines = await gateway.linesOf(answer);
    expect(lines).toHaveLength(1);
    return { ...(lines[0] as ReadLine), answered: answer.status };
  };
  const told = (line: ReadLine & { answered: number }) =>
    `${line.answered} ${line.proof ?? "-"} ${line.client ?? "-"} ${line.reason}${line.detail === null ? "" : `: ${line.detail}`}`;

  describe("where the load balancer verifies them", () => {
    let gateway: RunningGateway;
    beforeAll(async () => void (gateway = await start(config(), true)));

    const CASES: [what: string, headers: Headers, expected: string][] = [
      ["its subject", certificate(BOT), "200 mtls robot ok"],
      ["subject, issuer and serial number", certificate(PINNED), "200 mtls pinned ok"],
      [
        "another issuer of the same trust store",
        certificate(PINNED, { "x-amzn-mtls-clientcert-issuer": "CN=other,O=acme" }),
        "401 - - credential-invalid: issuer of the certificate",
      ],
      [
        "two issuers, of which one is right",
        certificate(PINNED, { "x-amzn-mtls-clientcert-issuer": [CA, "CN=other,O=acme"] }),
        "401 - - credential-invalid: two certificates",
      ],
      [
        "two serial numbers, of which the last is right",
        certificate(PINNED, { "x-amzn-mtls-clientcert-serial-number": ["FF", "03A5B1"] }),
        "401 - - credential-invalid: two certificates",
      ],
      [
        "a serial number in small letters",
        certificate(PINNED, { "x-amzn-mtls-clientcert-serial-number": "03a5b1" }),
        "401 - - credential-invalid: serial number of the certificate",
      ],
      [
        "no issuer where one is pinned",
        { "x-amzn-mtls-clientcert-subject": PINNED, "x-amzn-mtls-clientcert-serial-number": "03A5B1" },
        "401 - - credential-invalid: issuer of the certificate",
      ],
      [
        "one of two subjects that is empty",
        certificate(["", BOT]),
        "401 - - credential-invalid: two certificates",
      ],
      [
        "what other proxies write",
        {
          "x-forwarded-client-cert": `Subject="${BOT}"`,
          "ssl-client-subject-dn": BOT,
          "x-ssl-client-s-dn": BOT,
        },
        "401 - - credential-missing",
      ],
      [
        "a renewed certificate where one is pinned",
        certificate(PINNED, { "x-amzn-mtls-clientcert-serial-number": "03A5B2" }),
        "401 - - credential-invalid: serial number of the certificate",
      ],
      [
        "two subjects",
        certificate([BOT, "CN=mallory,O=acme"]),
        "401 - - credential-invalid: two certificates",
      ],
      ["the same subject twice", certificate([BOT, BOT]), "401 - - credential-invalid: two certificates"],
      ["a subject of nobody", certificate("CN=mallory,O=acme"), "401 - - credential-missing"],
      ["its parts in another order", certificate("O=acme,OU=build,CN=robot"), "401 - - credential-missing"],
      ["blanks after commas", certificate("CN=robot, OU=build, O=acme"), "401 - - credential-missing"],
      ["another case", certificate("CN=ROBOT,OU=build,O=acme"), "401 - - credential-missing"],
      ["more in front", certificate(`CN=mallory,${BOT}`), "401 - - credential-missing"],
      ["more behind", certificate(`${BOT},C=US`), "401 - - credential-missing"],
      ["an escaped comma in a name", certificate("CN=robot\\,OU=build,O=acme"), "401 - - credential-missing"],
      ["an escape in digits", certificate("CN=rob\\6Ft,OU=build,O=acme"), "401 - - credential-missing"],
      ["quotes", certificate('CN="robot",OU=build,O=acme'), "401 - - credential-missing"],
      ["a part of two values", certificate("CN=robot+OU=build,O=acme"), "401 - - credential-missing"],
      [
        "a letter that looks alike",
        certificate("CN=r\u00f6bot,OU=build,O=acme"),
        "401 - - credential-missing",
      ],
      ["an empty subject", certificate(""), "401 - - credential-missing"],
      [
        "the chain of passthrough, which nobody verified",
        { "x-amzn-mtls-clientcert": "-----BEGIN%20CERTIFICATE-----%0A" },
        "401 - - credential-missing",
      ],
      [
        "a key beside a certificate: the key says who it is",
        certificate(BOT, { authorization: `Bearer ${key}` }),
        "200 key ci-bot ok",
      ],
      [
        "a token beside a certificate",
        certificate("CN=laptop,O=acme", {
          authorization: `Bearer ${issuer.token({ aud: URL_OF_SERVER, client_id: "support-app" })}`,
        }),
        "200 jwt support ok",
      ],
      [
        "a wrong key beside a right certificate",
        certificate(BOT, { "x-api-key": newKey() }),
        "401 - - credential-invalid: unknown key",
      ],
      ["a tool that is another's", certificate(BOT, { "x-mcp-client": "key:ci-bot" }), "200 mtls robot ok"],
    ];

    it.each([
      ["HTTP/1.1", undefined],
      ["HTTP/2", over2],
    ])(
      "each call over %s is who it is, to the letter, and nothing refused gets through",
      async (_how, by) => {
        const before = server.requests;
        const lines = await Promise.all(CASES.map(([, headers]) => send(gateway, headers, by)));
        const seen = Object.fromEntries(CASES.map(([what], index) => [what, told(lines[index] as never)]));
        expect(seen).toEqual(Object.fromEntries(CASES.map(([what, , expected]) => [what, expected])));
        const served = CASES.filter(([, , expected]) => expected.startsWith("200"));
        expect(server.requests - before).toBe(served.length);
      },
    );

    it("tells the server who calls, and nothing of the certificate", async () => {
      await send(gateway, certificate(BOT, { "x-amzn-mtls-anything": "x" }));
      expect(server.headers[GATEWAY.clientHeader]).toBe("mtls:robot");
      expect(Object.keys(server.headers).filter((name) => name.startsWith("x-amzn-mtls"))).toEqual([]);
    });
  });

  describe("where it verifies none", () => {
    const { clients, ...rest } = config();
    const { robot: _robot, pinned: _pinned, ...others } = clients;
    const without = { ...rest, clients: others } as PolicyConfig;

    it("headers of a certificate are taken away, whoever sends them", async () => {
      const gateway = await start(without, false);
      expect(told(await send(gateway, certificate(BOT)))).toBe("401 - - credential-missing");
      expect(told(await send(gateway, certificate(BOT, { authorization: `Bearer ${key}` })))).toBe(
        "200 key ci-bot ok",
      );
      expect(Object.keys(server.headers).filter((name) => name.startsWith("x-amzn-mtls"))).toEqual([]);
    });

    it("a client by certificate cannot be configured", () => {
      expect(() => build(config(), server.port)).toThrow("asks for none");
    });

    it("a mutant that does not strip them lets them through to the server", async () => {
      const gateway = await start(without, false, (bootstrap) => {
        const manager = bootstrap.static_resources.listeners[0]?.filter_chains[0]?.filters[0]
          ?.typed_config as unknown as { early_header_mutation_extensions: unknown };
        delete manager.early_header_mutation_extensions;
      });
      await send(gateway, certificate(BOT, { authorization: `Bearer ${key}` }));
      expect(Object.keys(server.headers).some((name) => name.startsWith("x-amzn-mtls"))).toBe(true);
    });
  });

  it("a mutant that takes a part of the subject lets another certificate in", async () => {
    const { container } = build(config(), server.port, {}, {}, { certificates: true });
    const environment = container.environment.map(({ name, value }) => ({
      name,
      value: value.replace(
        // Locals have short names in what is deployed.
        /\.subject and (\w+)\[(\w+)\.subject\]/,
        ".subject and $1[$2.subject:gsub('^CN=mallory,','')]",
      ),
    }));
    expect(environment).not.toEqual(container.environment);
    const gateway = await startGateway({
      container: { ...container, environment },
      hostname: HOST,
      secrets: { [keyHashesVariable("ci-bot")]: digest(key) },
    });
    running.push(gateway);
    expect(told(await send(gateway, certificate(`CN=mallory,${BOT}`)))).toBe("200 mtls robot ok");
  });
});
