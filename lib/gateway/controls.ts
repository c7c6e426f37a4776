import type { Control, Item, Mapping } from "../checklist/control";
import { isOpenable, OPENABLE } from "../policy/methods";
import { digestVariable, GATEWAY, keyHashesVariable } from "./contract";
import { authorize } from "./envoy/policy";
import { loader, program, stage } from "./envoy/program";
import { FILTERS } from "./envoy/types";
import { addressRule, atOnceRule, limitsRule, sharedRule } from "./limit-rules";
import { identityControls } from "./identity-controls";
import { linesRule } from "./line-rules";
import { data, judgeGateway, list, type WrittenGateway } from "./read";

/** What is wrong with a gateway, or nothing. */
type Rule = (gateway: WrittenGateway) => string | undefined;

function control(id: string, item: Item, says: string, why: string, rule: Rule, maps?: Mapping): Control {
  return {
    ...{ id: `gateway.${id}`, item, says, why, on: ["aws_ecs_task_definition"], needed: true },
    judge: (block, plan) => judgeGateway(block, rule, plan),
    ...(maps && { maps }),
  };
}

const config = (gateway: WrittenGateway, name: string) =>
  gateway.filters.find((one) => one.name === name)?.config;
const code = (gateway: WrittenGateway, name: string) =>
  data(config(gateway, name)?.default_source_code).inline_string;
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** Order in which a request must pass them; between two of them others may stand. */
const ORDER = [
  FILTERS.addressLimit,
  FILTERS.flood,
  FILTERS.edge,
  FILTERS.auth,
  FILTERS.clientLimit,
  FILTERS.size,
  FILTERS.policy,
  FILTERS.authorize,
  FILTERS.toolLimit,
  FILTERS.router,
];
const WEAK = /CBC|SHA$|RC4|3DES|NULL|^(?!ECDHE-)/;

const onlyOpenPort: Rule = ({ container, others, listeners, bootstrap }) => {
  const open = others.filter((other) => list(other.portMappings).length > 0).map(({ name }) => String(name));
  if (open.length > 0) return `${open.join(", ")} can be reached past the gateway`;
  const ports = list(container.portMappings).map((one) => data(one).containerPort);
  if (!same(ports, [GATEWAY.port])) return `the gateway opens ${ports.join(", ") || "no port"}`;
  if (listeners.length !== 1) return `Envoy listens ${listeners.length} times`;
  return bootstrap.admin === undefined ? undefined : "Envoy's admin interface is open to the task";
};

const tls: Rule = ({ tls, listeners }) => {
  const parameters = data(tls.tls_params);
  if (!["TLSv1_2", "TLSv1_3"].includes(String(parameters.tls_minimum_protocol_version))) {
    return "the gateway takes TLS below 1.2";
  }
  const ciphers = list(parameters.cipher_suites).map(String);
  if (ciphers.length === 0 || ciphers.some((cipher) => WEAK.test(cipher)))
    return "the list of ciphers is open or weak";
  if (list(listeners[0]?.filter_chains).length !== 1) return "there is a second filter chain";
  return list(tls.tls_certificates).length > 0 ? undefined : "the gateway has no certificate";
};

const chain: Rule = (gateway) => {
  const names = gateway.filters.map(({ name }) => name);
  const places = ORDER.map((name) => names.indexOf(name));
  const missing = ORDER.find((_name, index) => (places[index] ?? -1) < 0);
  if (missing !== undefined) return `${missing} is missing`;
  if (places.some((place, index) => index > 0 && place <= (places[index - 1] ?? 0)))
    return "the filters stand in another order";
  const off = gateway.filters.find(({ config }) => config.disabled !== undefined);
  return off && `${off.name} is turned off`;
};

const mark: Rule = (gateway) => {
  const { action, policies } = data(config(gateway, FILTERS.authorize)?.rules);
  return action === "ALLOW" && same(policies, data(data(authorize().typed_config).rules).policies)
    ? undefined
    : "a request without a client or without the policy's mark reaches the server";
};

const ours: Rule = (gateway) => {
  const { opened, sessions } = gateway.policy;
  const needs = { methods: opened !== undefined, sessions: sessions !== undefined };
  if (gateway.variables[GATEWAY.env.program] !== program(needs))
    return "the Lua program is not the one of this version";
  if (gateway.variables[GATEWAY.env.loader] !== loader())
    return "what loads the program is not the one of this version";
  const stages =
    code(gateway, FILTERS.auth) === stage("auth") && code(gateway, FILTERS.policy) === stage("policy");
  return stages ? undefined : "a filter runs something else than the program";
};

const tokens: Rule = (gateway) => {
  const byToken = Object.values(gateway.policy.clients).some(({ by }) => by === "jwt");
  const providers = Object.values(data(config(gateway, FILTERS.jwt)?.providers)).map(data);
  if (providers.length === 0) return byToken ? "nothing verifies the tokens of its clients" : undefined;
  for (const provider of providers) {
    if (list(provider.audiences).length === 0) return "a token for somebody else is taken";
    if (typeof provider.issuer !== "string") return "a token of any issuer is taken";
    if (provider.require_expiration !== true) return "a token without an end is taken";
    if (list(provider.from_headers).length === 0) return "a token in the query is taken";
  }
  const { lifetime, algorithms = [] } = gateway.policy;
  if (algorithms.length === 0 || algorithms.some((name) => !["RS256", "PS256", "ES256"].includes(name)))
    return "a token may be signed with anything";
  return lifetime !== undefined && lifetime <= 3600 ? undefined : "a token may live longer than an hour";
};

const clients: Rule = ({ policy, container }) => {
  const all = Object.entries(policy.clients);
  if (all.length === 0) return "it has no clients";
  const secrets = list(container.secrets).map((one) => data(one).name);
  for (const [name, client] of all) {
    const proven =
      client.by === "key"
        ? secrets.includes(keyHashesVariable(name))
        : client.by === "mtls"
          ? client.subject
          : client.by === "jwt" && client.claim && client.is;
    if (!proven) return `${name} proves nothing`;
    if (client.tools?.some((tool) => !Object.hasOwn(policy.tools, tool)) ?? true)
      return `${name} may call what there is not`;
    if (client.methods?.some((method) => !Object.hasOwn(policy.opened ?? {}, method)))
      return `${name} may call a method that is not opened`;
  }
  return undefined;
};

const timeouts: Rule = ({ policy }) => {
  const all = Object.entries(policy.tools);
  if (all.length === 0) return "it has no tools";
  const without = all.find(
    ([, { timeout }]) => !(typeof timeout === "number" && timeout > 0 && timeout <= 3_600_000),
  );
  if (without) return `the tool ${without[0]} may run for ever`;
  const endless = Object.entries(policy.opened ?? {}).find(
    ([, { timeout }]) => !(typeof timeout === "number" && timeout > 0 && timeout <= 3_600_000),
  );
  return endless && `the method ${endless[0]} may run for ever`;
};

const argumentsDeclared: Rule = (gateway) => {
  const cap = Number(config(gateway, FILTERS.size)?.max_request_bytes);
  if (!(cap > 0 && cap <= 1_048_576)) return "bodies have no cap";
  const open = Object.entries(gateway.policy.tools).find(
    ([, { fields }]) => fields === undefined || !bounded({ type: "object", fields }),
  );
  if (open) return `the tool ${open[0]} takes arguments without bounds`;
  const opened = Object.entries(gateway.policy.opened ?? {});
  const unknown = opened.find(([name]) => !isOpenable(name));
  if (unknown) return `the gateway does not know what ${unknown[0]} may carry`;
  const free = opened.find(([name, method]) => isOpenable(name) && !named(OPENABLE[name], method));
  return free && `the method ${free[0]} may name what it likes`;
};

/** Whether a method that names something says what, and bounds the values it carries. */
function named(
  { names, values }: (typeof OPENABLE)[keyof typeof OPENABLE],
  { allow, values: most }: NonNullable<WrittenGateway["policy"]["opened"]>[string],
): boolean {
  if (values && !(typeof most === "number" && most > 0)) return false;
  if (names === undefined) return true;
  // An empty beginning is that of everything.
  const starts = list(data(allow).starts);
  return typeof allow?.exact === "object" && starts.every((start) => /[/._-]$/.test(String(start)));
}

/** Whether a schema, and every one in it, has a type and a largest size. */
function bounded(schema: Record<string, unknown>): boolean {
  switch (schema.type) {
    case "string":
      return typeof schema.max === "number";
    case "array":
      return typeof schema.max === "number" && bounded(data(schema.items));
    case "object":
      return Object.values(data(schema.fields)).every((field) => bounded(data(field)));
    default:
      return ["integer", "number", "boolean"].includes(String(schema.type));
  }
}

const secretsApart: Rule = ({ container, variables }) => {
  const secrets = list(container.secrets).map((one) => data(one).name);
  if (!secrets.includes(GATEWAY.env.tlsKey)) return "the certificate's key does not come from a secret";
  const { policy, program, loader } = GATEWAY.env;
  const known: readonly string[] = [policy, program, loader, digestVariable(policy), digestVariable(program)];
  const plain = Object.keys(variables).filter((name) => !known.includes(name));
  return plain.length === 0 ? undefined : `${plain.join(", ")} stands in the task definition as plain text`;
};

const confined: Rule = ({ container }) => {
  if (!/^[1-9]\d*(:[1-9]\d*)?$/.test(String(container.user)))
    return "the gateway runs as root or as whoever the image says";
  if (container.readonlyRootFilesystem !== true) return "the gateway may write to its file system";
  if (container.privileged === true) return "the gateway is privileged";
  const dropped = list(data(data(container.linuxParameters).capabilities).drop);
  if (!dropped.includes("ALL")) return "the gateway keeps capabilities";
  return container.essential === true ? undefined : "the task goes on without its gateway";
};

/** What must hold of every gateway, judged in the container definition of the final file. */
export const gatewayControls: readonly Control[] = [
  control(
    "only-open-port",
    11,
    "The gateway is the only container that can be reached, on one port",
    "A second way in passes by authentication, limits and the record.",
    onlyOpenPort,
    { owasp: ["MCP07", "MCP09"] },
  ),
  control(
    "tls",
    1,
    "The gateway takes TLS 1.2 and later with a closed list of ciphers",
    "Credentials and arguments would cross the VPC readable.",
    tls,
    { cosai: ["L3"] },
  ),
  control(
    "filter-chain",
    2,
    "Authentication, limits, policy and the final rule stand before the server, in this order",
    "A filter that is missing or late judges nothing.",
    chain,
    { owasp: ["MCP07"] },
  ),
  control(
    "default-deny",
    2,
    "Only a request with a proven client and the policy's mark reaches the server",
    "A filter that fails lets a request go on; the final rule does not.",
    mark,
    { owasp: ["MCP07"] },
  ),
  control(
    "program-unchanged",
    8,
    "The gateway runs the Lua program of this version, unchanged",
    "What was reviewed and tested must be what runs.",
    ours,
    { owasp: ["MCP04"] },
  ),
  control(
    "tokens-verified",
    4,
    "Tokens are verified for issuer, audience and end, and live an hour at most",
    "A token for another service would open this one.",
    tokens,
    { owasp: ["MCP01", "MCP02"] },
  ),
  control(
    "clients-proven",
    3,
    "Every client has a credential of its own and a closed list of tools",
    "Shared or missing credentials cannot be told apart or revoked.",
    clients,
    { owasp: ["MCP02", "MCP07"] },
  ),
  ...identityControls,
  control(
    "limits",
    7,
    "Every client and every tool has a limit that is enforced",
    "One caller could use up the server, or repeat a costly call without end.",
    limitsRule,
    { cosai: ["L3"] },
  ),
  control(
    "address-limit",
    7,
    "Requests of one address, as the load balancer saw it, are limited before credentials are looked at",
    "A flood of wrong credentials costs signatures and lines, and stands in the way of everybody else.",
    addressRule,
  ),
  control(
    "limits-shared",
    7,
    "Limits are shared among the tasks that DNS names, and divided while it names nobody",
    "Each task would give out the whole limit: three tasks three times as much.",
    sharedRule,
  ),
  control(
    "calls-at-once",
    7,
    "A tool or client that may run so often at once has a place to be counted",
    "A slow tool, or one client, would take all of the server's room.",
    atOnceRule,
  ),
  control(
    "timeouts",
    9,
    "Every tool has a timeout",
    "A call that hangs holds the server's room for ever.",
    timeouts,
  ),
  control(
    "arguments-bounded",
    8,
    "Every argument has a type and a largest size, and bodies a cap",
    "What is not declared reaches code that never expected it.",
    argumentsDeclared,
    { owasp: ["MCP05"] },
  ),
  control(
    "secrets-apart",
    6,
    "Keys and certificates reach the gateway from secrets, never as plain variables",
    "A task definition can be read by many.",
    secretsApart,
    { owasp: ["MCP01"], fsbp: ["ECS.8"] },
  ),
  control(
    "confined",
    5,
    "The gateway runs without root, capabilities or a writable file system",
    "Who breaks into it should find nothing to stand on.",
    confined,
    { fsbp: ["ECS.4", "ECS.5", "ECS.20"], checkov: ["CKV_AWS_336"] },
  ),
  control(
    "recorded",
    10,
    "Every request leaves one complete audit line, and lines are not dropped",
    "What is not recorded cannot be answered for.",
    linesRule,
    { owasp: ["MCP08"], fsbp: ["ECS.9"] },
  ),
];
