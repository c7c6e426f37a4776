import type { ReportedStack } from "./report";

/** How a platform that is made here is taken down on purpose, a sentence each: nobody looks for it before that day. */
export function endings(stacks: readonly ReportedStack[]): string[] {
  const platforms = stacks.flatMap(({ declared }) => declared.filter(({ kind }) => kind === "platform"));
  const all = platforms.map(({ deployment, lifecycle }) =>
    lifecycle === "protected"
      ? `${deployment} is protected: to end it apply lifecycle "disposable" with ingress.deletionProtection "off", then decommission(…), which leaves the archive`
      : `${deployment} is disposable: decommission(…) ends it and leaves the archive`,
  );
  return [...new Set(all)];
}
