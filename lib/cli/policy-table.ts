import type {
  ClientPolicy,
  IssuerPolicy,
  LimitsPolicy,
  MethodPolicy,
  PolicyDocument,
  ToolPolicy,
} from "../policy/document";
import { identityText } from "../policy/identity";
import { argumentLines } from "./policy-arguments";

/** The tools of one server against its clients, for a terminal. Pure. */
export function policyTable(policy: PolicyDocument): string {
  const clients = Object.entries(policy.clients);
  const header = [
    "tool",
    "access",
    "calls/min",
    "seconds",
    "scopes",
    "window",
    ...clients.map(([name]) => name),
  ];
  const rows = Object.entries(policy.tools).map(([name, tool]) => [
    name,
    tool.access,
    limits(tool),
    String(tool.timeoutSeconds),
    tool.scopes.join(" ") || "-",
    tool.window ?? "always",
    ...clients.map(([, client]) => may(client, name)),
  ]);
  return [
    `${policy.server}: ${policy.resource} (era ${policy.era}, ${policy.sessions ? "sessions in one task, " : ""}bodies up to ${policy.maxBodyBytes} bytes)`,
    "",
    ...columns([header, ...rows]),
    ...methods(policy),
    "",
    ...clients.map(
      ([name, client]) =>
        `${name}: ${proof(client)}, ${client.callsPerMinute} messages a minute${atOnce(client)}`,
    ),
    ...Object.entries(policy.windows).map(
      ([name, intervals]) =>
        `window ${name}: ${intervals.map(({ from, to }) => `${from} to ${to}`).join(", ") || "never"}`,
    ),
    ...policy.issuers.map(tokens),
    ...(policy.limits === undefined ? [] : [fleet(policy.limits)]),
    "",
    "arguments (* required; of others than those logged the record has type and length; what is not listed is refused):",
    ...Object.entries(policy.tools).flatMap(([name, tool]) => {
      const lines = argumentLines(tool.arguments, "    ");
      return [`  ${name}${lines.length === 0 ? ": none" : ""}`, ...lines];
    }),
  ].join("\n");
}

/** What is opened besides, and what it may name. */
function methods({ openedMethods = {}, ...policy }: PolicyDocument): string[] {
  const clients = Object.entries(policy.clients);
  const all = Object.entries(openedMethods);
  if (all.length === 0) return [];
  const header = ["method", "calls/min", "seconds", "scopes", ...clients.map(([name]) => name), "may name"];
  const rows = all.map(([name, method]) => [
    ...[name, limits(method), String(method.timeoutSeconds), method.scopes.join(" ") || "-"],
    ...clients.map(([, client]) => (client.methods?.includes(name) ? "yes" : "-")),
    names(method),
  ]);
  return ["", ...columns([header, ...rows])];
}

function names({ allow }: MethodPolicy): string {
  return [...(allow?.exact ?? []), ...(allow?.startsWith ?? []).map((start) => `${start}…`)].join(" ") || "-";
}

function limits(its: ToolPolicy | MethodPolicy): string {
  const { callsPerMinute, callsPerMinutePerClient: each } = its;
  const atOnce = "callsAtOncePerTask" in its ? its.callsAtOncePerTask : undefined;
  return [`${callsPerMinute}`, each && `${each} each`, atOnce && `${atOnce} at once`]
    .filter(Boolean)
    .join(", ");
}

function tokens({ issuer, audience, maxLifetimeSeconds }: IssuerPolicy): string {
  return `tokens of ${issuer} for ${audience}, living up to ${maxLifetimeSeconds / 60} minutes`;
}

function fleet({ scope, onFailure, callsPerMinutePerAddress: address }: LimitsPolicy): string {
  const fails = onFailure === undefined ? "" : `, ${onFailure} without their store`;
  return `limits ${scope} over all tasks${fails}; ${address} requests a minute of one address`;
}

function may(client: ClientPolicy, tool: string): string {
  return client.tools.includes(tool) ? "yes" : "-";
}

function atOnce({ callsAtOncePerTask: most }: ClientPolicy): string {
  return most === undefined ? "" : `, ${most} at once on a task`;
}

function proof({ identity }: ClientPolicy): string {
  return identityText(identity);
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, index) => Math.max(...rows.map((row) => (row[index] ?? "").length)));
  return rows.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
