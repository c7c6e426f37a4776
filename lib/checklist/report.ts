import { estimate, type Estimate } from "../cost/estimate";
import type { PolicyDocument } from "../policy/document";
import type { Plan } from "../terraform/plan";
import { VERSION } from "../terraform/version";
import { alarmsOf, type ReportedAlarms } from "./alarms";
import type { Control } from "./control";
import { drawingOf, type Drawing } from "./deployment";
import { judgePlan, type Result, type Verdict } from "./engine";
import { ITEMS } from "./items";
import { readManifest, readPolicies, type ManifestEntry } from "./manifest";
import { reachOf, type StackReach } from "./reach";
import { hopsOf, type Hop } from "./request-way";

/** One written file. */
export interface Source {
  /** Name of the stack. */
  readonly stack: string;
  /** Path of the file as a reader of the report finds it. */
  readonly file: string;
  readonly plan: Plan;
}

/** A verdict and where it was found. */
export interface ReportedVerdict extends Verdict {
  readonly stack: string;
  readonly file: string;
}

/** The one document that every format is made from; `--format json` writes it as it is. */
export interface Report {
  /** Changes when a reader of an older report would misread a new one. */
  readonly schema: 1;
  readonly tool: { readonly name: "hardened-mcp"; readonly version: string };
  /** The day on which waivers were judged. */
  readonly asOf: string;
  /** Whether what is unknown counted as failed. Absent where it did not. */
  readonly strict?: true;
  readonly ok: boolean;
  readonly counts: Readonly<Record<Result, number>>;
  readonly stacks: readonly ReportedStack[];
  readonly items: readonly ReportedItem[];
  readonly verdicts: readonly ReportedVerdict[];
}

/** What of a server's policy people read: who may call what, how often, how long and when. */
export const REPORTED_POLICY = [
  "server",
  "resource",
  "era",
  "maxBodyBytes",
  "messageTimeoutSeconds",
  "tools",
  "openedMethods",
  "clients",
  "windows",
] as const satisfies readonly (keyof PolicyDocument)[];

/** See `REPORTED_POLICY`. */
export type ReportedPolicy = Pick<PolicyDocument, (typeof REPORTED_POLICY)[number]>;

/** One stack: what it says of itself, and what its blocks come to. */
export interface ReportedStack {
  readonly stack: string;
  readonly file: string;
  readonly resources: number;
  /** Constructs of ours in it, without their policies and what their containers are rendered from. */
  readonly declared: readonly (Omit<ManifestEntry, "policy" | "gateways" | "runs" | "chosen"> & {
    readonly path: string;
  })[];
  /** Networks and what stands in them. */
  readonly drawing: Drawing;
  /** The way of a request, hop by hop. */
  readonly way: readonly Hop[];
  readonly policies: readonly ReportedPolicy[];
  readonly reach: StackReach;
  readonly alarms: ReportedAlarms;
  /** A month's bill. */
  readonly cost: Estimate;
}

/** One of the fifteen items: the worst that was found decides. */
export interface ReportedItem {
  readonly item: number;
  readonly title: string;
  readonly result: Result;
  readonly counts: Readonly<Record<Result, number>>;
}

/** From the worst to the one that says least. */
export const RESULTS = [
  "fail",
  "not-built",
  "unknown",
  "waived",
  "pass",
  "not-applicable",
] as const satisfies readonly Result[];

/** How strictly a report is made. */
export interface Strictness {
  /** Whether what is unknown counts as failed. @default false */
  readonly strict?: boolean;
}

/** Whether a result makes the report one of something that does not hold. */
export function failsBy(result: Result, { strict = false }: Strictness): boolean {
  return result === "fail" || result === "not-built" || (strict && result === "unknown");
}

/**
 * Judges every control over every file. Pure: the day is a parameter.
 * @param more verdicts that do not come from the files, such as those on the review
 */
export function report(
  sources: readonly Source[],
  controls: readonly Control[],
  asOf: string,
  more: readonly ReportedVerdict[] = [],
  { strict = false }: Strictness = {},
): Report {
  const found = sources.flatMap(({ stack, file, plan }) =>
    judgePlan(plan, controls, { asOf }).map((verdict): ReportedVerdict => ({ ...verdict, stack, file })),
  );
  const verdicts = [...found, ...more].filter(onlyOnce()).sort((a, b) => a.item - b.item);
  const counts = count(verdicts);
  return {
    schema: 1,
    tool: { name: "hardened-mcp", version: VERSION },
    asOf,
    ...(strict && { strict }),
    ok: !verdicts.some(({ result }) => failsBy(result, { strict })),
    counts,
    stacks: sources.map(stackOf),
    items: ITEMS.map(({ item, title }) => {
      const own = count(verdicts.filter((verdict) => verdict.item === item));
      return {
        item,
        title,
        result: RESULTS.find((result) => own[result] > 0) ?? "not-applicable",
        counts: own,
      };
    }),
    verdicts,
  };
}

function stackOf({ stack, file, plan }: Source): ReportedStack {
  return {
    stack,
    file,
    resources: plan.all.filter(({ mode }) => mode === "resource").length,
    declared: readManifest(plan.source).map(
      ({ policy: _, gateways: _gateways, runs: _runs, chosen: _chosen, ...entry }) => entry,
    ),
    drawing: drawingOf(plan),
    way: hopsOf(plan),
    policies: [...readPolicies(plan.source).values()].map(policyOf),
    reach: reachOf(plan),
    alarms: alarmsOf(plan),
    cost: estimate(plan),
  };
}

function policyOf(policy: PolicyDocument): ReportedPolicy {
  return Object.fromEntries(
    REPORTED_POLICY.flatMap((field) => (policy[field] === undefined ? [] : [[field, policy[field]]])),
  ) as unknown as ReportedPolicy;
}

/** What this version does not build is said once, however many stacks there are. */
function onlyOnce(): (verdict: ReportedVerdict) => boolean {
  const said = new Set<string>();
  return ({ control, result }) => {
    if (result !== "not-built") return true;
    if (said.has(control)) return false;
    said.add(control);
    return true;
  };
}

function count(verdicts: readonly Verdict[]): Record<Result, number> {
  const counts = { pass: 0, fail: 0, waived: 0, unknown: 0, "not-applicable": 0, "not-built": 0 };
  for (const { result } of verdicts) counts[result] += 1;
  return counts;
}

/** One line that closes every report for people: `31 pass, 2 fail, 1 waived`. */
export function summary({ counts, strict }: Pick<Report, "counts" | "strict">): string {
  const order: readonly Result[] = ["pass", "fail", "waived", "unknown", "not-built", "not-applicable"];
  return order
    .filter((result) => counts[result] > 0)
    .map((result) => `${counts[result]} ${result}${strict && result === "unknown" ? NOT_ENOUGH : ""}`)
    .join(", ");
}

const NOT_ENOUGH = " (which is not enough: --strict)";
