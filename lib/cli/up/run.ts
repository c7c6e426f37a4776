import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GATEWAY, TASK_VARIABLE } from "../../gateway/contract";
import { ENDS, CliError, type Io } from "../io";
import { banner } from "./banner";
import { selfSigned } from "./certificate";
import { LocalIssuer, algorithmsOf, makeCredentials } from "./credentials";
import type { GatewayTask } from "./gateway-task";
import { readIssuer } from "./issuer";
import { localise } from "./localise";
import { Child, freePort, isOpen } from "./processes";

/** What to run. */
export interface RunProps {
  readonly task: GatewayTask;
  readonly file: string;
  /** Envoy's binary. */
  readonly envoy: string;
  readonly tls: boolean;
  /** @default a free one */
  readonly port?: number;
  /** URL of an authorization server that runs already. @default tokens are made here */
  readonly issuer?: string;
  readonly server: { readonly command: readonly string[] } | { readonly port: number };
}

const SERVER_SECONDS = 60;
const GATEWAY_SECONDS = 20;

/** Runs until Ctrl-C (0) or until the gateway or the server ends by itself (1). Leaves nothing behind. */
export async function run(props: RunProps, io: Io): Promise<number> {
  const children: Child[] = [];
  const cleanups: (() => void)[] = [];
  const interrupted = untilInterrupted(cleanups);
  try {
    const ended = await Promise.race([start(props, io, children, cleanups), interrupted]);
    if (ended === undefined) return 0;
    throw new CliError(ended, 1);
  } finally {
    await Promise.all(children.map((child) => child.stop()));
    for (const cleanup of cleanups.reverse()) cleanup();
  }
}

/** Starts everything, then waits. Gives what ended too early. */
async function start(
  { task, file, envoy, tls, port: wanted, issuer: named, server }: RunProps,
  io: Io,
  children: Child[],
  cleanups: (() => void)[],
): Promise<string> {
  const port = wanted ?? (await freePort());
  if (await isOpen(port)) throw new CliError(`port ${port} is taken`);
  const upstreamPort = "port" in server ? server.port : await freePort();
  const algorithms = algorithmsOf(task);
  if (named !== undefined && algorithms.length === 0) {
    throw new CliError(`${task.server} takes no tokens, so --issuer has nothing to stand for`);
  }
  const running = named === undefined ? undefined : await readIssuer(named, algorithms);
  const made = running === undefined ? LocalIssuer.of(task) : undefined;
  const { jwks } = running ?? (made as LocalIssuer);
  const local = localise(task, {
    ...{ port, upstreamPort, tls, jwks },
    ...(running && { issuer: running.issuer }),
  });
  const credentials = makeCredentials(task, made, local.issuer);
  if (running?.pkce === false) {
    io.err(
      `hardened-mcp: ${running.issuer} does not say that it takes PKCE with S256: official clients will not log in\n`,
    );
  }
  const certificate = tls ? selfSigned() : undefined;

  if ("command" in server) {
    const [command = "", ...args] = server.command;
    const child = new Child({
      name: "the server",
      command,
      args,
      env: { ...io.env, PORT: String(upstreamPort) },
      cwd: io.cwd,
      onLine: (line) => io.err(`[server] ${line}\n`),
      onErrorLine: (line) => io.err(`[server] ${line}\n`),
    });
    children.push(child);
    await child.until(
      () => isOpen(upstreamPort),
      SERVER_SECONDS,
      `listen on 127.0.0.1:${upstreamPort} (PORT)`,
    );
  } else if (!(await isOpen(upstreamPort))) {
    throw new CliError(`nobody listens on 127.0.0.1:${upstreamPort}`);
  }

  const gateway = new Child({
    name: "the gateway",
    command: envoy,
    args: ["--config-yaml", JSON.stringify(local.bootstrap), ...task.arguments],
    // Nothing of this shell's: the gateway has what its container has.
    env: {
      ...local.environment,
      ...credentials.environment,
      // Session ids are bound to a task and its key, also where there is no TLS.
      [TASK_VARIABLE]: randomUUID(),
      [GATEWAY.env.tlsKey]: randomUUID(),
      ...(certificate && {
        [GATEWAY.env.tlsCertificate]: certificate.certificate,
        [GATEWAY.env.tlsKey]: certificate.key,
      }),
    },
    cwd: io.cwd,
    onLine: (line) => io.out(`${line}\n`),
    // Envoy repeats its whole configuration in an error.
    onErrorLine: (line) => io.err(`[gateway] ${line.slice(0, 600)}\n`),
  });
  children.push(gateway);
  await gateway.until(() => isOpen(port), GATEWAY_SECONDS, `listen on 127.0.0.1:${port}`);

  io.out(
    banner({
      server: task.server,
      file,
      url: local.url,
      clients: credentials.clients,
      changes: local.changes,
      ...(certificate && { certificateFile: keep(certificate.certificate, cleanups) }),
    }),
  );
  return Promise.race(children.map((child) => child.ended));
}

/** Puts the certificate where clients find it, for as long as we run. */
function keep(certificate: string, cleanups: (() => void)[]): string {
  const folder = mkdtempSync(join(tmpdir(), "hardened-mcp-"));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "certificate.pem");
  writeFileSync(file, certificate);
  return file;
}

/** Settles at the first Ctrl-C or polite end; later ones are swallowed while we clean up. */
function untilInterrupted(cleanups: (() => void)[]): Promise<undefined> {
  return new Promise((resolve) => {
    const end = () => resolve(undefined);
    for (const signal of ENDS) {
      process.on(signal, end);
      cleanups.push(() => process.off(signal, end));
    }
  });
}
