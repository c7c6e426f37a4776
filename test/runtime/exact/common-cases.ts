import type { Case, Group } from "./exact";
import { call, modern, refusal, send } from "./messages";
import { goes } from "./call-cases";
import { LISTED } from "./plain";
import { KEYS, METHODS, TOOLS } from "./policies";

const starts = (fails: string, policy: object): Group => ({ policy, env: KEYS, fails, cases: [] });
const without = (name: string) => starts(`HMCP_POLICY lacks ${name}`, { ...TOOLS, [name]: undefined });
/** A policy with something so many levels deep. */
const deep = (levels: number): object => (levels === 1 ? {} : { within: deep(levels - 1) });
const { ci, app } = TOOLS.clients;
const SCOPED = {
  ...TOOLS,
  clients: { ...TOOLS.clients, app: { ...app, tools: ["scoped"] } },
  // Characters that Lua's patterns know.
  tools: { ...TOOLS.tools, scoped: { ...TOOLS.tools.scoped, scopes: ["a.c-d"] } },
};
const scoped = (scopes: string, fine: boolean): Case => [
  `scopes ${scopes}`,
  send(call("scoped"), { caller: { client: "app", proof: "jwt", scopes } }),
  fine
    ? goes("scoped")
    : refusal({
        ...{ status: 403, code: -31403, message: "insufficient scope", reason: "scope-missing" },
        ...{ detail: "a.c-d", about: { method: "tools/call", tool: "scoped" } },
        challenge:
          'Bearer error="insufficient_scope", resource_metadata="https://mcp.example.com/meta", scope="a.c-d"',
      }),
];

/** What a policy must have, and what both stages need. */
export const COMMON_GROUPS: readonly Group[] = [
  starts("HMCP_POLICY has another version", { ...TOOLS, v: 2 }),
  ...[
    "resource",
    "era",
    "versions",
    "methods",
    "depth",
    "values",
    "timeout",
    "clients",
    "tools",
    "windows",
  ].map(without),
  starts("ci names an unknown tool", {
    ...TOOLS,
    clients: { ...TOOLS.clients, ci: { ...ci, tools: ["nothing"] } },
  }),
  starts("ci names an unknown method", {
    ...METHODS,
    clients: { ...METHODS.clients, ci: { ...METHODS.clients.ci, methods: ["resources/templates/none"] } },
  }),
  {
    policy: { ...TOOLS, more: deep(31) },
    env: KEYS,
    cases: [["a policy as deep as may be", send(modern("tools/list")), LISTED]],
  },
  // An error of the reader is a table, which says no more.
  starts("error object is not a string", { ...TOOLS, more: deep(32) }),
  {
    policy: { ...TOOLS, scopes: "" },
    env: KEYS,
    cases: [
      [
        "nobody, where no scopes are asked for",
        { run: "auth", headers: [[":method", "POST"]] },
        refusal({
          ...{ status: 401, code: -31401, message: "credential missing", reason: "credential-missing" },
          ...{ id: null, challenge: 'Bearer resource_metadata="https://mcp.example.com/meta"' },
        }),
      ],
    ],
  },
  {
    policy: SCOPED,
    env: KEYS,
    cases: [scoped("a.c-d", true), scoped("abc-d", false), scoped("abcd", false), scoped("a.cd", false)],
  },
];
