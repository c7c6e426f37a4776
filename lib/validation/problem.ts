/**
 * What kind of mistake a problem is. Codes are stable: tools and tests may match on them.
 */
export type ProblemCode =
  | "required"
  | "wrong-type"
  | "wrong-form"
  | "out-of-range"
  | "too-long"
  | "too-few"
  | "unknown-field"
  | "unknown-kind"
  | "unknown-reference"
  | "duplicate"
  | "overlap"
  | "conflict"
  | "over-budget"
  | "unsafe"
  | "token-not-allowed"
  | "not-supported-yet";

/** One thing wrong in a configuration. Data, so that reports and editors can format it. */
export interface Problem {
  /** Where, as it is written in TypeScript: `servers["orders"].tools.refund.timeoutSeconds`. */
  readonly path: string;
  readonly code: ProblemCode;
  /** What is there and what is expected: `is 5000, expected 1 to 4000 seconds`. */
  readonly says: string;
  /** What to do about it. */
  readonly fix: string;
}

/** One line per problem: `ingress.idleSeconds is 5000, expected 1 to 4000 seconds; lower it [out-of-range]`. */
export function formatProblem(problem: Problem): string {
  const path = problem.path === "" ? "the configuration" : problem.path;
  return `${path} ${problem.says}; ${problem.fix} [${problem.code}]`;
}

/**
 * Thrown when a configuration cannot be deployed as written. Lists every problem at once; nothing was written.
 */
export class ConfigurationError extends Error {
  /** @param of whose configuration, as `server "orders"`, where a program may have several. @default it is not said */
  public constructor(
    public readonly problems: readonly Problem[],
    of?: string,
  ) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    const where = of === undefined ? "the configuration" : `the configuration of ${of}`;
    super([`hardened-mcp: ${count} in ${where}`, ...problems.map((p) => `  ${formatProblem(p)}`)].join("\n"));
    this.name = "ConfigurationError";
    // For programs. Node prints whatever can be enumerated of an error that nobody catches: each problem a second time.
    Object.defineProperty(this, "problems", { enumerable: false });
  }
}
