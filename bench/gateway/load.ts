import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { aptInstall, canInstall } from "../../test/support/apt";

const run = promisify(execFile);
const GENERATOR = "/usr/bin/h2load";

/** One call, sent again and again. */
export interface Call {
  readonly port: number;
  readonly tls: boolean;
  readonly host: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How it is sent. */
export interface Shape {
  readonly calls: number;
  readonly connections: number;
  /** Calls that a connection has open at most. @default 1 */
  readonly atOnce?: number;
  /** Calls a second over all connections; as many as go where it is left out. */
  readonly rate?: number;
  readonly http: "1.1" | "2";
}

/** What came of it. */
export interface Sent {
  /** Duration of each call, in µs, shortest first. */
  readonly durations: readonly number[];
  /** From the first call to the end of the last, in seconds. */
  readonly seconds: number;
}

/** Installs the generator, `h2load` of nghttp2, where it is missing. */
export async function generator(): Promise<void> {
  if (existsSync(GENERATOR)) return;
  if (!canInstall()) throw new Error("h2load is missing: install nghttp2-client");
  await aptInstall("nghttp2-client", () => existsSync(GENERATOR));
}

/**
 * Sends the call, from one processor that the subject does not run on.
 * @throws Error if one answer is not a 200: then something else is measured
 */
export async function send(call: Call, shape: Shape, processor: number): Promise<Sent> {
  const folder = mkdtempSync(join(tmpdir(), "load-"));
  try {
    const [body, log] = [join(folder, "body"), join(folder, "log")];
    writeFileSync(body, call.body);
    const headers = Object.entries(call.headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
    await run("taskset", [
      ...["-c", String(processor), GENERATOR, "--threads=1", `--log-file=${log}`, `--data=${body}`],
      ...[
        `--requests=${shape.calls}`,
        `--clients=${shape.connections}`,
        `--max-concurrent-streams=${shape.atOnce ?? 1}`,
      ],
      ...(shape.rate === undefined ? [] : [`--rps=${shape.rate / shape.connections}`]),
      ...protocol(call, shape),
      ...headers,
      `--connect-to=127.0.0.1:${call.port}`,
      `${call.tls ? "https" : "http"}://${call.host}${call.path}`,
    ]);
    return read(readFileSync(log, "utf8"), shape.calls);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function protocol(call: Call, shape: Shape): string[] {
  if (shape.http === "1.1") return ["--h1"];
  return call.tls ? ["--npn-list=h2"] : ["--no-tls-proto=h2c"];
}

/** Lines of start (µs since 1970), status and duration (µs). */
function read(log: string, calls: number): Sent {
  const lines = log
    .trimEnd()
    .split("\n")
    .map((line) => line.split("\t").map(Number) as [number, number, number]);
  const refused = lines.filter(([, status]) => status !== 200);
  if (refused.length > 0 || lines.length !== calls) {
    throw new Error(
      `${lines.length} of ${calls} answers, ${refused.length} not 200: ${refused[0]?.[1] ?? ""}`,
    );
  }
  const first = lines.reduce((least, [start]) => Math.min(least, start), Infinity);
  const last = lines.reduce((most, [start, , took]) => Math.max(most, start + took), 0);
  return {
    durations: lines.map(([, , took]) => took).sort((a, b) => a - b),
    seconds: (last - first) / 1e6,
  };
}
