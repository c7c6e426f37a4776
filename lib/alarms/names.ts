/** Tags by which controls and reports recognise an alarm of the catalogue. */
export const ALARM_TAGS = { id: "hardened-mcp:alarm", server: "hardened-mcp:server" } as const;

/** Namespace of the metrics that come from audit lines: `hardened-mcp/acme-prod`. */
export function metricNamespace(naming: { readonly prefix: string }): string {
  return `hardened-mcp/${naming.prefix}`;
}
