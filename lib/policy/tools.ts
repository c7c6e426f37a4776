import type { Check, Fields } from "../validation";
import { checkArguments } from "./arguments";
import type { ToolConfig } from "./config";
import type { ToolPolicy } from "./document";
import { AT_ONCE, checkScopes, number } from "./numbers";
import { checkReference } from "./reference";
import { checkResponses } from "./responses";

const FIELDS = {
  access: true,
  scopes: true,
  callsPerMinute: true,
  callsPerMinutePerClient: true,
  callsAtOncePerTask: true,
  timeoutSeconds: true,
  arguments: true,
  window: true,
  responses: true,
} satisfies Fields<ToolConfig>;

/** Form of a tool's name, from the specification: safe in a header, so that an encoded `Mcp-Name` is never needed. */
export const TOOL_NAME = {
  pattern: /^[A-Za-z0-9_.-]+$/,
  form: "letters, digits and _ . -, as the protocol asks",
  max: 128,
} as const;
const CALLS = { min: 1, max: 100_000, unit: "calls a minute" } as const;

/** Checks the table of tools. */
export function checkTools(
  tools: Readonly<Record<string, ToolConfig>>,
  check: Check,
  windows: readonly string[],
): Record<string, ToolPolicy> {
  const entries = check.present(tools) ? check.entries(tools, TOOL_NAME) : [];
  if (entries.length === 0 && Object.keys(tools ?? {}).length === 0) {
    check.problem("too-few", "has no entry, expected at least one tool", "list the tools that may be called");
  }
  return Object.fromEntries(
    entries.flatMap(([name, tool, at]): [string, ToolPolicy][] =>
      at.object(tool, FIELDS) ? [[name, checkTool(tool as ToolConfig, at, windows)]] : [],
    ),
  );
}

function checkTool(tool: ToolConfig, check: Check, windows: readonly string[]): ToolPolicy {
  const access = check.at("access").oneOf(tool.access, ["read", "write", "destructive"]);
  const scopes = checkScopes(tool.scopes, check.at("scopes"));
  const each = tool.callsPerMinutePerClient;
  const atOnce = tool.callsAtOncePerTask;
  const timeout = { min: 1, max: 3600, unit: "seconds" };
  if (tool.window !== undefined) checkReference(tool.window, check.at("window"), windows, "windows");
  return {
    access: access ? tool.access : "destructive",
    scopes,
    callsPerMinute: number(tool.callsPerMinute, check.at("callsPerMinute"), CALLS),
    ...(each === undefined
      ? {}
      : { callsPerMinutePerClient: number(each, check.at("callsPerMinutePerClient"), CALLS) }),
    ...(atOnce === undefined
      ? {}
      : { callsAtOncePerTask: number(atOnce, check.at("callsAtOncePerTask"), AT_ONCE) }),
    timeoutSeconds: number(tool.timeoutSeconds, check.at("timeoutSeconds"), timeout),
    arguments: checkArguments(tool.arguments, check.at("arguments")),
    ...(tool.window === undefined ? {} : { window: tool.window }),
    ...checkResponses(tool.responses, check.at("responses")),
  };
}
