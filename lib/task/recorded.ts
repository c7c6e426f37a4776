import type { ServerContainerProps } from "./containers";

/**
 * What a server's container was told, for whoever judges the written file: names alone, as values stand nowhere but in
 * the task definition; and what else may run in its tasks.
 */
export interface RunRecord {
  /** Variables that stand in it, and those that ECS injects from secrets. */
  readonly environment: readonly string[];
  readonly secrets: readonly string[];
  /** Folders that it may write to. */
  readonly writablePaths: readonly string[];
  /** Absent: the image's own. */
  readonly command?: readonly string[];
  /** Containers beside gateway and server that the configuration names, and why. Absent: none. */
  readonly beside?: Readonly<Record<string, string>>;
}

/** Writes down what a server's container is told. */
export function recordRun({
  run,
  told,
  secrets,
}: Pick<ServerContainerProps, "run" | "told" | "secrets">): RunRecord {
  return {
    environment: ["PORT", ...new Set([...Object.keys(run.env), ...Object.keys(told)])],
    secrets: secrets.map(({ name }) => name),
    writablePaths: run.writablePaths,
    ...(run.command === undefined ? {} : { command: run.command }),
    ...(Object.keys(run.beside).length === 0 ? {} : { beside: run.beside }),
  };
}
