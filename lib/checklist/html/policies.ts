import type { ClientPolicy, PolicyDocument, ToolPolicy } from "../../policy/document";
import { html, table, type Markup } from "./markup";

/** Who may call what of one server, how often, how long and when. */
export function policySection(policy: PolicyDocument): Markup {
  const clients = Object.entries(policy.clients);
  const windows = Object.entries(policy.windows);
  return html`<h3>${policy.server}: <code>${policy.resource}</code></h3>
    <p>
      Protocol era ${policy.era}; messages up to ${policy.maxBodyBytes / 1024} KiB; a message that is no tool
      call ends after ${policy.messageTimeoutSeconds} seconds. Everything that is not in this table is
      refused.
    </p>
    ${table(
      `Tools of ${policy.server} and its clients`,
      [
        "tool",
        "access",
        "calls a minute",
        "ends after",
        "scopes of a token",
        "window",
        ...clients.map(([name]) => name),
      ],
      Object.entries(policy.tools).map(([name, tool]) => [
        html`<code>${name}</code>`,
        tool.access,
        limits(tool),
        `${tool.timeoutSeconds} s`,
        tool.scopes.join(" ") || "none",
        tool.window ?? "always",
        ...clients.map(([, client]) => (client.tools.includes(name) ? "may call" : "refused")),
      ]),
    )}
    ${table(
      `Clients of ${policy.server}`,
      ["client", "proof", "messages a minute", "what its credential is good for"],
      clients.map(([name, client]) => [name, proof(client), client.callsPerMinute, reach(client, policy)]),
    )}
    ${windows.length === 0 ? undefined : windowTable(policy.server, windows)}`;
}

function windowTable(
  server: string,
  windows: readonly (readonly [string, PolicyDocument["windows"][string]])[],
): Markup {
  return table(
    `Windows of ${server}, in UTC`,
    ["window", "open"],
    windows.map(([name, intervals]) => [
      name,
      intervals.map(({ from, to }) => `${minute(from)} to ${minute(to)}`).join(", ") || "never",
    ]),
  );
}

/** Seconds are said only where there are some. */
function minute(instant: string): string {
  return instant.replace(/(:00)?\.000Z$/, "Z");
}

function limits({ callsPerMinute, callsPerMinutePerClient: each }: ToolPolicy): string {
  return each === undefined ? `${callsPerMinute} in all` : `${callsPerMinute} in all, ${each} each`;
}

function proof({ identity }: ClientPolicy): string {
  return identity.kind === "apiKey" ? "API key" : `token with ${identity.claim} = ${identity.equals}`;
}

/** The blast radius of a stolen credential: its tools by what they do, and how often at most. */
function reach(client: ClientPolicy, { tools }: PolicyDocument): string {
  const parts = (["read", "write", "destructive"] as const).flatMap((access) => {
    const names = client.tools.filter((name) => tools[name]?.access === access);
    return names.length === 0
      ? []
      : [`${access}: ${names.map((name) => often(name, client, tools[name])).join(", ")}`];
  });
  return parts.join("; ") || "no tool";
}

function often(name: string, client: ClientPolicy, tool: ToolPolicy | undefined): string {
  const most = Math.min(
    client.callsPerMinute,
    tool?.callsPerMinute ?? Infinity,
    tool?.callsPerMinutePerClient ?? Infinity,
  );
  return `${name} (up to ${most} a minute${tool?.window === undefined ? "" : `, in ${tool.window}`})`;
}
