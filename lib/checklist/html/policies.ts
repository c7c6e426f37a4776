import type { MethodPolicy, ToolPolicy } from "../../policy/document";
import type { Credential, CredentialMethod, CredentialTool } from "../credentials";
import type { ReportedPolicy } from "../report";
import { html, table, type Hole, type Markup } from "./markup";

/** Who may call what of one server, how often, how long and when. */
export function policySection(policy: ReportedPolicy, credentials: readonly Credential[]): Markup {
  const clients = Object.entries(policy.clients);
  const windows = Object.entries(policy.windows);
  return html`<h3>${policy.server}: <code>${policy.resource}</code></h3>
    <p>
      Protocol era ${policy.era}; messages up to ${policy.maxBodyBytes / 1024} KiB; a message that is no tool
      call ends after ${policy.messageTimeoutSeconds} seconds. Everything that is not in this table is
      refused${policy.openedMethods && ", but for the methods in the next one"}.
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
    ${policy.openedMethods && methodTable(policy, policy.openedMethods)}
    ${table(
      `What a stolen credential of ${policy.server} is good for`,
      ["client", "proof", "messages a minute", "tools, what does most harm first"],
      credentials
        .filter(({ server }) => server === policy.server)
        .map(({ client, proof, messagesPerMinute, tools, methods = [] }) => [
          client,
          proof,
          messagesPerMinute,
          tools.length + methods.length === 0
            ? "none"
            : html`<ul>
                ${[...tools.map(stolen), ...methods.map(sent)]}
              </ul>`,
        ]),
    )}
    ${windows.length === 0 ? undefined : windowTable(policy.server, windows)}`;
}

function methodTable(
  { server, clients }: ReportedPolicy,
  methods: NonNullable<ReportedPolicy["openedMethods"]>,
): Markup {
  const all = Object.entries(clients);
  return table(
    `Methods of ${server} besides, and its clients`,
    ["method", "may name", "calls a minute", "ends after", "scopes of a token", ...all.map(([name]) => name)],
    Object.entries(methods).map(([name, method]) => [
      html`<code>${name}</code>`,
      namesOf(method),
      limits(method),
      `${method.timeoutSeconds} s`,
      method.scopes.join(" ") || "none",
      ...all.map(([, client]) => (client.methods?.includes(name) ? "may call" : "refused")),
    ]),
  );
}

function namesOf({ allow }: MethodPolicy): string {
  return [...(allow?.exact ?? []), ...(allow?.startsWith ?? []).map((start) => `${start}…`)].join(" ") || "-";
}

function windowTable(
  server: string,
  windows: readonly (readonly [string, ReportedPolicy["windows"][string]])[],
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

function limits({ callsPerMinute, callsPerMinutePerClient: each }: ToolPolicy | MethodPolicy): string {
  return each === undefined ? `${callsPerMinute} in all` : `${callsPerMinute} in all, ${each} each`;
}

/** One method of a stolen credential. */
function sent({ method, names, callsPerMinute, timeoutSeconds, scopes }: CredentialMethod): Hole {
  const besides = scopes.length === 0 ? "" : `, with the scopes ${scopes.join(" ")}`;
  const what = names === undefined ? "" : ` of ${names.join(" ") || "nothing by name"}`;
  return html`<li>
    <code>${method}</code>${what}: up to ${callsPerMinute} a minute, ${timeoutSeconds} s each${besides}
  </li>`;
}

/** One tool of a stolen credential: how often, how long, with what besides, and when. */
function stolen({ tool, access, callsPerMinute, timeoutSeconds, scopes, window }: CredentialTool): Hole {
  const besides = scopes.length === 0 ? "" : `, with the scopes ${scopes.join(" ")}`;
  const when = window === undefined ? "" : `, in ${window.name}`;
  return html`<li>
    <code>${tool}</code> (${access}): up to ${callsPerMinute} a minute, ${timeoutSeconds} s
    each${besides}${when}
  </li>`;
}
