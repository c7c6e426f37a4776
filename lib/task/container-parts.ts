/** How every container of ours is held: nothing to write to, no rights of the machine's, a process that reaps its children. */
export const CONFINED = {
  readonlyRootFilesystem: true,
  privileged: false,
  linuxParameters: { initProcessEnabled: true, capabilities: { drop: ["ALL"] } },
  ulimits: [{ name: "nofile", softLimit: 65_536, hardLimit: 65_536 }],
} as const;

/** What ECS would fill in by itself, so that a second plan shows no difference. */
export const NOTHING_MOUNTED = { mountPoints: [], volumesFrom: [], systemControls: [] } as const;

/** Where a container's output goes. */
export interface LogTarget {
  readonly group: string;
  readonly region: string;
  /** Beginning of its streams' names. */
  readonly stream: string;
  /**
   * Whether lines wait until CloudWatch takes them, and stop the container meanwhile; else how many megabytes of them wait
   * before some are dropped.
   */
  readonly keeps: "every-line" | { readonly megabytes: number };
}

/** The log configuration of a container. */
export function logsTo({ group, region, stream, keeps }: LogTarget): Readonly<Record<string, unknown>> {
  return {
    logDriver: "awslogs",
    options: {
      "awslogs-group": group,
      "awslogs-region": region,
      "awslogs-stream-prefix": stream,
      ...(keeps === "every-line"
        ? { mode: "blocking" }
        : { mode: "non-blocking", "max-buffer-size": `${keeps.megabytes}m` }),
    },
  };
}
