import type { Image } from "./image";

/** The server's container: an HTTP MCP server that listens on loopback and is reached by the gateway alone. */
export interface RunConfig {
  /** The server, by digest: `image("….dkr.ecr….amazonaws.com/orders@sha256:…")`. */
  readonly image: Image;
  /** Port on 127.0.0.1 that the server listens on, 1024 to 65535, not 8443 (the gateway's). Told to it as `PORT`. */
  readonly port: number;
  /** Tasks at least and at most; between them, CPU load decides. @default 2 to 6 in production, 1 to 2 in a sandbox */
  readonly tasks?: TasksConfig;
  /** CPU units of the whole task (1024 = one vCPU): 256, 512, 1024, 2048, 4096, 8192 or 16384. @default 512 */
  readonly cpuUnits?: number;
  /** Memory of the whole task in MiB, as Fargate pairs it with the CPU. @default 1024 */
  readonly memoryMib?: number;
  /** @default "arm64" (a fifth cheaper) */
  readonly architecture?: "arm64" | "x86_64";
  /** Plain settings. Never a secret: those go to `secrets`. @default none */
  readonly env?: Readonly<Record<string, string>>;
  /** Replaces the image's command. @default the image's own */
  readonly command?: readonly string[];
  /** Numeric user and group that the server runs as, not 0: `1000:1000`. @default "65532:65532" */
  readonly user?: string;
  /**
   * Folders that the server may write to, 0 to 10; everything else is read-only. Each is in memory (64 MiB at most, out
   * of the task's), empty at each start, and no program can be started from it.
   * @default none
   */
  readonly writablePaths?: readonly string[];
  /** Path that answers 200 when the server is well, asked by the gateway on loopback. @default a TCP connection to the port */
  readonly healthPath?: string;
  /**
   * Containers that you add to its tasks by an override, by their names in ECS, 0 to 5, and why: an agent for traces. No
   * other may run there. They are asked what the server is asked, and share its network and its role (docs/overrides.md).
   * @default none
   */
  readonly beside?: Readonly<Record<string, BesideConfig>>;
}

/** A container that somebody else brings into a server's tasks. */
export interface BesideConfig {
  /** For whoever reads the task and wonders, 8 to 200 characters. */
  readonly because: string;
}

/** Bounds of the number of tasks, and whether tools that write run apart. */
export interface TasksConfig extends Partial<TaskBounds> {
  /** 1 to 8; less than 2 does not survive the loss of a zone, and is refused in production. @default 2 in production, 1 in a sandbox */
  readonly min?: number;
  /** 1 to 8: limits are shared among eight tasks at most. @default 6 in production, 2 in a sandbox */
  readonly max?: number;
  /**
   * Runs the tools whose `access` is `write` or `destructive` in a service of their own, with a task role of its own:
   * code that serves a reading tool then has no right, secret or way by which to write, whatever it is talked into.
   * Needs `era: "modern"`, tools of both kinds, and `for` at every secret and downstream. The load balancer sorts by
   * the header `Mcp-Name`, and each gateway refuses what is not its own. The server is told which half it is as
   * `HMCP_HALF`, `read` or `write`; the half that reads has to list all tools. A client's `callsPerMinute` holds for each
   * half, so for both together it is twice that, unless `limits` are exact. Cost: the tasks and alarms once more.
   * @default everything in one service
   */
  readonly split?: "read-write";
  /** Bounds of the tasks that write; only with `split`. @default `min` and `max`, as for those that read */
  readonly writing?: TaskBounds;
  /**
   * First of the 50 numbers of the server's listener rules, 1 to 40000; only with `split`. Set it where two servers of
   * one load balancer would meet. @default made from the server's name: 1050, 1150, … or 39950
   */
  readonly rulesFrom?: number;
}

/** How many tasks there are, at least and at most. */
export interface TaskBounds {
  /** 1 to 8, in production 2 at least. */
  readonly min: number;
  /** 1 to 8. */
  readonly max: number;
}
