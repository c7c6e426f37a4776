import type { ClientPolicy, MethodPolicy, PolicyDocument, ToolPolicy } from "../../policy/document";
import { resourceMetadataPath } from "../contract";
import { MAX_RESPONSE_KIB } from "../../policy/responses";
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
    ...(policy.sessions && { sessions: true }),
    era: policy.era,
    versions: policy.protocolVersions,
    methods: policy.methods,
    depth: policy.maxDepth,
    values: policy.maxValues,
    timeout: policy.messageTimeoutSeconds * 1000,
    clients: map(policy.clients, ({ identity, tools, methods, callsPerMinute, callsAtOncePerTask }) => ({
      ...wireIdentity(identity),
      limit: `${callsPerMinute}`,
      // For the checklist, as that of a tool.
      room: callsAtOncePerTask,
      tools,
      methods,
    })),
    tools: map(policy.tools, (tool) => wireTool(tool, numbers)),
    opened: policy.openedMethods && map(policy.openedMethods, wireMethod),
    windows: map(policy.windows, (intervals) =>
      intervals.map(({ from, to }) => [seconds(from), seconds(to)]),
    ),
    listed: policy.listed,
  });
}

function wireIdentity(identity: ClientPolicy["identity"]): object {
  switch (identity.kind) {
    case "apiKey":
      return { by: "key" };
    case "jwt":
      return { by: "jwt", claim: identity.claim, is: identity.equals };
    case "mtls":
      return { by: "mtls", subject: identity.subject, issuer: identity.issuer, serial: identity.serial };
  }
}

function wireTool(tool: ToolPolicy, numbers: ReadonlyMap<string, string>): object {
  return {
    ...wireCommon(tool),
    // For the checklist: the gateway is bound by the cluster of this size.
    room: tool.callsAtOncePerTask,
    window: tool.window,
    fields: map(tool.arguments, (argument) => wireArgument(argument, numbers)),
  };
}

function wireMethod(method: MethodPolicy): object {
  const { allow } = method;
  return {
    ...wireCommon(method),
    era: method.era,
    allow: allow && {
      exact: Object.fromEntries(allow.exact.map((name) => [name, true])),
      starts: allow.startsWith,
    },
    log: method.log,
    values: method.maxValueLength,
  };
}

function wireCommon(its: ToolPolicy | MethodPolicy): object {
  return {
    timeout: its.timeoutSeconds * 1000,
    limit: `${its.callsPerMinute}`,
    each: its.callsPerMinutePerClient === undefined ? undefined : `${its.callsPerMinutePerClient}`,
    scopes: its.scopes.length === 0 ? undefined : its.scopes,
    // The program's own default is the same.
    most: its.maxResponseBytes === MAX_RESPONSE_KIB * 1024 ? undefined : its.maxResponseBytes,
    refuse: its.refuse && Object.entries(its.refuse).map(([name, rules]) => ({ name, rules })),
  };
}

function seconds(instant: string): number {
  return Math.floor(Date.parse(instant) / 1000);
}
