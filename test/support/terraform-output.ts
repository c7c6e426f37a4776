/** A problem or warning of Terraform. */
export interface Diagnostic {
  readonly severity: "error" | "warning";
  readonly summary: string;
  readonly detail: string;
  readonly address?: string;
}

/** What `apply` or `destroy` did. */
export interface ApplySummary {
  /** Seconds of each resource that was made, changed or removed, by address. */
  readonly done: Readonly<Record<string, number>>;
  /** Addresses of resources that failed. */
  readonly failed: readonly string[];
  readonly errors: readonly Diagnostic[];
  readonly seconds: number;
}

/** One resource that a plan would change. */
export interface Difference {
  readonly address: string;
  readonly type: string;
  /** `create`, `update`, `delete`; two of them for a replacement. */
  readonly actions: readonly string[];
  /** The top-level attributes that differ; none for a resource that comes or goes. */
  readonly attributes: readonly string[];
}

/** Reads the event lines of `-json`. */
export function summarise(lines: string, seconds: number): ApplySummary {
  const done: Record<string, number> = {};
  const failed: string[] = [];
  const errors: Diagnostic[] = [];
  for (const line of lines.split("\n").filter((each) => each.startsWith("{"))) {
    const event = JSON.parse(line) as Event;
    if (event.type === "apply_complete" && event.hook !== undefined && event.hook.action !== "read")
      done[event.hook.resource.addr] = event.hook.elapsed_seconds ?? 0;
    if (event.type === "apply_errored" && event.hook !== undefined) failed.push(event.hook.resource.addr);
    if (event.type === "diagnostic" && event.diagnostic?.severity === "error") errors.push(event.diagnostic);
  }
  return { done, failed, errors, seconds };
}

interface Event {
  readonly type: string;
  readonly hook?: {
    /** `create`, `update`, `delete`; `read` for a data source. */
    readonly action: string;
    readonly resource: { readonly addr: string };
    readonly elapsed_seconds?: number;
  };
  readonly diagnostic?: Diagnostic;
}

/** Reads `terraform show -json` of a plan. */
export function differences(plan: unknown): Difference[] {
  const changes = (plan as { resource_changes?: ResourceChange[] }).resource_changes ?? [];
  return changes
    .filter(({ change }) => change.actions.some((action) => action !== "no-op" && action !== "read"))
    .map(({ address, type, change }) => ({
      address,
      type,
      actions: change.actions,
      attributes: changed(change),
    }));
}

interface ResourceChange {
  readonly address: string;
  readonly type: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: Record<string, unknown> | null;
    readonly after: Record<string, unknown> | null;
    /** True, or an object of trues, where a value is known only after apply. */
    readonly after_unknown?: Record<string, unknown>;
  };
}

function changed({ before, after, after_unknown }: ResourceChange["change"]): string[] {
  if (before === null || after === null) return [];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names]
    .filter(
      (name) =>
        after_unknown?.[name] === true || JSON.stringify(before[name]) !== JSON.stringify(after[name]),
    )
    .sort();
}

/** The slowest resources, for a person who wonders where the time went. */
export function slowest(summary: ApplySummary, count: number): string[] {
  return Object.entries(summary.done)
    .sort(([, a], [, b]) => b - a)
    .slice(0, count)
    .map(([address, seconds]) => `${seconds} s ${address}`);
}
