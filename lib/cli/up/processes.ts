import { spawn, type ChildProcess } from "node:child_process";
import { createServer, connect } from "node:net";
import { createInterface } from "node:readline";
import { CliError } from "../io";

/** How a child is started and where its lines go. */
export interface ChildProps {
  /** As people know it: `the gateway`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly onLine: (line: string) => void;
  readonly onErrorLine: (line: string) => void;
}

/** From a polite end to a hard one. */
const PATIENCE_MS = 4_000;

/** A program that runs beside us, with whatever it starts itself. */
export class Child {
  private readonly process: ChildProcess;
  /** Settles when it has ended and all its lines were read: says how. */
  public readonly ended: Promise<string>;
  private over = false;

  public constructor(private readonly props: ChildProps) {
    const { command, args, env, cwd } = props;
    // A process group of its own: Ctrl-C reaches us alone, and what it starts ends with it.
    this.process = spawn(command, [...args], {
      env: { ...env },
      cwd,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const [stream, onLine] of [
      [this.process.stdout, props.onLine],
      [this.process.stderr, props.onErrorLine],
    ] as const) {
      if (stream) createInterface({ input: stream }).on("line", onLine);
    }
    this.ended = new Promise((resolve) => {
      const end = (how: string) => {
        this.over = true;
        resolve(`${props.name} ${how}`);
      };
      this.process.once("error", (error) => end(`could not be started: ${error.message}`));
      this.process.once("close", (code, signal) =>
        end(signal ? `was ended by ${signal}` : `ended with ${code}`),
      );
    });
  }

  /** Ends it and its children, politely first. */
  public async stop(): Promise<void> {
    this.signal("SIGTERM");
    const timer = setTimeout(() => this.signal("SIGKILL"), PATIENCE_MS);
    await this.ended;
    clearTimeout(timer);
    // The group outlives its leader where a child of it ignored the end.
    this.signal("SIGKILL", true);
  }

  private signal(signal: NodeJS.Signals, evenIfOver = false): void {
    const { pid } = this.process;
    if (pid === undefined || (this.over && !evenIfOver)) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // It ended by itself in between.
    }
  }

  /**
   * Waits until `ready` answers yes.
   * @throws CliError when it ends before, or takes longer than `seconds`
   */
  public async until(ready: () => Promise<boolean>, seconds: number, what: string): Promise<void> {
    const deadline = Date.now() + seconds * 1000;
    const ended = this.ended.then((how) => {
      throw new CliError(`${how} before ${what}`, 1);
    });
    const poll = async () => {
      while (!(await ready())) {
        if (this.over) return;
        if (Date.now() > deadline)
          throw new CliError(`${this.props.name} has not come to ${what} in ${seconds} s`, 1);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    ended.catch(() => undefined);
    await Promise.race([poll(), ended]);
    if (this.over) await ended;
  }
}

/** A port on loopback that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new CliError("there is no free port");
  return address.port;
}

/** Whether somebody listens on a port of loopback. */
export function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" });
    const end = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.setTimeout(1_000, () => end(false));
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
  });
}
