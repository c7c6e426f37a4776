import type { ReportedStack } from "./report";

/** How a platform that is made here is taken down on purpose, a sentence each: nobody looks for it before that day. */
export function endings(stacks: readonly ReportedStack[]): string[] {
  const platforms = stacks.flatMap(({ declared }) => declared.filter(({ kind }) => kind === "platform"));
  const all = platforms.map(({ deployment, lifecycle, existing = [] }) => {
    // Of a load balancer that is given no protection is ours to take off.
    const off = existing.includes("load-balancer") ? "" : ` with ingress.deletionProtection "off"`;
    const left = existing.includes("archive") ? "the archive, which is its owner's, as it is" : "the archive";
    return lifecycle === "protected"
      ? `${deployment} is protected: to end it apply lifecycle "disposable"${off}, then decommission(…), which leaves ${left}`
      : `${deployment} is disposable: decommission(…) ends it and leaves ${left}`;
  });
  return [...new Set(all)];
}
