import { readPolicies } from "./manifest";
import type { ClientPolicy, Interval, MethodPolicy, PolicyDocument, ToolPolicy } from "../policy/document";
import { identityText } from "../policy/identity";
import type { Plan } from "../terraform/plan";

/** One tool that a credential opens, with all that bounds its use. */
export interface CredentialTool {
  readonly tool: string;
  readonly access: ToolPolicy["access"];
  /** The lowest of the limits that apply: of the client, of the tool, of the tool for each client. */
  readonly callsPerMinute: number;
  readonly timeoutSeconds: number;
  /** Scopes that a token has to hold besides; none for keys. */
  readonly scopes: readonly string[];
  /** When it may be called; absent = always. */
  readonly window?: { readonly name: string; readonly open: readonly Interval[] };
}

/** One method that a credential opens, and what may be named by it. */
export interface CredentialMethod extends Pick<
  CredentialTool,
  "callsPerMinute" | "timeoutSeconds" | "scopes"
> {
  readonly method: string;
  /** To the letter, and beginnings with `…`; absent = it names nothing. */
  readonly names?: readonly string[];
}

/** The blast radius of one client's credential: what somebody could do who has stolen it. */
export interface Credential {
  readonly server: string;
  readonly client: string;
  /** `API key`, or which claim of a token. */
  readonly proof: string;
  /** Messages of all kinds. */
  readonly messagesPerMinute: number;
  /** What destroys first, then what writes, then what reads. */
  readonly tools: readonly CredentialTool[];
  /** Absent = none. */
  readonly methods?: readonly CredentialMethod[];
}

/** What each client's credential is good for, of every server of ours in a plan. */
export function credentialsOf(plan: Plan): Credential[] {
  return [...readPolicies(plan.source).values()].flatMap((policy) =>
    Object.keys(policy.clients).flatMap((client) => credentialOf(client, policy) ?? []),
  );
}

/** What a client's credential is good for; nothing when the server knows no such client. */
export function credentialOf(name: string, policy: PolicyDocument): Credential | undefined {
  const client = Object.hasOwn(policy.clients, name) ? policy.clients[name] : undefined;
  if (client === undefined) return undefined;
  const tools = client.tools.flatMap((tool) => toolOf(tool, client, policy) ?? []);
  const methods = (client.methods ?? []).flatMap((method) => methodOf(method, client, policy) ?? []);
  return {
    server: policy.server,
    client: name,
    proof: identityText(client.identity),
    messagesPerMinute: client.callsPerMinute,
    tools: tools.sort((a, b) => WEIGHT.indexOf(a.access) - WEIGHT.indexOf(b.access)),
    ...(methods.length > 0 && { methods }),
  };
}

const WEIGHT: readonly ToolPolicy["access"][] = ["destructive", "write", "read"];

function toolOf(name: string, client: ClientPolicy, policy: PolicyDocument): CredentialTool | undefined {
  const tool = Object.hasOwn(policy.tools, name) ? policy.tools[name] : undefined;
  if (tool === undefined) return undefined;
  const { access, timeoutSeconds, scopes, window } = tool;
  return {
    tool: name,
    access,
    callsPerMinute: lowest(client, tool),
    timeoutSeconds,
    scopes: client.identity.kind === "jwt" ? scopes : [],
    ...(window === undefined ? {} : { window: { name: window, open: policy.windows[window] ?? [] } }),
  };
}

function methodOf(name: string, client: ClientPolicy, policy: PolicyDocument): CredentialMethod | undefined {
  const opened = policy.openedMethods ?? {};
  const method = Object.hasOwn(opened, name) ? opened[name] : undefined;
  if (method === undefined) return undefined;
  const { allow, timeoutSeconds, scopes } = method;
  return {
    method: name,
    callsPerMinute: lowest(client, method),
    timeoutSeconds,
    scopes: client.identity.kind === "jwt" ? scopes : [],
    ...(allow && { names: [...allow.exact, ...allow.startsWith.map((start) => `${start}…`)] }),
  };
}

function lowest(client: ClientPolicy, its: ToolPolicy | MethodPolicy): number {
  return Math.min(client.callsPerMinute, its.callsPerMinute, its.callsPerMinutePerClient ?? Infinity);
}
