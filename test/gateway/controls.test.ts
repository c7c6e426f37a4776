import { gatewayControls } from "../../lib/gateway/controls";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";
import { judge, named } from "../audit/judge";
import { TestIssuer } from "../support/tokens";
import { build } from "./lab";
import { LIMITS_BROKEN, type LimitsEdit } from "./limits-broken";
import { opening } from "./methods-cases";
import {
  inLines,
  logsOf,
  managerOf,
  routesOf,
  tlsOf,
  withoutName,
  type Data,
  type Envoy,
} from "./written-bootstrap";

const server = opening(new TestIssuer());
const slow = server.tools["slow"] as (typeof server.tools)[string];
const narrow = server.clients["narrow"] as (typeof server.clients)[string];
const { container } = build(
  {
    ...server,
    clients: { ...server.clients, narrow: { ...narrow, callsAtOncePerTask: 2 } },
    tools: { ...server.tools, slow: { ...slow, callsAtOncePerTask: 3 } },
  },
  3000,
  {},
  { peersHostname: "orders.acme.internal" },
);

/** A file with one task definition, its gateway changed. */
function planOf(
  change: (container: Data, edit: Edit) => void = () => undefined,
  others: Data[] = [{ name: "server" }],
): Plan {
  const copy = structuredClone(container) as unknown as Data & {
    command: string[];
    environment: { name: string; value: string }[];
  };
  const edit: Edit = {
    envoy: (alter) => {
      const at = copy.command.indexOf("--config-yaml") + 1;
      const bootstrap = JSON.parse(copy.command[at] as string) as Envoy;
      alter(bootstrap);
      copy.command[at] = JSON.stringify(bootstrap);
    },
    filter: (name, alter) =>
      edit.envoy((bootstrap) => {
        const filters = managerOf(bootstrap).http_filters as { name: string; typed_config: Data }[];
        const found = filters.find((filter) => filter.name === name);
        if (!found) throw new Error(`there is no ${name}`);
        alter(found.typed_config, filters);
      }),
    policy: (alter) => {
      const variable = copy.environment.find(({ name }) => name === "HMCP_POLICY") as { value: string };
      const policy = JSON.parse(variable.value) as Policy;
      alter(policy);
      variable.value = JSON.stringify(policy);
    },
  };
  change(copy, edit);
  const definitions = JSON.stringify([copy, ...others])
    .replace(/\$\{/g, "$$${")
    .replace(/%\{/g, "%%{");
  const task = { container_definitions: definitions };
  return new Plan({ resource: { aws_ecs_task_definition: { task } } } as TerraformJson);
}

interface Edit {
  envoy(alter: (bootstrap: Envoy) => void): void;
  filter(name: string, alter: (config: Data, all: { name: string }[]) => void): void;
  policy(alter: (policy: Policy) => void): void;
}
interface Policy {
  lifetime?: number;
  algorithms?: string[];
  clients: Record<string, Data>;
  tools: Record<string, Data & { fields?: Record<string, Data> }>;
  opened: Record<string, Data>;
}

test.each(gatewayControls.map((control) => [control.id, control] as const))(
  "%s holds as built",
  (_id, control) => {
    expect(judge(control, planOf())).toEqual([{ holds: true }]);
  },
);

type Break = [id: string, what: string, change: (container: Data, edit: Edit) => void, others?: Data[]];

const BROKEN: Break[] = [
  [
    "only-open-port",
    "the server opens a port",
    () => undefined,
    [{ name: "server", portMappings: [{ containerPort: 3000 }] }],
  ],
  [
    "only-open-port",
    "a second port",
    (c) => void (c.portMappings = [{ containerPort: 8443 }, { containerPort: 9901 }]),
  ],
  ["only-open-port", "an admin interface", (_c, e) => e.envoy((b) => void (b.admin = {}))],
  [
    "only-open-port",
    "a second listener",
    (_c, e) => e.envoy((b) => void b.static_resources.listeners.push({ filter_chains: [] })),
  ],
  [
    "tls",
    "TLS 1.1",
    (_c, e) => e.envoy((b) => void (tlsOf(b).tls_params.tls_minimum_protocol_version = "TLSv1_1")),
  ],
  [
    "tls",
    "a weak cipher",
    (_c, e) => e.envoy((b) => void (tlsOf(b).tls_params.cipher_suites = ["AES128-GCM-SHA256"])),
  ],
  ["tls", "Envoy's own ciphers", (_c, e) => e.envoy((b) => void delete tlsOf(b).tls_params.cipher_suites)],
  [
    "filter-chain",
    "no policy",
    (_c, e) =>
      e.filter(
        "hmcp.policy",
        (_f, all) =>
          void all.splice(
            all.findIndex((f) => f.name === "hmcp.policy"),
            1,
          ),
      ),
  ],
  [
    "filter-chain",
    "the policy after the final rule",
    (_c, e) => e.filter("hmcp.policy", (_f, all) => void all.reverse()),
  ],
  [
    "default-deny",
    "no mark",
    (_c, e) =>
      e.filter(
        "hmcp.authorize",
        (f) => void (f.rules = { action: "ALLOW", policies: { all: { permissions: [{ any: true }] } } }),
      ),
  ],
  [
    "default-deny",
    "a second policy",
    (_c, e) =>
      e.filter(
        "hmcp.authorize",
        (f) => void ((f.rules as { policies: Data }).policies.more = { permissions: [{ any: true }] }),
      ),
  ],
  [
    "program-unchanged",
    "another program",
    (c) =>
      void ((c.environment as { name: string; value: string }[])[1] = {
        name: "HMCP_LUA",
        value: "-- nothing",
      }),
  ],
  [
    "program-unchanged",
    "code of its own",
    (_c, e) => e.filter("hmcp.policy", (f) => void (f.default_source_code = { inline_string: "" })),
  ],
  [
    "tokens-verified",
    "no audience",
    (_c, e) =>
      e.filter(
        "hmcp.jwt",
        (f) => void (((f.providers as Record<string, Data>).issuer as Data).audiences = []),
      ),
  ],
  [
    "tokens-verified",
    "no issuer",
    (_c, e) =>
      e.filter("hmcp.jwt", (f) => void delete ((f.providers as Record<string, Data>).issuer as Data).issuer),
  ],
  [
    "tokens-verified",
    "an algorithm of secrets",
    (_c, e) => e.policy((p) => void (p.algorithms = ["RS256", "HS256"])),
  ],
  ["headers-stripped", "claim a certificate", (_c, e) => e.envoy((b) => withoutName(b, "x-amzn-mtls-"))],
  ["headers-stripped", "give Envoy orders", (_c, e) => e.envoy((b) => withoutName(b, "x-envoy-"))],
  [
    "headers-stripped",
    "say themselves who they are",
    (_c, e) => e.envoy((b) => withoutName(b, "x-mcp-client")),
  ],
  [
    "headers-stripped",
    "say themselves what a token says",
    (_c, e) => e.envoy((b) => withoutName(b, "x-mcp-claims")),
  ],
  ["tokens-verified", "no algorithm", (_c, e) => e.policy((p) => void delete p.algorithms)],
  ["tokens-verified", "a long life", (_c, e) => e.policy((p) => void (p.lifetime = 86_400))],
  [
    "tokens-verified",
    "nothing to verify with",
    (_c, e) => e.filter("hmcp.jwt", (f) => void (f.providers = {})),
  ],
  ["clients-proven", "no clients", (_c, e) => e.policy((p) => void (p.clients = {}))],
  ["clients-proven", "a key without a secret", (c) => void (c.secrets = [{ name: "HMCP_TLS_KEY" }])],
  [
    "clients-proven",
    "an unknown tool",
    (_c, e) => e.policy((p) => void (p.clients.narrow = { by: "key", tools: ["x"] })),
  ],
  [
    "clients-proven",
    "a method that is not opened",
    (_c, e) => e.policy((p) => void delete p.opened["resources/read"]),
  ],
  ...(
    [
      ["limits", "a method without", { limit: "999" }],
      ["limits", "a method without one for each client", { each: "999" }],
      ["timeouts", "a method without", { timeout: 0 }],
      ["arguments-bounded", "a method that may name anything", { allow: undefined }],
      ["arguments-bounded", "an empty beginning", { allow: { exact: {}, starts: [""] } }],
      ["arguments-bounded", "a beginning within a name", { allow: { exact: {}, starts: ["file:///a"] } }],
      ["arguments-bounded", "values without bounds", { values: undefined }],
    ] as const
  ).map(([id, what, change]): Break => [
    id,
    what,
    (_c, e) => e.policy((p) => void (p.opened["prompts/get"] = { ...p.opened["prompts/get"], ...change })),
  ]),
  [
    "arguments-bounded",
    "a method that nobody knows",
    (_c, e) => e.policy((p) => void (p.opened["sampling/all"] = { timeout: 1, limit: "6000" })),
  ],
  [
    "limits",
    "a tool without",
    (_c, e) => e.policy((p) => void (p.tools.search = { ...p.tools.search, limit: "999" })),
  ],
  [
    "limits",
    "a client without",
    (_c, e) => e.policy((p) => void (p.clients.narrow = { ...p.clients.narrow, limit: "999" })),
  ],
  [
    "limits",
    "not enforced",
    (_c, e) =>
      e.filter("hmcp.tool-limit", (f) => void (f.filter_enforced = { default_value: { numerator: 0 } })),
  ],
  ...LIMITS_BROKEN.map(([id, what, change]): (typeof BROKEN)[number] => [
    id,
    what,
    (_c, e) => change(e as unknown as LimitsEdit),
  ]),
  ["timeouts", "a tool without", (_c, e) => e.policy((p) => void delete p.tools.search?.timeout)],
  ["timeouts", "no tools", (_c, e) => e.policy((p) => void (p.tools = {}))],
  [
    "arguments-bounded",
    "text without a length",
    (_c, e) => e.policy((p) => void delete p.tools.search?.fields?.query?.max),
  ],
  [
    "arguments-bounded",
    "bodies without a cap",
    (_c, e) => e.filter("hmcp.size", (f) => void (f.max_request_bytes = 0)),
  ],
  [
    "secrets-apart",
    "a key as plain text",
    (c) => void (c.environment as Data[]).push({ name: "HMCP_KEYS_CI_BOT", value: "…" }),
  ],
  ["secrets-apart", "no secret for the certificate", (c) => void (c.secrets = [])],
  ["confined", "root", (c) => void (c.user = "0:0")],
  ["confined", "the image's user", (c) => void delete c.user],
  ["confined", "a writable file system", (c) => void (c.readonlyRootFilesystem = false)],
  ["confined", "capabilities", (c) => void (c.linuxParameters = {})],
  ["confined", "not essential", (c) => void (c.essential = false)],
  ["headers-stripped", "no expression", (_c, e) => e.envoy((b) => withoutName(b, "x-mcp-client", "("))],
  ...["authorization", "x-api-key", "cookie", "x-mcp-claims", "mcp-session-id"].map((name): Break => [
    "credentials-kept",
    `${name} goes on`,
    (_c, e) =>
      e.envoy((b) => {
        const [first] = routesOf(b);
        if (first)
          first.request_headers_to_remove = first.request_headers_to_remove.filter((one) => one !== name);
      }),
  ]),
  ["recorded", "no log", (_c, e) => e.envoy((b) => void (managerOf(b).access_log = []))],
  ["recorded", "strangers alone", (_c, e) => e.envoy((b) => void logsOf(b).shift())],
  ["recorded", "those who are proven alone", (_c, e) => e.envoy((b) => void logsOf(b).pop())],
  ["recorded", "one line more", (_c, e) => e.envoy((b) => logsOf(b).push(logsOf(b)[0] as never))],
  ["recorded", "another file", (_c, e) => e.envoy((b) => inLines(b, "StdoutAccessLog", "FileAccessLog"))],
  ["recorded", "no path of strangers", (_c, e) => e.envoy((b) => inLines(b, '"path":', '"way":'))],
  [
    "recorded",
    "no reason of those who are proven",
    (_c, e) => e.envoy((b) => inLines(b, '\\"reason\\"', '\\"why\\"')),
  ],
  ["recorded", "no call", (_c, e) => e.envoy((b) => inLines(b, "hmcp.message", "hmcp.none"))],
  [
    "recorded",
    "of who is proven only what was refused",
    (_c, e) => e.envoy((b) => inLines(b, '"not_health_check_filter":{}', '"response_flag_filter":{}')),
  ],
  [
    "recorded",
    "a log that may be dropped",
    (c) => void ((c.logConfiguration as { options: Data }).options.mode = "non-blocking"),
  ],
];

test.each(BROKEN)("gateway.%s fails: %s", (...[id, _what, change, others]) => {
  const found = judge(named(gatewayControls, `gateway.${id}`), planOf(change, others));
  expect(found).toEqual([{ holds: false, says: expect.any(String) }]);
});

test("every control has a test that breaks it", () => {
  // Needs a listener beside the gateway: test/ingress/certificates.test.ts.
  const broken = new Set([...BROKEN.map(([id]) => `gateway.${id}`), "gateway.certificates-verified"]);
  expect(gatewayControls.map(({ id }) => id).filter((id) => !broken.has(id))).toEqual([]);
});

const [first] = gatewayControls;
test.each([
  ["known only at deployment", "${data.x.y}", "unknown"],
  ["no JSON", "oops", false],
  ["a server without a gateway", JSON.stringify([{ name: "server" }]), false],
  ["somebody else's", JSON.stringify([{ name: "web" }]), true],
])("a task definition that is %s", (_what, container_definitions, holds) => {
  const plan = new Plan({ resource: { aws_ecs_task_definition: { task: { container_definitions } } } });
  expect(first && judge(first, plan)).toEqual([expect.objectContaining({ holds })]);
});
