/** What a command may touch of the world; tests hand in their own. */
export interface Io {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What ends a program politely: whoever has started others ends them first. */
export const ENDS = ["SIGINT", "SIGTERM", "SIGHUP"] as const satisfies readonly NodeJS.Signals[];

/** Ends the program with one line. 2: it was called wrongly or could not do its work; 1: it did, and the answer is no. */
export class CliError extends Error {
  public constructor(
    message: string,
    public readonly exitCode: 1 | 2 = 2,
  ) {
    super(message);
    this.name = "CliError";
  }
}

/** A command: what follows its name on the command line, to an exit code. */
export interface Command {
  /** What follows the name, for people. */
  readonly usage: string;
  readonly says: string;
  readonly help: string;
  readonly run: (args: readonly string[], io: Io) => Promise<number> | number;
}
