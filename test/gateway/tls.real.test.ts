import { execFileSync } from "node:child_process";
import { connect as connectPlain } from "node:net";
import { connect, type ConnectionOptions, type SecureVersion, type TLSSocket } from "node:tls";
import type { Bootstrap, RunningGateway } from "../support/envoy";
import { describeWith } from "../support/toolchain";
import { HOST, startLab, type Lab } from "./lab";
import type { Data } from "./limits-lab";
import { exchange, frame } from "./raw";

/** Lets our own side take what is out of date, so that the gateway is who refuses. */
const LOW = "@SECLEVEL=0";
const only = (version: SecureVersion): ConnectionOptions => ({
  ...{ minVersion: version, maxVersion: version },
  ...(version < "TLSv1.2" && { ciphers: `ALL:${LOW}` }),
});
const cipher = (name: string): ConnectionOptions => ({ ...only("TLSv1.2"), ciphers: `${name}:${LOW}` });
const suite = (name: string): ConnectionOptions => ({ ...only("TLSv1.3"), ciphers: name });
const signed = (sigalgs: string): ConnectionOptions => ({ ...cipher("ALL"), sigalgs });
const anyName = { checkServerIdentity: () => undefined };
const VERSION = "TLSV1_ALERT_PROTOCOL_VERSION";
const HANDSHAKE = "SSLV3_ALERT_HANDSHAKE_FAILURE";

/** What a client offers, and the status of its call, or the gateway's alert. */
const OFFERS: readonly (readonly [what: string, offer: ConnectionOptions, expected: number | string])[] = [
  ["TLS 1.0", only("TLSv1"), VERSION],
  ["TLS 1.1", only("TLSv1.1"), VERSION],
  ["TLS 1.2", only("TLSv1.2"), 200],
  ["TLS 1.3", only("TLSv1.3"), 200],
  ["AES-128 with GCM", cipher("ECDHE-ECDSA-AES128-GCM-SHA256"), 200],
  ["AES-256 with GCM", cipher("ECDHE-ECDSA-AES256-GCM-SHA384"), 200],
  ["a cipher that is not listed", cipher("ECDHE-ECDSA-CHACHA20-POLY1305"), HANDSHAKE],
  ["CBC", cipher("ECDHE-ECDSA-AES128-SHA"), HANDSHAKE],
  ["CBC with SHA-384", cipher("ECDHE-ECDSA-AES256-SHA384"), HANDSHAKE],
  ["no encryption", cipher("ECDHE-ECDSA-NULL-SHA"), HANDSHAKE],
  ["no certificate", cipher("AECDH-AES128-SHA"), HANDSHAKE],
  ["no forward secrecy", cipher("AES128-GCM-SHA256"), HANDSHAKE],
  ["the first suite of TLS 1.3", suite("TLS_AES_128_GCM_SHA256"), 200],
  ["a short tag", suite("TLS_AES_128_CCM_SHA256"), HANDSHAKE],
  ["a handshake signed with SHA-256", signed("ECDSA+SHA256"), 200],
  ["a handshake signed with SHA-1", signed("ECDSA+SHA1"), HANDSHAKE],
  ["a group that is not spoken", { ecdhCurve: "secp521r1" }, HANDSHAKE],
  // The name in the handshake decides nothing: the load balancer sends none, and the host is judged for each request.
  ["no server name", { servername: "", ...anyName }, 200],
  ["another server name", { servername: "evil.example.com", ...anyName }, 200],
  ["HTTP/1.1 by name", { ALPNProtocols: ["http/1.1"] }, 200],
  ["a protocol that is not spoken", { ALPNProtocols: ["spdy/3", "ftp"] }, 200],
];

const code = (error: { code?: string }) => `${error.code}`.replace(/^ERR_SSL_/, "");

describeWith(["envoy"], "TLS of a running gateway", () => {
  let lab: Lab;
  let mutant: Lab;
  const dated = (bootstrap: Bootstrap) => {
    const [chain] = (bootstrap.static_resources.listeners as unknown as Data[])[0]?.filter_chains as Data[];
    Object.assign(chain?.transport_socket.typed_config.common_tls_context.tls_params as Data, {
      tls_minimum_protocol_version: "TLSv1_0",
      cipher_suites: ["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA"],
      signature_algorithms: ["ecdsa_secp256r1_sha256", "ecdsa_sha1"],
    });
  };
  beforeAll(async () => void ([lab, mutant] = await Promise.all([startLab(), startLab(dated)])));
  afterAll(() => Promise.all([lab.stop(), mutant.stop()]));

  const calls = (from: Lab, offer: ConnectionOptions) =>
    exchange(from.gateway, frame(from), offer).then(({ statuses }) => statuses[0], code);
  const secure = (
    gateway: Pick<RunningGateway, "port"> & Partial<RunningGateway>,
    offer: ConnectionOptions,
  ) =>
    new Promise<TLSSocket>((resolve, reject) => {
      const { port, certificate: ca } = gateway;
      const socket = connect({ host: "127.0.0.1", port, ca, servername: HOST, ...offer }, () =>
        resolve(socket),
      );
      socket.on("error", reject);
      socket.resume();
    });

  it("takes what is listed, and refuses the rest in the handshake, before there is a request", async () => {
    const before = lab.server.requests;
    lab.gateway.clear();
    const seen = await Promise.all(OFFERS.map(async ([what, offer]) => [what, await calls(lab, offer)]));
    expect(seen).toEqual(OFFERS.map(([what, , expected]) => [what, expected]));
    const served = OFFERS.filter(([, , expected]) => expected === 200).length;
    expect(lab.server.requests).toBe(before + served);
    expect(await lab.gateway.lines(served)).toHaveLength(served);
  });

  it("a mutant that lists more takes what is out of date", async () => {
    const taken = ["TLS 1.1", "CBC", "a handshake signed with SHA-1"];
    const offers = OFFERS.filter(([what]) => taken.includes(what));
    expect(await Promise.all(offers.map(([, offer]) => calls(mutant, offer)))).toEqual([200, 200, 200]);
  });

  it.each([
    ["a request in clear", () => frame(lab)],
    ["HTTP/2 in clear", () => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0"],
    ["a proxy's line before the handshake", () => `PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\n${frame(lab)}`],
    ["a hello of SSL 2", () => "\x80\x2e\x01\0\x02\0\x15\0\0\0\x10\x01\0\x80\x02\0\x80"],
  ])("%s is no request: nothing is answered, served or recorded", async (_what, bytes) => {
    const before = lab.server.requests;
    lab.gateway.clear();
    const answer = await new Promise<string>((resolve) => {
      let text = "";
      const socket = connectPlain(lab.gateway.port, "127.0.0.1", () => socket.write(bytes(), "latin1"));
      socket.on("data", (part) => (text += part.toString("latin1")));
      socket.on("error", () => undefined);
      socket.on("close", () => resolve(text));
    });
    // At most an alert.
    expect(answer).toMatch(/^(\x15\x03.{5})?$/s);
    expect(lab.server.requests).toBe(before);
    expect(lab.gateway.output()).toBe("");
  });

  it("is not negotiated anew within a connection", async () => {
    const socket = await secure(lab.gateway, only("TLSv1.2"));
    const alert = new Promise<string>((resolve) => socket.on("error", (error) => resolve(code(error))));
    socket.renegotiate({}, () => undefined);
    expect(await alert).toBe("TLSV1_ALERT_NO_RENEGOTIATION");
  });

  it.each(["TLSv1.2", "TLSv1.3"] as const)(
    "a session of %s goes on here and nowhere else",
    async (version) => {
      const first = await secure(lab.gateway, only(version));
      const session = new Promise<Buffer>((resolve) => first.once("session", resolve));
      // Tickets of TLS 1.3 come with the first bytes of an answer.
      first.write(frame(lab), "latin1");
      const ticket = version === "TLSv1.2" ? first.getSession() : await session;
      first.destroy();
      const reused = async ({ gateway: { port } }: Lab) => {
        // The other one's certificate is its own.
        const socket = await secure(
          { port },
          { ...only(version), session: ticket, rejectUnauthorized: false },
        );
        const is = socket.isSessionReused();
        socket.destroy();
        return is;
      };
      expect([await reused(lab), await reused(mutant)]).toEqual([true, false]);
    },
  );

  it("takes no request with the handshake itself, which could be sent twice", async () => {
    const socket = await secure(lab.gateway, only("TLSv1.3"));
    const session = new Promise<Buffer>((resolve) => socket.once("session", resolve));
    socket.write(frame(lab), "latin1");
    const said = execFileSync("openssl", ["sess_id", "-inform", "DER", "-noout", "-text"], {
      ...{ encoding: "utf8", input: await session },
    });
    socket.destroy();
    expect(said).toMatch(/Max Early Data: 0\n/);
    expect(said).toContain("Protocol  : TLSv1.3");
    expect(said).not.toContain("Compression: 1");
  });

  it("speaks HTTP/2 with whoever asks for it", async () => {
    const socket = await secure(lab.gateway, { ALPNProtocols: ["http/1.1", "h2"] });
    expect(socket.alpnProtocol).toBe("h2");
    socket.destroy();
  });
});
