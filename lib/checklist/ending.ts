import type { Declared } from "./manifest";
import type { ReportedStack } from "./report";

/**
 * How what is made here is taken down on purpose, a sentence for each platform and each part on its own: nobody looks for
 * it before that day. Servers end with their platform or before it, by their own stacks.
 */
export function endings(stacks: readonly ReportedStack[]): string[] {
  const all = stacks.flatMap(({ declared }) =>
    declared.flatMap((one) => {
      if (one.kind === "platform") return [platformEnds(one)];
      // One that says nothing of its lifecycle was not written by this version: nothing is known of how it ends.
      return one.kind === "part" && one.lifecycle !== undefined ? [partEnds(one)] : [];
    }),
  );
  return [...new Set(all)];
}

function platformEnds({ deployment, lifecycle, existing = [] }: Declared): string {
  // Of a load balancer that is given no protection is ours to take off.
  const off = existing.includes("load-balancer") ? "" : ` with ingress.deletionProtection "off"`;
  return ends(deployment, { lifecycle, off, leaves: archiveOf(existing) });
}

/** None but the archive's leaves anything, and a part has no load balancer to free. */
function partEnds({ deployment, part = "part", lifecycle, existing = [] }: Declared): string {
  const leaves = part === "audit-archive" ? archiveOf(existing) : "nothing";
  return ends(`${part} of ${deployment}`, { lifecycle, off: "", leaves });
}

function archiveOf(existing: readonly string[]): string {
  return existing.includes("archive") ? "the archive, which is its owner's, as it is" : "the archive";
}

function ends(
  what: string,
  { lifecycle, off, leaves }: { lifecycle: Declared["lifecycle"]; off: string; leaves: string },
): string {
  return lifecycle === "protected"
    ? `${what} is protected: to end it apply lifecycle "disposable"${off}, then decommission(…), which leaves ${leaves}`
    : `${what} is disposable: decommission(…) ends it and leaves ${leaves}`;
}
