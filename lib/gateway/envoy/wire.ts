import type { ArgumentConfig } from "../../policy/config";
import type { PolicyDocument, ToolPolicy } from "../../policy/document";
import { readPattern } from "../../policy/pattern";
import { resourceMetadataPath } from "../contract";

/** The policy as the gateway's Lua programs read it: the document, with short names and everything looked up. */
export function policyJson(policy: PolicyDocument): string {
  const numbers = new Map(patterns(policy).map((pattern, index) => [pattern, `${index + 1}`]));
  const [issuer] = policy.issuers;
  return JSON.stringify({
    v: 1,
    resource: policy.resource,
    // Says which it is to whoever reads the file; the gateway is bound by the tools that are in it.
    ...(policy.half && { half: policy.half }),
    ...(issuer && {
      metadata: `https://${policy.hostname}${resourceMetadataPath(policy.path)}`,
      lifetime: issuer.maxLifetimeSeconds,
      scopes: policy.scopes.join(" "),
    }),
    era: policy.era,
    versions: policy.protocolVersions,
    methods: policy.methods,
    depth: policy.maxDepth,
    values: policy.maxValues,
    timeout: policy.messageTimeoutSeconds * 1000,
    clients: map(policy.clients, ({ identity, tools, callsPerMinute }) => ({
      ...(identity.kind === "apiKey"
        ? { by: "key" }
        : { by: "jwt", claim: identity.claim, is: identity.equals }),
      limit: `${callsPerMinute}`,
      tools,
    })),
    tools: map(policy.tools, (tool) => wireTool(tool, numbers)),
    windows: map(policy.windows, (intervals) =>
      intervals.map(({ from, to }) => [seconds(from), seconds(to)]),
    ),
  });
}

/** The distinct patterns of a policy, sorted, so that one more tool with the same pattern costs nothing. */
export function patterns(policy: PolicyDocument): string[] {
  const found = new Set<string>();
  const visit = (argument: ArgumentConfig): void => {
    if (argument.type === "string" && argument.pattern !== undefined) found.add(argument.pattern);
    if (argument.type === "array") visit(argument.items);
    if (argument.type === "object") Object.values(argument.properties).forEach(visit);
  };
  for (const tool of Object.values(policy.tools)) Object.values(tool.arguments).forEach(visit);
  // One that was refused is reported by the policy's own check; nothing is rendered from it.
  return [...found].filter((pattern) => "re2" in readPattern(pattern)).sort();
}

function wireTool(tool: ToolPolicy, numbers: ReadonlyMap<string, string>): object {
  return {
    timeout: tool.timeoutSeconds * 1000,
    limit: `${tool.callsPerMinute}`,
    each: tool.callsPerMinutePerClient === undefined ? undefined : `${tool.callsPerMinutePerClient}`,
    scopes: tool.scopes.length === 0 ? undefined : tool.scopes,
    window: tool.window,
    fields: map(tool.arguments, (argument) => wireArgument(argument, numbers)),
  };
}

function wireArgument(argument: ArgumentConfig, numbers: ReadonlyMap<string, string>): object {
  const common = {
    type: argument.type,
    required: argument.required || undefined,
    log: argument.log || undefined,
  };
  switch (argument.type) {
    case "string":
      return {
        ...common,
        max: argument.maxLength,
        min: argument.minLength,
        enum: argument.enum,
        pattern: argument.pattern === undefined ? undefined : numbers.get(argument.pattern),
      };
    case "integer":
    case "number":
      return { ...common, min: argument.minimum, max: argument.maximum };
    case "boolean":
      return common;
    case "array":
      return {
        ...common,
        max: argument.maxItems,
        min: argument.minItems,
        items: wireArgument(argument.items, numbers),
      };
    case "object":
      return { ...common, fields: map(argument.properties, (property) => wireArgument(property, numbers)) };
  }
}

function map<T, U>(entries: Readonly<Record<string, T>>, to: (item: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(entries).map(([name, item]) => [name, to(item)]));
}

function seconds(instant: string): number {
  return Math.floor(Date.parse(instant) / 1000);
}
