import type { PolicyDocument, ToolPolicy } from "../../policy/document";
import { resourceMetadataPath } from "../contract";
import { map, patterns, wireArgument } from "./wire-arguments";

/** The policy as the gateway's Lua programs read it: the document, with short names and everything looked up. */
export function policyJson(policy: PolicyDocument): string {
  const numbers = new Map([...patterns(policy).keys()].map((pattern, index) => [pattern, `${index + 1}`]));
  const [issuer] = policy.issuers;
  return JSON.stringify({
    v: 1,
    resource: policy.resource,
    // Says which it is to whoever reads the file; the gateway is bound by the tools that are in it.
    ...(policy.half && { half: policy.half }),
    ...(issuer && {
      metadata: `https://${policy.hostname}${resourceMetadataPath(policy.path)}`,
      lifetime: issuer.maxLifetimeSeconds,
      algorithms: issuer.algorithms,
      scopes: policy.scopes.join(" "),
    }),
    ...(policy.limits.scope === "exact" && { exact: true }),
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

function wireTool(tool: ToolPolicy, numbers: ReadonlyMap<string, string>): object {
  return {
    timeout: tool.timeoutSeconds * 1000,
    limit: `${tool.callsPerMinute}`,
    each: tool.callsPerMinutePerClient === undefined ? undefined : `${tool.callsPerMinutePerClient}`,
    // For the checklist: the gateway is bound by the cluster of this size.
    room: tool.callsAtOncePerTask,
    scopes: tool.scopes.length === 0 ? undefined : tool.scopes,
    window: tool.window,
    fields: map(tool.arguments, (argument) => wireArgument(argument, numbers)),
  };
}

function seconds(instant: string): number {
  return Math.floor(Date.parse(instant) / 1000);
}
