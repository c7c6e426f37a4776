import { createHash } from "node:crypto";
import { VERSION } from "../../terraform/version";
import type { Control } from "../control";
import type { Verdict } from "../engine";
import { readManifest } from "../manifest";
import type { ReportedVerdict, Source } from "../report";
import { diff } from "./diff";
import { canonical, type Tree } from "./leaves";
import type { Change } from "./sentence";
import { summarise, type SecuritySummary } from "./summary";

/** What somebody has looked at and signed, of one stack. */
export interface ReviewedStack {
  /** SHA-256 of the summary, hex. */
  readonly digest: string;
  readonly summary: SecuritySummary;
}

/** `review.json`: who has reviewed what, when, and where the record lies. It is a statement, not a cryptographic signature: the history of the repository says who wrote it. */
export interface Review {
  readonly schema: 1;
  readonly tool: { readonly name: "hardened-mcp"; readonly version: string };
  readonly signedBy: string;
  /** `YYYY-MM-DD`. */
  readonly signedOn: string;
  /** Last day on which it counts. */
  readonly until: string;
  /** Where the record lies: a ticket, a page, minutes. */
  readonly record: string;
  readonly stacks: Readonly<Record<string, ReviewedStack>>;
  /** SHA-256 of all the rest, so that nobody changes a word of it by accident. */
  readonly seal: string;
}

/** What the one who signs has to say. */
export type Signature = Pick<Review, "signedBy" | "signedOn" | "until" | "record">;

/** What is known of the control that only `check` judges: a synth never fails for it. */
export const REVIEW_SIGNED = {
  control: "review.signed",
  item: 15,
  says: "The policy has been reviewed and signed as it is",
  why: "What nobody has looked at since it changed has not been reviewed.",
  maps: { owasp: ["MCP07"] },
} as const satisfies Omit<Verdict, "result">;

/** Signs what is there. */
export function signReview(
  sources: readonly Source[],
  controls: readonly Control[],
  signature: Signature,
): Review {
  const stacks = Object.fromEntries(
    sources.map(({ stack, plan }) => {
      const summary = summarise(plan, controls);
      return [stack, { digest: digestOf(summary), summary }];
    }),
  );
  const review = {
    schema: 1,
    tool: { name: "hardened-mcp", version: VERSION },
    ...signature,
    stacks,
  } as const;
  return { ...review, seal: digestOf(review) };
}

/** A review that was read from a file, or what is wrong with the file, as the end of a sentence. */
export function openReview(value: unknown): Review | string {
  if (typeof value !== "object" || value === null) return "is not a review";
  const { seal, ...rest } = value as Review;
  const fields = [rest.signedBy, rest.signedOn, rest.until, rest.record, seal];
  if (fields.some((field) => typeof field !== "string") || typeof rest.stacks !== "object")
    return "is not a review";
  if (rest.schema !== 1) return `has the schema ${String(rest.schema)}, which this version cannot read`;
  return digestOf(rest) === seal ? { ...rest, seal } : "was changed after it was signed: sign again";
}

function digestOf(value: object): string {
  return createHash("sha256")
    .update(canonical(value as Tree))
    .digest("hex");
}

/** What changed in a stack since it was signed. A stack that was not part of the review has no answer. */
export function changesSince(
  review: Review,
  { stack, plan }: Source,
  controls: readonly Control[],
): Change[] | undefined {
  const reviewed = Object.hasOwn(review.stacks, stack) ? review.stacks[stack] : undefined;
  return reviewed && diff(reviewed.summary, summarise(plan, controls));
}

/** How many changes are told before the rest is counted. */
const TOLD = 3;

/** The verdict on a stack of ours: signed as it is, by a review that still counts. `review` is the reason where there is none. */
export function judgeReview(
  review: Review | string,
  source: Source,
  controls: readonly Control[],
  asOf: string,
): ReportedVerdict[] {
  const declared = readManifest(source.plan.source);
  if (declared.length === 0) return [];
  // Parts have no policy. A review is not asked for; one that was signed for them counts.
  const signed = typeof review !== "string" && Object.hasOwn(review.stacks, source.stack);
  if (!signed && declared.every(({ kind }) => kind === "part")) return [];
  const base = { ...REVIEW_SIGNED, stack: source.stack, file: source.file };
  const fail = (detail: string): ReportedVerdict[] => [{ ...base, result: "fail", detail }];
  if (typeof review === "string") return fail(review);
  const changes = changesSince(review, source, controls);
  if (changes === undefined)
    return fail(`the review of ${review.signedOn} is not about the stack ${source.stack}`);
  if (changes.length > 0) {
    const more =
      changes.length > TOLD ? `; and ${changes.length - TOLD} more (hardened-mcp review check)` : "";
    const told = changes.slice(0, TOLD).map(({ says }) => says);
    return fail(`since ${review.signedBy} signed on ${review.signedOn}: ${told.join("; ")}${more}`);
  }
  if (review.until < asOf) return fail(`the review of ${review.signedOn} ended on ${review.until}`);
  return [{ ...base, result: "pass" }];
}
