import { execFile, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { LIMITS } from "../../lib/limits/contract";
import { limitsEnvironment } from "../../lib/limits/container";
import { STORE } from "../../lib/limits/store/contract";
import { aptInstall, canInstall } from "./apt";
import { Authority } from "./databases";
import { freePort } from "./envoy";
import { withLock } from "./lock";
import { scratch } from "./scratch";
import { CACHE, describeUnless } from "./toolchain";

const run = promisify(execFile);
/** The service that counts, as the Go proxy knows it. */
const SERVICE = "github.com/envoyproxy/ratelimit/src/service_cmd@v1.4.1-0.20260122083618-3fb702589d36";
const FOLDER = join(CACHE, `ratelimit-${SERVICE.split("-").at(-1)}`);
const BINARY = join(FOLDER, "service_cmd");
const REDIS = "/usr/bin/redis-server";
/** Downloading and compiling some sixty modules: a minute on two cores. */
const FETCH_MS = 600_000;
const NOBODY = { uid: 65_534, gid: 65_534 };
const READY_MS = 15_000;

function missing(): (string | undefined)[] {
  const go = existsSync(BINARY) || spawnSync("go", ["version"]).status === 0;
  return [
    go ? undefined : "there is no go on PATH",
    existsSync(REDIS) || canInstall() ? undefined : "there is no redis-server, and only root can install it",
  ];
}

/** `describe` for suites with a real store: a failure where CI=true and there is none, else a loud skip. */
export function describeWithStore(title: string, body: () => void): void {
  describeUnless(missing(), title, () => {
    beforeAll(async () => {
      await Promise.all([buildService(), aptInstall("redis-server", () => existsSync(REDIS))]);
    }, FETCH_MS);
    body();
  });
}

async function buildService(): Promise<void> {
  mkdirSync(CACHE, { recursive: true });
  await withLock(`${FOLDER}.lock`, async () => {
    if (existsSync(BINARY)) return;
    const started = performance.now();
    const env = { ...process.env, GOBIN: FOLDER, GOFLAGS: "-mod=mod" };
    await run("go", ["install", SERVICE], { env, maxBuffer: 1 << 26 });
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    process.stderr.write(`[tools] built envoyproxy/ratelimit in ${seconds} s\n`);
  });
}

/** A store as `limits.store` names one: over TLS, with a password. */
export interface Store {
  readonly host: "localhost";
  readonly port: number;
  /** What `REDIS_AUTH` is told. */
  readonly login: string;
  readonly caFile: string;
  /** It stays, and answers nobody; or goes on. */
  freeze(): void;
  thaw(): void;
  /** Killed: counts are gone. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

/** Starts a Redis of a test's own, whose user may what the user of a store made by us may. */
export async function startStore(name: string): Promise<Store> {
  const folder = scratch(name);
  const authority = new Authority(folder);
  authority.issue("localhost", folder);
  const port = await freePort();
  const user = `limits ${STORE.access} >password-of-the-test-5e0b`;
  const args = [
    ...["--port", "0", "--tls-port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
    ...["--tls-cert-file", join(folder, "server.crt"), "--tls-key-file", join(folder, "server.key")],
    ...["--tls-auth-clients", "no", "--user", ...user.split(" "), "--user", "default", "off"],
  ];
  let server: ChildProcess | undefined;
  const log = openSync(join(folder, "redis.log"), "a");
  const store: Store = {
    host: "localhost",
    port,
    login: "limits:password-of-the-test-5e0b",
    caFile: authority.file,
    freeze: () => void server?.kill("SIGSTOP"),
    thaw: () => void server?.kill("SIGCONT"),
    kill: () => end(server),
    start: async () => {
      const as = process.getuid?.() === 0 ? NOBODY : {};
      server = spawn(REDIS, args, { cwd: "/", stdio: ["ignore", log, log], ...as });
      letGo(server);
      await listening(port, server, join(folder, "redis.log"));
    },
  };
  await store.start();
  return store;
}

/** The service that counts, as one task runs it. */
export interface RateLimit {
  readonly port: number;
  /** Resident memory in MiB. */
  memoryMib(): number;
  stop(): Promise<void>;
}

/**
 * Starts it with the variables of its container. What differs: ports, the folder of its file, and the authority of the
 * test's store. `file` is what the image would hold.
 */
export async function startRateLimit(
  name: string,
  store: Store,
  file = `domain: ${LIMITS.domain}\n`,
): Promise<RateLimit> {
  const folder = scratch(name);
  const config = join(folder, LIMITS.folder.below, "config");
  mkdirSync(config, { recursive: true });
  if (file !== "") writeFileSync(join(config, "hmcp.yaml"), file);
  const [port, http, debug] = [await freePort(), await freePort(), await freePort()];
  const env = {
    ...limitsEnvironment(store),
    [LIMITS.env.login]: store.login,
    RUNTIME_ROOT: folder,
    GRPC_PORT: `${port}`,
    PORT: `${http}`,
    DEBUG_PORT: `${debug}`,
    REDIS_TLS_CACERT: store.caFile,
  };
  const log = openSync(join(folder, "ratelimit.log"), "a");
  const child = spawn(BINARY, [], { env, stdio: ["ignore", log, log] });
  letGo(child);
  await listening(port, child, join(folder, "ratelimit.log"));
  return {
    port,
    memoryMib: () =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1] ?? 0) / 1024,
    stop: () => end(child),
  };
}

async function listening(port: number, child: ChildProcess, log: string): Promise<void> {
  for (const deadline = Date.now() + READY_MS; ;) {
    if (child.exitCode !== null || Date.now() > deadline)
      throw new Error(`it did not start: ${readFileSync(log, "utf8").slice(-2000)}`);
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => resolve(true));
      socket.on("error", () => resolve(false));
      socket.on("connect", () => socket.destroy());
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A test that fails half way leaves nothing behind, and does not wait for it. */
function letGo(child: ChildProcess): void {
  child.unref();
  process.once("exit", () => void child.kill("SIGKILL"));
}

async function end(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await ended;
}
