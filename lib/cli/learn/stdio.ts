import { spawn, type ChildProcess } from "node:child_process";
import { CliError } from "../io";
import { BOUNDS, ByteCount, isObject, readMessage, unusable, type JsonObject } from "./message";
import { replyOf } from "./reply";
import { shown } from "./text";
import type { Reply, Transport } from "./transport";

/** From a polite end to a hard one. */
const PATIENCE_MS = 1_000;
const SHOWN_ERRORS = 2_000;

/** How a server is started. */
export interface StdioProps {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

interface Waiting {
  readonly id: unknown;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

/** A server that is a program of this machine: one message a line on its input and output. */
export class StdioTransport implements Transport {
  private readonly child: ChildProcess;
  private readonly bytes = new ByteCount();
  private readonly ended: Promise<void>;
  private rest = "";
  private errors = "";
  private stray = 0;
  private waiting: Waiting | undefined;
  private broken: Error | undefined;

  public constructor({ command, cwd, env, signal }: StdioProps) {
    const [program = "", ...args] = command;
    // A process group of its own, so that what the server starts ends with it.
    this.child = spawn(program, args, {
      cwd,
      env: { ...env },
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.child.stdout
      ?.setEncoding("utf8")
      .on("data", (chunk: string) => this.guarded(() => this.read(chunk)));
    this.child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      this.errors = (this.errors + chunk).slice(-SHOWN_ERRORS);
    });
    this.child.stdin?.on("error", () => undefined);
    this.ended = new Promise((resolve) => {
      const end = (how: string) => {
        const errors = this.errors.trim();
        this.fail(
          new CliError(
            `the server ${how}${errors === "" ? "" : `; its last words: ${shown(errors.slice(-300), 300)}`}`,
          ),
        );
        resolve();
      };
      this.child.once("error", (error) => end(`could not be started: ${shown(error.message)}`));
      this.child.once("close", (code, by) => end(by === null ? `ended with ${code}` : `was ended by ${by}`));
    });
    signal.addEventListener("abort", () => this.fail(signal.reason as Error));
  }

  public request(message: JsonObject): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.broken !== undefined) return reject(this.broken);
      this.waiting = { id: message.id, resolve, reject };
      this.send(message);
    });
  }

  public notify(message: JsonObject): Promise<void> {
    this.send(message);
    return Promise.resolve();
  }

  public async close(): Promise<void> {
    this.child.stdin?.end();
    this.signal("SIGTERM");
    const timer = setTimeout(() => this.signal("SIGKILL"), PATIENCE_MS);
    // A grandchild may hold the pipes open beyond both.
    await Promise.race([this.ended, new Promise((resolve) => setTimeout(resolve, 2 * PATIENCE_MS).unref())]);
    clearTimeout(timer);
    this.signal("SIGKILL");
    this.child.stdout?.destroy();
    this.child.stderr?.destroy();
  }

  private signal(name: NodeJS.Signals): void {
    const { pid } = this.child;
    if (pid === undefined) return;
    try {
      process.kill(-pid, name);
    } catch {
      // Nobody of the group is left.
    }
  }

  private send(message: JsonObject): void {
    this.child.stdin?.write(`${JSON.stringify(message)}\n`);
  }

  private fail(error: Error): void {
    this.broken ??= error;
    this.waiting?.reject(this.broken);
    this.waiting = undefined;
  }

  private guarded(work: () => void): void {
    if (this.broken !== undefined) return;
    try {
      work();
    } catch (error) {
      this.fail(error as Error);
      this.signal("SIGKILL");
    }
  }

  private read(chunk: string): void {
    this.bytes.add(Buffer.byteLength(chunk));
    const lines = (this.rest + chunk).split("\n");
    this.rest = lines.pop() ?? "";
    if (this.rest.length > BOUNDS.messageBytes)
      throw unusable(`sent a line of more than ${BOUNDS.messageBytes} bytes`);
    for (const line of lines) if (line.trim() !== "") this.take(line);
  }

  private take(line: string): void {
    const message = readMessage(line);
    if (this.waiting !== undefined && message.method === undefined && message.id === this.waiting.id) {
      const { resolve } = this.waiting;
      // First read, then given: what cannot be read is still waited for, and told by `fail`.
      const reply = replyOf(message);
      this.waiting = undefined;
      resolve(reply);
      return;
    }
    if (++this.stray > BOUNDS.strayMessages)
      throw unusable("sends messages that nobody asked for, without end");
    // A request of the server: we offer nothing but to be there.
    if (message.method !== undefined && message.id !== undefined) {
      this.send({
        ...{ jsonrpc: "2.0", id: message.id },
        ...(message.method === "ping" && isObject(message.params ?? {})
          ? { result: {} }
          : { error: { code: -32601, message: "method not found" } }),
      });
    }
  }
}
