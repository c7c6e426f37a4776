import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { request } from "node:https";
import { createServer } from "node:net";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { GATEWAY, TASK_VARIABLE } from "../../lib/gateway/contract";
import { readAuditLines, type ReadLine } from "./audit";
import { envoyBinary } from "./toolchain";

/** The parts of a container definition that decide how the gateway runs. */
export interface StartableContainer {
  readonly command: readonly string[];
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  readonly secrets: readonly { readonly name: string }[];
}

/** How a gateway is started from its container definition. */
export interface GatewayStart {
  readonly container: StartableContainer;
  /** Values of the container's `secrets`; a certificate is made where none is given. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly hostname: string;
  /** Name of the task that it is part of. @default one of its own */
  readonly task?: string;
  /** Changes the bootstrap further: for mutants. */
  readonly change?: (bootstrap: Bootstrap) => void;
  /** A program with its arguments that runs Envoy inside itself: it is waited for six times as long. */
  readonly under?: readonly string[];
}

/** Envoy's configuration, as far as tests change it. */
export interface Bootstrap {
  readonly static_resources: {
    readonly listeners: {
      address: { socket_address: { address: string; port_value: number } };
      filter_chains: { filters: { typed_config: { http_filters: Record<string, unknown>[] } }[] }[];
    }[];
    readonly clusters: Record<string, unknown>[];
  };
}

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A running gateway. */
export interface RunningGateway {
  readonly port: number;
  /** Its process. */
  readonly pid: number;
  /** Its certificate, to be trusted. */
  readonly certificate: string;
  /** One request over TLS, exactly as given. */
  send(options: SendOptions): Promise<Answer>;
  /** `fetch` that reaches the gateway by its public URL: for the official client. */
  readonly fetch: typeof fetch;
  /** The audit lines so far, once at least `count` are there. */
  lines(count?: number): Promise<ReadLine[]>;
  /** The audit lines of one answer: exactly one, if all is well. */
  linesOf(answer: Answer): Promise<ReadLine[]>;
  /** Forgets the audit lines so far. */
  clear(): void;
  /** What it has written on its output so far, as it is: the audit lines. */
  output(): string;
  /** What Envoy itself says. */
  log(): string;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** A request; the path's and headers' bytes are sent as they are. */
export interface SendOptions {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer;
}

/** A port that is free now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** A certificate for tests, and its key, both PEM. */
export function testCertificate(hostname: string): { certificate: string; key: string } {
  const folder = mkdtempSync(join(tmpdir(), "certificate-"));
  const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  const files = ["-keyout", key, "-out", certificate];
  const subject = ["-days", "1", "-subj", `/CN=${hostname}`, "-addext", `subjectAltName=DNS:${hostname}`];
  execFileSync("openssl", ["req", "-x509", ...curve, ...files, ...subject], { stdio: "ignore" });
  const pair = { certificate: readFileSync(certificate, "utf8"), key: readFileSync(key, "utf8") };
  rmSync(folder, { recursive: true });
  return pair;
}

/**
 * Starts a real Envoy with a gateway's own command and variables. Against the container definition only the address
 * changes: 127.0.0.1 and a free port instead of 0.0.0.0 and the task's port. TLS stays as it is.
 * @throws Error with Envoy's words if it does not start
 */
export async function startGateway(start: GatewayStart): Promise<RunningGateway> {
  const port = await freePort();
  const pair = testCertificate(start.hostname);
  const secrets: Record<string, string> = {
    [GATEWAY.env.tlsCertificate]: pair.certificate,
    [GATEWAY.env.tlsKey]: pair.key,
    ...start.secrets,
  };
  const command = [...start.container.command];
  const at = command.indexOf("--config-yaml") + 1;
  const bootstrap = JSON.parse(command[at] as string) as Bootstrap;
  for (const { address } of bootstrap.static_resources.listeners) {
    address.socket_address = { address: "127.0.0.1", port_value: port };
  }
  start.change?.(bootstrap);
  command[at] = JSON.stringify(bootstrap);
  const env = Object.fromEntries([
    ...start.container.environment.map(({ name, value }) => [name, value]),
    ...start.container.secrets.map(({ name }) => [name, secrets[name]]),
    [TASK_VARIABLE, `http://169.254.170.2/v4/${start.task ?? randomUUID()}`],
  ]) as Record<string, string>;
  const certificate = secrets[GATEWAY.env.tlsCertificate] as string;
  const [program = "", ...words] = [...(start.under ?? []), await envoyBinary(), ...command];
  const child = spawn(program, words, { env, stdio: ["ignore", "pipe", "pipe"] });
  const output = new Output(child);
  await started(child, port, start.hostname, output, start.under === undefined ? 200 : 1200);
  return {
    port,
    pid: child.pid as number,
    certificate,
    send: (options) => send(port, start.hostname, certificate, options),
    fetch: fetchThrough(port, start.hostname, certificate),
    lines: (count = 1) => output.lines(count),
    linesOf: async (answer) => {
      // What Envoy's codec refuses has no id, in the answer and in the line.
      const id = answer.headers["x-request-id"] ?? null;
      // Lines come in batches: a second one for the same answer would stand in the same batch.
      const found = await output.until((line) => line.request_id === id);
      return found.filter((line) => line.request_id === id);
    },
    clear: () => output.clear(),
    output: () => output.text,
    log: () => output.errors,
    stop: (signal = "SIGTERM") =>
      new Promise((resolve) => {
        if (child.exitCode !== null) return resolve();
        // Its last lines have been read.
        child.once("close", () => resolve());
        child.kill(signal);
      }),
  };
}

class Output {
  public errors = "";
  public text = "";

  public constructor(child: ChildProcess) {
    // A character may come in two chunks.
    child.stdout?.setEncoding("utf8").on("data", (chunk) => (this.text += String(chunk)));
    child.stderr?.on("data", (chunk) => (this.errors += String(chunk)));
  }

  public lines(count: number): Promise<ReadLine[]> {
    return this.wait((lines) => lines.length >= count, `${count} audit lines`);
  }

  public until(matches: (line: ReadLine) => boolean): Promise<ReadLine[]> {
    return this.wait((lines) => lines.some(matches), "an audit line of the answer");
  }

  private async wait(enough: (lines: ReadLine[]) => boolean, what: string): Promise<ReadLine[]> {
    for (let tries = 0; tries < 250; tries++) {
      const lines = readAuditLines(this.text);
      if (enough(lines)) return lines;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`expected ${what}, got:\n${this.text.slice(-2000)}`);
  }

  public clear(): void {
    this.text = "";
  }
}

async function started(
  child: ChildProcess,
  port: number,
  hostname: string,
  output: Output,
  most: number,
): Promise<void> {
  for (let tries = 0; tries < most; tries++) {
    if (child.exitCode !== null) throw new Error(`Envoy ended at once:\n${output.errors.slice(-4000)}`);
    try {
      const answer = await send(port, hostname, undefined, { method: "GET", path: GATEWAY.healthPath });
      if (answer.status === 200 || answer.status === 503) {
        output.clear();
        return;
      }
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.kill("SIGKILL");
  throw new Error(`Envoy did not answer in time:\n${output.errors.slice(-4000)}`);
}

/** One request over TLS to a port of this machine, exactly as given. */
export function send(
  port: number,
  hostname: string,
  ca: string | undefined,
  options: SendOptions,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        ...{ host: "127.0.0.1", port, servername: hostname, rejectUnauthorized: ca !== undefined },
        ...(ca === undefined ? {} : { ca }),
        ...{ method: options.method ?? "POST", path: options.path, agent: false },
        headers: { host: hostname, ...options.headers },
      },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on("data", (part: Buffer) => parts.push(part));
        answer.on("error", reject);
        answer.on("end", () =>
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            text: Buffer.concat(parts).toString("utf8"),
          }),
        );
      },
    );
    outgoing.on("error", reject);
    outgoing.end(options.body);
  });
}

/** `fetch` over TLS to one port, whatever host the URL names. */
export function fetchThrough(port: number, hostname: string, ca: string): typeof fetch {
  return async (input, init) => {
    const wanted = new Request(input, init);
    const url = new URL(wanted.url);
    const body = wanted.body === null ? undefined : Buffer.from(await wanted.arrayBuffer());
    return new Promise<Response>((resolve, reject) => {
      const outgoing = request(
        {
          ...{ host: "127.0.0.1", port, servername: hostname, ca, agent: false },
          ...{ method: wanted.method, path: url.pathname + url.search },
          headers: {
            ...Object.fromEntries(wanted.headers),
            host: url.host,
            ...(body === undefined ? {} : { "content-length": String(body.length) }),
          },
        },
        (answer) => {
          const headers = Object.entries(answer.headers).map(([name, value]): [string, string] => [
            name,
            String(value),
          ]);
          const status = answer.statusCode ?? 500;
          const empty = status === 204 || status === 202 || status === 304;
          if (empty) answer.resume();
          resolve(
            new Response(empty ? null : (Readable.toWeb(answer) as ReadableStream), { status, headers }),
          );
        },
      );
      wanted.signal.addEventListener("abort", () => outgoing.destroy(new Error("aborted")));
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  };
}
