import { execFileSync, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls, createServer } from "node:tls";
import type { EgressLine } from "../../lib/egress/audit-line";
import { proxyOf } from "../../lib/egress/read";
import type { Plan } from "../../lib/terraform/plan";
import { freePort } from "../support/envoy";
import { envoyBinary } from "../support/toolchain";

type Data = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

/**
 * A proxy as it was synthesised, in front of servers on this machine. Against the container definition only this
 * changes: its own address, how soon a line is written, the port that it calls (443 belongs to root), the resolver that it asks, and one more
 * block, 127.0.0.1, among those that it takes for public: there the far ends stand.
 */
export interface EgressLab {
  readonly port: number;
  /** Names that the proxy has looked up so far. */
  readonly asked: readonly string[];
  /** Connections that reached a far end so far. */
  readonly reached: () => number;
  /** Certificate of the far end, to be trusted by clients. */
  readonly certificate: string;
  /** The lines that begin to exist while something is done, and what it gave. */
  during<T>(act: () => Promise<T>): Promise<{ value: T; lines: EgressLine[]; reached: number }>;
  stop(): Promise<void>;
}

/** Where names lead: an address, or nothing. */
export type Names = Readonly<Record<string, string>>;

/** Starts the proxy of one server. `change` makes mutants. */
export async function startEgress(
  plan: Plan,
  server: string,
  names: Names,
  change: (bootstrap: Data) => void = () => undefined,
): Promise<EgressLab> {
  const far = await farEnd(Object.keys(names).filter((name) => names[name] === "127.0.0.1"));
  const dns = await resolver(names);
  const port = await freePort();
  const command = [...commandOf(plan, server)];
  const at = command.indexOf("--config-yaml") + 1;
  const bootstrap = JSON.parse(command[at] as string) as Data;
  place(bootstrap, { port, farPort: far.port, dnsPort: dns.port });
  change(bootstrap);
  command[at] = JSON.stringify(bootstrap);
  command[command.indexOf("--file-flush-interval-msec") + 1] = "20";
  const child = spawn(await envoyBinary(), command, { stdio: ["ignore", "pipe", "pipe"] });
  let [output, errors] = ["", ""];
  child.stdout.on("data", (part) => (output += String(part)));
  child.stderr.on("data", (part) => (errors += String(part)));
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`Envoy ended at once:\n${errors.slice(-3000)}`);
    return open(port).then(
      (socket) => socket.destroy(),
      () => undefined,
    );
  });
  return {
    port,
    asked: dns.asked,
    reached: far.reached,
    certificate: far.certificate,
    during: async (act) => {
      output = "";
      const before = far.reached();
      const value = await act();
      await until(() => Promise.resolve(output.includes("\n") || undefined));
      // A second line for the same connection would come in this time: lines are flushed every 20 ms here.
      await new Promise((resolve) => setTimeout(resolve, 100));
      const lines = output.split("\n").filter((line) => line !== "");
      return {
        value,
        lines: lines.map((line) => JSON.parse(line) as EgressLine),
        reached: far.reached() - before,
      };
    },
    stop: async () => {
      child.kill("SIGKILL");
      await Promise.all([far.stop(), dns.stop()]);
    },
  };
}

/** Envoy's command line in the task definition of a server's proxy. */
export function commandOf(plan: Plan, server: string): string[] {
  const proxies = plan
    .blocks("aws_ecs_task_definition")
    .filter(({ body }) => body.family === `acme-test-${server}-egress`)
    .map(proxyOf);
  const [proxy] = proxies;
  if (!proxy || proxies.length !== 1) throw new Error(`${server} has ${proxies.length} proxies`);
  return proxy.command as string[];
}

function place(bootstrap: Data, to: { port: number; farPort: number; dnsPort: number }): void {
  const [outside, inside] = bootstrap.static_resources.listeners;
  outside.address.socket_address = { address: "127.0.0.1", port_value: to.port };
  const [, resolve, judge] = inside.filter_chains[0].filters;
  resolve.typed_config.port_value = to.farPort;
  const { rules } = judge.typed_config.rules.policies.published.permissions[0].or_rules;
  const here = structuredClone(rules[0]);
  here.matcher.typed_config.upstream_ip = { address_prefix: "127.0.0.1", prefix_len: 32 };
  rules.push(here);
  const typed_dns_resolver_config = {
    name: "resolver",
    typed_config: {
      "@type": "type.googleapis.com/envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig",
      resolvers: [{ socket_address: { address: "127.0.0.1", port_value: to.dnsPort, protocol: "UDP" } }],
      dns_resolver_options: { no_default_search_domain: true },
    },
  };
  const [, internet] = bootstrap.static_resources.clusters;
  for (const user of [resolve.typed_config, internet.cluster_type.typed_config])
    user.dns_cache_config = { ...user.dns_cache_config, typed_dns_resolver_config };
}

/** What the far end says. */
export const HELLO = "hello from far away";

/** A TLS server for all names and on every address of this machine, which counts connections, accepted handshakes or not. */
async function farEnd(names: readonly string[]) {
  const { certificate, key } = certificateFor(names);
  let reached = 0;
  const server = createServer({ cert: certificate, key }, (socket) => {
    socket.on("error", () => undefined);
    socket.on("data", () => socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${HELLO.length}\r\n\r\n${HELLO}`));
  });
  server.on("connection", () => reached++);
  server.on("tlsClientError", () => undefined);
  const port = await new Promise<number>((resolve) =>
    server.listen(0, "0.0.0.0", () => resolve((server.address() as { port: number }).port)),
  );
  const stop = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return { port, certificate, reached: () => reached, stop };
}

function certificateFor(names: readonly string[]): { certificate: string; key: string } {
  const folder = mkdtempSync(join(tmpdir(), "egress-"));
  const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
  const made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  const alternative = `subjectAltName=${names.map((name) => `DNS:${name}`).join(",")}`;
  const files = [
    "-keyout",
    key,
    "-out",
    certificate,
    "-days",
    "1",
    "-subj",
    "/CN=far end",
    "-addext",
    alternative,
  ];
  execFileSync("openssl", [...made, ...files], { stdio: "ignore" });
  const pair = { certificate: readFileSync(certificate, "utf8"), key: readFileSync(key, "utf8") };
  rmSync(folder, { recursive: true });
  return pair;
}

/** A DNS server that knows these names alone. */
async function resolver(names: Names) {
  const asked: string[] = [];
  const socket = createSocket("udp4");
  socket.on("message", (query, from) => {
    const labels: string[] = [];
    let at = 12;
    for (let size = query[at] ?? 0; size > 0; size = query[at] ?? 0) {
      labels.push(query.toString("latin1", at + 1, at + 1 + size));
      at += size + 1;
    }
    asked.push(labels.join("."));
    const address = names[labels.join(".").toLowerCase()];
    const head = Buffer.from(query.subarray(0, 12));
    head.writeUInt16BE(address === undefined ? 0x8183 : 0x8180, 2);
    head.writeUInt16BE(address === undefined ? 0 : 1, 6);
    head.writeUInt32BE(0, 8);
    const answer = [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...(address ?? "").split(".").map(Number)];
    const parts = [head, query.subarray(12, at + 5), Buffer.from(address === undefined ? [] : answer)];
    socket.send(Buffer.concat(parts), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return {
    port: socket.address().port,
    asked,
    stop: () => new Promise<void>((resolve) => socket.close(() => resolve())),
  };
}

async function until<T>(look: () => Promise<T | undefined>, seconds = 15): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    if ((await look()) !== undefined) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("it did not happen in time");
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => resolve(socket));
    socket.once("error", reject);
  });
}

/** Sends bytes to the proxy as they are; gives what came back until it closed. */
export async function raw(port: number, text: string): Promise<string> {
  const socket = await open(port);
  return new Promise((resolve) => {
    let answer = "";
    socket.on("data", (part) => (answer += part.toString("latin1")));
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(answer));
    socket.write(text);
    setTimeout(() => socket.destroy(), 13_000).unref();
  });
}

/** How a client opens a tunnel and what it does in there. */
export interface Tunnel {
  /** What is asked for, as `api.example.com:443`. */
  readonly to: string;
  /** Name in the TLS greeting; "" for none. @default that of `to` */
  readonly sni?: string;
  /** Bytes in the tunnel instead of TLS. */
  readonly plain?: string;
  /** Certificate to trust. */
  readonly trust: string;
}

/** Opens a tunnel by hand: `CONNECT`, and then TLS with a checked certificate. Gives what was heard, or how it ended. */
export async function tunnel(port: number, { to, plain, trust, ...rest }: Tunnel): Promise<string> {
  const name = to.replace(/:\d+$/, "");
  const sni = rest.sni ?? name;
  const socket = await open(port);
  socket.write(`CONNECT ${to} HTTP/1.1\r\nHost: ${to}\r\n\r\n`);
  const head = await new Promise<string>((resolve) => {
    socket.once("data", (part) => resolve(part.toString("latin1").split("\r\n")[0] ?? ""));
    socket.once("close", () => resolve("closed"));
  });
  if (!head.includes(" 200 ")) {
    socket.destroy();
    return head;
  }
  if (plain !== undefined) {
    socket.write(plain);
    return new Promise((resolve) => {
      let heard = "";
      socket.on("error", () => undefined);
      socket.on("data", (part) => (heard += String(part)));
      socket.on("close", () => resolve(heard === "" ? "cut" : heard));
    });
  }
  return new Promise((resolve) => {
    // The certificate is checked against the name that was meant, whatever the greeting says.
    const secure = connectTls({ socket, ca: trust, host: name, ...(sni === "" ? {} : { servername: sni }) });
    let heard = "";
    secure.once("secureConnect", () => secure.write("GET / HTTP/1.1\r\n\r\n"));
    secure.on("data", (part) => (heard += String(part)));
    secure.on("error", () => resolve("cut"));
    secure.on("close", () => resolve(heard.split("\r\n\r\n")[1] ?? "cut"));
  });
}
