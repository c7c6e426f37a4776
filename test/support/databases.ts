import { execFile, execFileSync, spawn, type ChildProcess } from "node:child_process";
import { createServer, type AddressInfo } from "node:net";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { createConnection } from "mysql2/promise";
import { Client } from "pg";
import { nativeVerifier, scramVerifier } from "../../lib/runtime/rotation/database/verifiers";
import { aptInstall, canInstall } from "./apt";
import { scratch } from "./scratch";
import { describeUnless } from "./toolchain";

/** Real servers that tests start. */
export type Engine = "postgres" | "mariadb";

const run = promisify(execFile);
const ROOT_USER = process.getuid?.() === 0;
/** Neither server runs as root. */
const NOBODY = 65_534;
const AS = ROOT_USER ? { uid: NOBODY, gid: NOBODY } : {};
const INSTALL_MS = 300_000;
const PACKAGES = { postgres: "postgresql", mariadb: "mariadb-server" } as const;

/** Where the server's programs are, if they are. */
function binary(engine: Engine, program: string): string | undefined {
  const versions = "/usr/lib/postgresql";
  const folders =
    engine === "mariadb"
      ? ["/usr/sbin", "/usr/bin"]
      : existsSync(versions)
        ? readdirSync(versions)
            .sort((a, b) => Number(b) - Number(a))
            .map((version) => join(versions, version, "bin"))
        : [];
  return folders.map((folder) => join(folder, program)).find(existsSync);
}

const SERVER = { postgres: "postgres", mariadb: "mariadbd" } as const;

function missing(engine: Engine): string | undefined {
  if (binary(engine, SERVER[engine]) !== undefined) return undefined;
  return canInstall()
    ? undefined
    : `there is no ${SERVER[engine]}, and only root can install ${PACKAGES[engine]}`;
}

function install(engine: Engine): Promise<void> {
  return aptInstall(PACKAGES[engine], () => binary(engine, SERVER[engine]) !== undefined);
}

/** `describe` for suites with real database servers: a failure where CI=true and there are none, else a loud skip. */
export function describeWithDatabases(engines: readonly Engine[], title: string, body: () => void): void {
  describeUnless(engines.map(missing), title, () => {
    beforeAll(async () => {
      for (const engine of engines) await install(engine);
    }, INSTALL_MS);
    body();
  });
}

/** An authority of a test's own, and certificates from it. */
export class Authority {
  public readonly file: string;

  public constructor(private readonly folder: string) {
    this.file = join(folder, "ca.crt");
    openssl(folder, "-keyout", "ca.key", "-out", "ca.crt", "-subj", "/CN=test authority");
  }

  /** Writes NAME.crt and NAME.key for a host into a folder, for a server that is not root. */
  public issue(host: string, folder: string): void {
    const signed = ["-CA", this.file, "-CAkey", join(this.folder, "ca.key"), "-subj", `/CN=${host}`];
    const uses = ["-addext", `subjectAltName=DNS:${host}`, "-addext", "basicConstraints=critical,CA:FALSE"];
    openssl(folder, "-keyout", "server.key", "-out", "server.crt", ...signed, ...uses);
    for (const file of ["server.key", "server.crt"]) {
      chmodSync(join(folder, file), 0o600);
      own(join(folder, file));
    }
  }
}

function openssl(cwd: string, ...args: readonly string[]): void {
  const common = [
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-nodes",
    "-days",
    "2",
  ];
  execFileSync("openssl", [...common, ...args], { cwd, stdio: "pipe" });
}

function own(path: string): void {
  if (ROOT_USER) chownSync(path, NOBODY, NOBODY);
}

/** A running server with an administrator, a database `app` and an owner role `app`, and a log of every statement. */
export interface DatabaseServer {
  readonly engine: Engine;
  readonly host: "localhost";
  readonly port: number;
  /** The authority of its certificate. */
  readonly caFile: string;
  /** Not the superuser: what an administrator of RDS can do, and less. */
  readonly admin: { readonly username: string; readonly password: string };
  /** Statements of the superuser, outside of what is tested. Rows of the last. */
  root(...statements: readonly string[]): Promise<readonly Record<string, unknown>[]>;
  /** Everything the server wrote into its logs. */
  log(): string;
  /** From now on the certificate names another host, or this one again. */
  showCertificateOf(host: string): Promise<void>;
  /** Ends it, by its process id. */
  stop(): Promise<void>;
  /** Goes on where it stopped, on the same port. */
  restart(): Promise<void>;
}

const PASSWORDS = { root: "root-of-the-test-7d1c", admin: "admin-of-the-test-90b2" } as const;
const HOST = "localhost";
const READY_MS = 30_000;

/** Starts a server on a free port of the loopback, over TLS alone, with its data in the test's own folder. */
export async function startDatabase(engine: Engine, name: string): Promise<DatabaseServer> {
  const folder = scratch(`${name}-${engine}`);
  own(folder);
  const authority = new Authority(folder);
  authority.issue(HOST, folder);
  const port = await freePort();
  const { args, root } = await (engine === "postgres" ? preparePostgres : prepareMariadb)(folder, port);
  let server: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const output = openSync(join(folder, "server.log"), "a");
    const program = binary(engine, SERVER[engine]) ?? "";
    const started = spawn(program, args, { cwd: folder, stdio: ["ignore", output, output], ...AS });
    server = started;
    for (const deadline = Date.now() + READY_MS; ; await pause(100)) {
      if (started.exitCode !== null || Date.now() > deadline)
        throw new Error(
          `${engine} did not start: ${readFileSync(join(folder, "server.log"), "utf8").slice(-2000)}`,
        );
      if (
        await root("SELECT 1").then(
          () => true,
          () => false,
        )
      )
        return;
    }
  };
  const stop = async (): Promise<void> => {
    const running = server;
    server = undefined;
    if (running === undefined || running.exitCode !== null) return;
    const ended = new Promise((resolve) => running.once("exit", resolve));
    // PostgreSQL's fast shutdown; MariaDB's ordinary one.
    running.kill(engine === "postgres" ? "SIGINT" : "SIGTERM");
    await ended;
  };
  await start();
  try {
    await root(...(engine === "postgres" ? POSTGRES_SETUP : MARIADB_SETUP));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    engine,
    host: HOST,
    port,
    caFile: authority.file,
    admin: { username: "boss", password: PASSWORDS.admin },
    root,
    log: () =>
      ["server.log", "statements.log"]
        .map((file) => join(folder, file))
        .filter(existsSync)
        .map((file) => readFileSync(file, "utf8"))
        .join("\n"),
    showCertificateOf: async (host) => {
      authority.issue(host, folder);
      await root(engine === "postgres" ? "SELECT pg_reload_conf()" : "FLUSH SSL");
      // PostgreSQL reads it after it has answered.
      await pause(300);
    },
    stop,
    restart: start,
  };
}

/** How the superuser asks: PostgreSQL and MariaDB over their sockets, which no certificate guards. */
type Root = (...statements: readonly string[]) => Promise<readonly Record<string, unknown>[]>;
type Prepared = { readonly args: readonly string[]; readonly root: Root };

const POSTGRES_SETUP = [
  `CREATE ROLE boss LOGIN CREATEROLE PASSWORD '${scramVerifier(PASSWORDS.admin)}'`,
  "CREATE ROLE app NOLOGIN",
  "CREATE DATABASE app OWNER app",
];

async function preparePostgres(folder: string, port: number): Promise<Prepared> {
  const data = join(folder, "data");
  const secret = join(folder, "root");
  writeFileSync(secret, PASSWORDS.root, { mode: 0o600 });
  own(secret);
  const options = ["-U", "root", "-A", "scram-sha-256", `--pwfile=${secret}`, "-E", "UTF8", "--no-sync"];
  await run(binary("postgres", "initdb") ?? "", ["-D", data, ...options], { cwd: folder, ...AS });
  writeFileSync(
    join(data, "pg_hba.conf"),
    "local all all scram-sha-256\nhostssl all all 127.0.0.1/32 scram-sha-256\n",
  );
  const settings = {
    listen_addresses: "127.0.0.1",
    port,
    unix_socket_directories: folder,
    ssl: "on",
    ssl_cert_file: join(folder, "server.crt"),
    ssl_key_file: join(folder, "server.key"),
    log_statement: "all",
    log_connections: "on",
    fsync: "off",
    max_connections: 100,
  };
  const args = ["-D", data, ...Object.entries(settings).flatMap(([key, value]) => ["-c", `${key}=${value}`])];
  const root: Root = async (...statements) => {
    const client = new Client({
      host: folder,
      port,
      user: "root",
      password: PASSWORDS.root,
      database: "postgres",
    });
    client.on("error", () => undefined);
    await client.connect();
    try {
      let rows: readonly Record<string, unknown>[] = [];
      for (const statement of statements) ({ rows } = await client.query<Record<string, unknown>>(statement));
      return rows;
    } finally {
      await client.end();
    }
  };
  return { args, root };
}

const MARIADB_SETUP = [
  "CREATE DATABASE app",
  `CREATE USER boss@'%' IDENTIFIED VIA mysql_native_password USING '${nativeVerifier(PASSWORDS.admin)}' REQUIRE SSL`,
  "CREATE ROLE app WITH ADMIN boss",
  "GRANT ALL ON app.* TO app",
  // CREATE USER for users, UPDATE and SELECT on mysql for default roles of others.
  "GRANT CREATE USER ON *.* TO boss@'%'",
  "GRANT SELECT, UPDATE ON mysql.* TO boss@'%'",
];

async function prepareMariadb(folder: string, port: number): Promise<Prepared> {
  const data = join(folder, "data");
  mkdirSync(data);
  own(data);
  const installer = binary("mariadb", "mariadb-install-db") ?? "";
  const socket = join(folder, "socket");
  const init = join(folder, "init.sql");
  writeFileSync(
    init,
    `ALTER USER root@localhost IDENTIFIED VIA mysql_native_password USING '${nativeVerifier(PASSWORDS.root)}';\n`,
  );
  const options = ["--no-defaults", `--datadir=${data}`, "--auth-root-authentication-method=normal"];
  await run(installer, [...options, "--skip-test-db"], { cwd: folder, ...AS });
  const args = [
    "--no-defaults",
    `--datadir=${data}`,
    `--socket=${socket}`,
    `--pid-file=${join(folder, "pid")}`,
    `--port=${port}`,
    "--bind-address=127.0.0.1",
    "--skip-name-resolve",
    `--init-file=${init}`,
    `--ssl-ca=${join(folder, "ca.crt")}`,
    `--ssl-cert=${join(folder, "server.crt")}`,
    `--ssl-key=${join(folder, "server.key")}`,
    "--general-log=1",
    `--general-log-file=${join(folder, "statements.log")}`,
    "--log-warnings=2",
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-buffer-pool-size=32M",
  ];
  const root: Root = async (...statements) => {
    const login = { user: "root", password: PASSWORDS.root };
    const connection = await createConnection({ socketPath: socket, ...login });
    connection.on("error", () => undefined);
    try {
      let rows: unknown;
      for (const statement of statements) [rows] = await connection.query(statement);
      return rows as Record<string, unknown>[];
    } finally {
      await connection.end();
    }
  };
  return { args, root };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
