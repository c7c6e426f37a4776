import type { Era } from "./config";

/** Revisions of the Model Context Protocol over streamable HTTP, each with its era. */
const VERSIONS: Readonly<Record<string, "modern" | "legacy">> = {
  "2025-03-26": "legacy",
  "2025-06-18": "legacy",
  "2025-11-25": "legacy",
  "2026-07-28": "modern",
};

/** Tools alone: resources, prompts, completion and subscriptions are closed until `methods` opens them, see `OPENABLE`. */
const SHARED = ["tools/list", "tools/call"];
const LEGACY = ["initialize", "ping", "logging/setLevel"];
const MODERN = ["server/discover"];

/** The revisions of an era. */
export function protocolVersions(era: Era): Record<string, "modern" | "legacy"> {
  return Object.fromEntries(Object.entries(VERSIONS).filter(([, of]) => era === "both" || of === era));
}

/** The methods of an era. What is not in the list is answered with `-32601`, so a new method is opened knowingly. */
export function methods(era: Era): string[] {
  return [...SHARED, ...(era === "modern" ? [] : LEGACY), ...(era === "legacy" ? [] : MODERN)].sort();
}
