import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { readAuditLine, type ReadLine } from "../support/audit";
import { envoyBinary, ROOT } from "../support/toolchain";

const SERVER = join(ROOT, "test", "support", "mcp-server.mjs");

/** `hardened-mcp up` as a user runs it, in front of a real server. */
export class Up {
  public printed = "";
  public errors = "";
  public readonly process: ChildProcess;

  private constructor(envoy: string, args: readonly string[]) {
    this.process = spawn(process.execPath, [join(ROOT, "dist", "cli", "main.js"), "up", ...args], {
      cwd: ROOT,
      env: { ...process.env, ENVOY_BIN: envoy },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.process.stdout?.on("data", (chunk) => (this.printed += String(chunk)));
    this.process.stderr?.on("data", (chunk) => (this.errors += String(chunk)));
  }

  public static async start(file: string, ...options: readonly string[]): Promise<Up> {
    const args = [dirname(file), ...options, "--", process.execPath, SERVER];
    const up = new Up(await envoyBinary(), args);
    await up.until(() => up.printed.includes("audit lines follow"));
    return up;
  }

  public get url(): string {
    return /^ {2}(https?:\S+)$/m.exec(this.printed)?.[1] ?? "";
  }

  public get changes(): string[] {
    return [...this.printed.matchAll(/^ {2}- (.*)$/gm)].map(([, change]) => change ?? "");
  }

  /** What a client pastes. */
  public credential(client: string): string {
    const line = new RegExp(`^ {2}${client} \\(.*\\)\n {4}Authorization: (.*)$`, "m");
    return line.exec(this.printed)?.[1] ?? "";
  }

  /** Base of the server behind, past the gateway. */
  public get upstream(): string {
    return /\[server\] MCP server on (http:\S+)/.exec(this.errors)?.[1] ?? "";
  }

  public get audit(): ReadLine[] {
    return this.printed
      .split("\n")
      .slice(0, -1)
      .filter((line) => line.startsWith("{"))
      .map(readAuditLine);
  }

  /** Audit lines that `body` has led to, once there are as many as it made requests. */
  public async during(requests: number, body: () => Promise<unknown>): Promise<ReadLine[]> {
    // Lines come up to 200 ms late: those of what was before, and any that is too many.
    const settle = () => new Promise((resolve) => setTimeout(resolve, 500));
    await settle();
    const before = this.audit.length;
    await body();
    await this.until(() => this.audit.length >= before + requests);
    await settle();
    return this.audit.slice(before);
  }

  /** The one audit line of an answer with this `x-request-id`. */
  public async lineOf(requestId: string | null): Promise<ReadLine | undefined> {
    const its = () => this.audit.filter((line) => line.request_id === requestId);
    await this.until(() => its().length > 0);
    if (its().length > 1) throw new Error(`${its().length} lines of one request`);
    return its()[0];
  }

  public async calls(): Promise<{ requests: number; tools: Record<string, number> }> {
    return (await (await fetch(`${this.upstream}/calls`)).json()) as never;
  }

  /** Ctrl-C; gives the exit code. */
  public async stop(): Promise<number | null> {
    if (this.process.exitCode !== null) return this.process.exitCode;
    this.process.kill("SIGINT");
    const [code] = (await once(this.process, "close")) as [number | null];
    return code;
  }

  private async until(met: () => boolean): Promise<void> {
    for (let tries = 0; tries < 600 && !met(); tries++) {
      if (this.process.exitCode !== null) throw new Error(`up ended early:\n${this.printed}\n${this.errors}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    if (!met()) throw new Error(`up has not come so far:\n${this.printed}\n${this.errors}`);
  }
}
