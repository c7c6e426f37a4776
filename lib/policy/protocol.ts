import type { Era } from "./config";

/** Revisions of the Model Context Protocol over streamable HTTP, each with its era. */
const VERSIONS: Readonly<Record<string, "modern" | "legacy">> = {
  "2025-03-26": "legacy",
  "2025-06-18": "legacy",
  "2025-11-25": "legacy",
  "2026-07-28": "modern",
};

const SHARED = [
  "tools/list",
  "tools/call",
  "prompts/list",
  "prompts/get",
  "resources/list",
  "resources/templates/list",
  "resources/read",
  "completion/complete",
];
const LEGACY = ["initialize", "ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe"];
const MODERN = ["server/discover", "subscriptions/listen"];

/** The revisions of an era. */
export function protocolVersions(era: Era): Record<string, "modern" | "legacy"> {
  return Object.fromEntries(Object.entries(VERSIONS).filter(([, of]) => era === "both" || of === era));
}

/** The methods of an era. What is not in the list is answered with `-32601`, so a new method is opened knowingly. */
export function methods(era: Era): string[] {
  return [...SHARED, ...(era === "modern" ? [] : LEGACY), ...(era === "legacy" ? [] : MODERN)].sort();
}
