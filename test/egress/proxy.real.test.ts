import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { EgressReason } from "../../lib/egress/audit-line";
import { embedded } from "../../lib/terraform/plan";
import { scratch } from "../support/scratch";
import { describeWith, python } from "../support/toolchain";
import { egressPlan } from "./fixture";
import { HELLO, raw, startEgress, tunnel, type EgressLab, type Tunnel } from "./lab";

/** The server `orders` may reach `api.example.com` and `*.partner.example.net`. */
const NAMES = {
  "api.example.com": "127.0.0.1",
  "eu.partner.example.net": "127.0.0.1",
  "us.partner.example.net": "127.0.0.1",
  "deep.eu.partner.example.net": "127.0.0.1",
  "partner.example.net": "127.0.0.1",
  "smtp.example.org": "127.0.0.1",
  "evil.example": "127.0.0.1",
  "metadata.partner.example.net": "169.254.169.254",
  "ten.partner.example.net": "10.40.8.9",
  "shared.partner.example.net": "100.64.0.1",
  "seventeen.partner.example.net": "172.31.0.2",
  "home.partner.example.net": "192.168.1.1",
  "any.partner.example.net": "0.0.0.0",
  "loopback.partner.example.net": "127.0.0.2",
  "many.partner.example.net": "224.0.0.1",
};

interface Variable {
  readonly name: string;
  readonly value: string;
}

describeWith(["envoy"], "the synthesised egress proxy of one server, in a real Envoy", () => {
  let lab: EgressLab;
  const plan = egressPlan();
  beforeAll(async () => void (lab = await startEgress(plan, "orders", NAMES)));
  afterAll(() => lab?.stop());
  const through = (how: Omit<Tunnel, "trust">) =>
    lab.during(() => tunnel(lab.port, { ...how, trust: lab.certificate }));

  test.each(["api.example.com", "eu.partner.example.net"])(
    "%s is reached, its certificate is checked by the client, and one line says so",
    async (name) => {
      const { value, lines, reached } = await through({ to: `${name}:443` });
      expect([value, reached]).toEqual([HELLO, 1]);
      expect(lines).toEqual([
        {
          v: 1,
          kind: "egress",
          server: "orders",
          ts: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]{12}Z$/),
          ip: "127.0.0.1",
          asked: `${name}:443`,
          sni: name,
          to: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
          reason: "ok",
          envoy: null,
          bytes_in: expect.any(Number),
          bytes_out: expect.any(Number),
          ms: expect.any(Number),
        },
      ]);
      expect(lines[0]?.bytes_out).toBeGreaterThan(HELLO.length);
    },
  );

  test("an ordinary client gets there by the variables that the server's container has", async () => {
    const containers = plan
      .blocks("aws_ecs_task_definition")
      .filter(({ body }) => body.family === "acme-test-orders")
      .flatMap(
        ({ body }) => embedded(body.container_definitions) as { name: string; environment: Variable[] }[],
      );
    const environment = containers.find(({ name }) => name === "server")?.environment ?? [];
    const variables = Object.fromEntries(environment.map(({ name, value }) => [name, value]));
    expect(variables["HTTPS_PROXY"]).toBe("http://orders-egress.acme-test.internal:3128");
    const trusted = join(scratch("egress-client"), "trusted.pem");
    writeFileSync(trusted, lab.certificate);
    const program =
      "import urllib.request as r; print(r.urlopen('https://api.example.com/', timeout=5).read().decode())";
    const { value, lines } = await lab.during(async () =>
      promisify(execFile)(await python(), ["-c", program], {
        env: {
          ...variables,
          HTTPS_PROXY: `http://127.0.0.1:${lab.port}`,
          https_proxy: `http://127.0.0.1:${lab.port}`,
          SSL_CERT_FILE: trusted,
        },
      }),
    );
    expect(value.stdout.trim()).toBe(HELLO);
    expect(lines.map(({ reason, asked }) => [reason, asked])).toEqual([["ok", "api.example.com:443"]]);
  });

  test("the name in the greeting may be in any case", async () => {
    const { value, lines } = await through({ to: "api.example.com:443", sni: "API.Example.COM" });
    expect([value, lines.map(({ reason }) => reason)]).toEqual([HELLO, ["ok"]]);
  });

  /** Refused before a tunnel is open. */
  test.each<[string, string, EgressReason]>([
    ["a name that is not listed", "evil.example:443", "name-denied"],
    ["a name of another server's list", "smtp.example.org:443", "name-denied"],
    ["what a wildcard stands under", "partner.example.net:443", "name-denied"],
    ["a label more than a wildcard stands for", "deep.eu.partner.example.net:443", "name-denied"],
    ["a name that ends like a listed one", "evilapi.example.com:443", "name-denied"],
    ["a name that begins like a listed one", "api.example.com.evil.example:443", "name-denied"],
    ["another port", "api.example.com:22", "name-denied"],
    ["no port", "api.example.com", "name-denied"],
    ["a port with a zero before it", "api.example.com:0443", "name-denied"],
    ["a dot at the end", "api.example.com.:443", "name-denied"],
    ["upper case", "API.example.com:443", "name-denied"],
    ["an address", "127.0.0.1:443", "name-denied"],
    ["an address as a number", "2130706433:443", "name-denied"],
    ["an IPv6 address", "[::1]:443", "name-denied"],
    ["the metadata service", "169.254.169.254:443", "name-denied"],
    ["a user before the name", "evil.example@api.example.com:443", "name-denied"],
    ["a listed name and another", "api.example.com:443,evil.example:443", "name-denied"],
  ])("%s opens no tunnel", async (_class, to, reason) => {
    const asked = lab.asked.length;
    const { value, lines, reached } = await through({ to, sni: "api.example.com" });
    expect(value).toMatch(/^HTTP\/1\.1 40[03] /);
    expect(reached).toBe(0);
    expect(lines.map((line) => [line.reason, line.to])).toEqual([
      [expect.stringMatching(`${reason}|malformed`), null],
    ]);
    expect(lab.asked.slice(asked).filter((name) => !/^(api|eu)\./.test(name))).toEqual([]);
  });

  /** A tunnel that is open, and what is tried in it. */
  test.each<[string, Omit<Tunnel, "to" | "trust">, EgressReason]>([
    ["the greeting asks for a name that is not listed", { sni: "evil.example" }, "name-denied"],
    ["the greeting asks for another listed name", { sni: "eu.partner.example.net" }, "names-differ"],
    ["the greeting asks for nobody", { sni: "" }, "no-name"],
    ["plain HTTP", { plain: "GET / HTTP/1.1\r\nHost: api.example.com\r\n\r\n" }, "no-name"],
    ["SSH", { plain: "SSH-2.0-OpenSSH_9.6\r\n" }, "no-name"],
    ["TLS that is none", { plain: "\x16\x03\x01\x00\x05hello" }, "no-name"],
  ])("%s: cut before anybody is called", async (_class, how, reason) => {
    const { value, lines, reached } = await through({ to: "api.example.com:443", ...how });
    expect([value, reached]).toEqual(["cut", 0]);
    expect(lines.map((line) => [line.reason, line.asked, line.to])).toEqual([
      [reason, "api.example.com:443", null],
    ]);
  });

  test("one wildcard's names are not each other's", async () => {
    const { lines, reached } = await through({
      to: "eu.partner.example.net:443",
      sni: "us.partner.example.net",
    });
    expect([lines.map(({ reason }) => reason), reached]).toEqual([["names-differ"], 0]);
  });

  test.each(Object.entries(NAMES).filter(([name, address]) => address !== "127.0.0.1" && name !== ""))(
    "%s, which leads to %s, is not called",
    async (name) => {
      const { value, lines, reached } = await through({ to: `${name}:443` });
      expect([value, reached]).toEqual(["cut", 0]);
      expect(lines.map((line) => [line.reason, line.to])).toEqual([["address-denied", null]]);
    },
  );

  test("a name that leads nowhere", async () => {
    const { value, lines } = await through({ to: "gone.partner.example.net:443" });
    expect(value).toBe("cut");
    expect(lines.map(({ reason }) => reason)).toEqual(["address-denied"]);
  });

  /** What is no opening of a tunnel, or hides a second one. */
  const LISTED = "api.example.com:443";
  test.each<[string, string, EgressReason]>([
    [
      "a request for a page",
      `GET http://api.example.com/ HTTP/1.1\r\nHost: api.example.com\r\nConnection: close\r\n\r\n`,
      "no-tunnel",
    ],
    [
      "a request to the proxy itself",
      "GET /stats HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
      "no-tunnel",
    ],
    [
      "a length",
      `CONNECT ${LISTED} HTTP/1.1\r\nHost: ${LISTED}\r\nContent-Length: 4\r\n\r\nabcd`,
      "malformed",
    ],
    [
      "chunks",
      `CONNECT ${LISTED} HTTP/1.1\r\nHost: ${LISTED}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      "malformed",
    ],
    [
      "two lengths",
      `CONNECT ${LISTED} HTTP/1.1\r\nContent-Length: 0\r\nContent-Length: 4\r\n\r\n`,
      "malformed",
    ],
    [
      "a listed Host for another target",
      `CONNECT evil.example:443 HTTP/1.1\r\nHost: ${LISTED}\r\n\r\n`,
      "name-denied",
    ],
    ["a NUL in the name", `CONNECT api.example.com\0.evil.example:443 HTTP/1.1\r\n\r\n`, "malformed"],
    ["TLS to the proxy", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", "malformed"],
    ["a flood of headers", `CONNECT ${LISTED} HTTP/1.1\r\n${"X: y\r\n".repeat(40)}\r\n`, "malformed"],
  ])("%s is refused", async (_class, text, reason) => {
    const { value, lines, reached } = await lab.during(() => raw(lab.port, text));
    expect(value).toMatch(/^HTTP\/1\.[01] [45]\d\d /);
    expect(reached).toBe(0);
    expect(lines.map((line) => line.reason)).toEqual([reason]);
  });

  test("a second request behind the first is part of the tunnel, not a request", async () => {
    const smuggled = `CONNECT ${LISTED} HTTP/1.1\r\nHost: ${LISTED}\r\n\r\nCONNECT evil.example:443 HTTP/1.1\r\n\r\n`;
    const { lines, reached } = await lab.during(() => raw(lab.port, smuggled));
    expect(reached).toBe(0);
    expect(lines.map((line) => [line.reason, line.asked])).toEqual([["no-name", LISTED]]);
  });
});
