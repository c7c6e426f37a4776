import { GATEWAY } from "../../gateway/contract";
import { KEYS_CLUSTER } from "../../gateway/envoy";
import { LIMITS } from "../../limits/contract";
import { CliError } from "../io";
import type { GatewayTask } from "./gateway-task";
import { fields, list, rewrite, text, type Fields } from "./json";

/** Where the gateway runs on this machine. */
export interface Local {
  /** Port on 127.0.0.1 for clients. */
  readonly port: number;
  /** Port on 127.0.0.1 of the MCP server. */
  readonly upstreamPort: number;
  /** Keep TLS as it was synthesised. */
  readonly tls: boolean;
  /** Public keys of the issuer, RFC 7517. */
  readonly jwks: { readonly keys: readonly object[] };
  /** An issuer that runs already, whose keys these are. @default one made for this run, which leads nowhere */
  readonly issuer?: string;
}

/** A gateway that runs here, and how it differs from the one in the file. */
export interface LocalGateway {
  readonly bootstrap: Fields;
  /** Without what comes from secrets. */
  readonly environment: Readonly<Record<string, string>>;
  /** The server's address for clients. */
  readonly url: string;
  /** What tokens must say, where the server takes any. */
  readonly issuer?: { readonly issuer: string; readonly audience: string };
  /** Every difference, a line each. */
  readonly changes: readonly string[];
}

/** The only host: clients that treat `localhost` in their own way, and IPv6, stay out of it. */
const HOST = "127.0.0.1";
/** Names under `.invalid` lead nowhere: nobody is asked for a key, and no token of it counts elsewhere. */
const ISSUER = "https://local-issuer.invalid/";
const REFERENCE = /\$\{[^}]*\}/g;

/**
 * The same gateway for this machine: only addresses, names and keys change, no filter, limit or rule. Pure.
 * @throws CliError when the configuration is not one that this version knows how to place
 */
export function localise(task: GatewayTask, local: Local): LocalGateway {
  const policy = fields(JSON.parse(task.environment[GATEWAY.env.policy] ?? "{}"));
  const [, host, path] = /^https:\/\/(.*?)(\/[^{}]*)$/.exec(text(policy.resource)) ?? [];
  if (host === undefined || path === undefined) throw unknownShape(task, "its policy names no address");
  const base = `${local.tls ? "https" : "http"}://${HOST}:${local.port}`;
  const changes: string[] = [];

  const bootstrap = structuredClone(task.bootstrap) as Fields;
  placeListener(bootstrap, task, local, changes);
  placeClusters(bootstrap, task, local, changes);
  const from = placeIssuer(bootstrap, local, changes);

  const { issuer = ISSUER } = local;
  const rename = renamer({ host, base, issuer: from?.issuer, to: issuer });
  changes.push(`host ${host} is ${HOST}, also in the metadata document and the audience of tokens`);
  const references = new Set<string>();
  const resolve = (value: unknown): unknown =>
    rewrite(value, (item) => known(rename(item) ?? item, references));
  const placed = resolve(bootstrap) as Fields;
  const environment = resolve({
    ...task.environment,
    [GATEWAY.env.policy]: JSON.stringify(rewrite(policy, rename)),
  }) as Record<string, string>;
  for (const reference of references)
    changes.push(`${reference} is known only once deployed: a name that leads nowhere`);
  if (task.secrets.length > 0) changes.push(`secrets: values made just now, for this run only`);
  return {
    bootstrap: placed,
    environment,
    url: `${base}${path}`,
    ...(from && { issuer: { issuer, audience: text(resolve(from.audience)) } }),
    changes,
  };
}

/** Changes are made in a copy of our own. */
function at(object: unknown, ...path: readonly (string | number)[]): Record<string, unknown> {
  return path.reduce<unknown>((value, key) => fields2(value)[key], object) as Record<string, unknown>;
}

function fields2(value: unknown): Record<string | number, unknown> {
  return (typeof value === "object" && value !== null ? value : {}) as Record<string | number, unknown>;
}

function placeListener(bootstrap: Fields, task: GatewayTask, local: Local, changes: string[]): void {
  const listeners = list(at(bootstrap, "static_resources")?.listeners);
  const address = at(listeners[0], "address", "socket_address");
  const chain = at(listeners[0], "filter_chains", 0);
  if (listeners.length !== 1 || address === undefined || chain === undefined) {
    throw unknownShape(task, "it has another listener than the one for clients");
  }
  changes.push(`port ${text(address.port_value)} is ${HOST}:${local.port}`);
  Object.assign(address, { address: HOST, port_value: local.port });
  if (local.tls) return;
  delete chain.transport_socket;
  delete chain.transport_socket_connect_timeout;
  changes.push("TLS is left out: plain HTTP, on loopback only (--tls keeps it)");
}

function placeClusters(bootstrap: Fields, task: GatewayTask, local: Local, changes: string[]): void {
  const clusters = list(at(bootstrap, "static_resources")?.clusters).map(fields2);
  const addressOf = (cluster: unknown) =>
    at(
      cluster,
      "load_assignment",
      "endpoints",
      0,
      "lb_endpoints",
      0,
      "endpoint",
      "address",
      "socket_address",
    );
  for (const cluster of clusters) {
    const address = addressOf(cluster);
    if (address === undefined)
      throw unknownShape(task, `it calls ${text(cluster.name)}, which has no address`);
    if (text(cluster.name).startsWith("server:")) {
      // The same server, counted apart.
      Object.assign(address, { address: HOST, port_value: local.upstreamPort });
    } else if (cluster.name === "server") {
      changes.push(`server at port ${text(address.port_value)} is at ${HOST}:${local.upstreamPort}`);
      Object.assign(address, { address: HOST, port_value: local.upstreamPort });
    } else if (cluster.name === "peers") {
      changes.push(
        `other tasks at ${text(address.address)}: none, so this gateway has the whole of every limit`,
      );
      Object.assign(address, { address: HOST, port_value: local.port });
      Object.assign(cluster, { type: "STATIC" });
      delete cluster.cluster_type;
    } else if (cluster.name === LIMITS.name) {
      changes.push("the store of exact limits: not asked, so clients and tools are not limited here");
      withoutStore(bootstrap);
    } else if (cluster.name === KEYS_CLUSTER) {
      changes.push(
        local.issuer === undefined
          ? "the bucket with the issuer's keys: not asked, a key made just now stands in its place"
          : "the bucket with the issuer's keys: not asked, they come from the issuer itself",
      );
    } else throw unknownShape(task, `it calls ${text(cluster.name)}`);
  }
  const all = at(bootstrap, "static_resources");
  if (all) all.clusters = clusters.filter(({ name }) => name !== KEYS_CLUSTER && name !== LIMITS.name);
  if (!clusters.some(({ name }) => name === "server")) throw unknownShape(task, "it calls no server");
}

/** Takes out the filters that ask the store. */
function withoutStore(bootstrap: Fields): void {
  const path = [
    "static_resources",
    "listeners",
    0,
    "filter_chains",
    0,
    "filters",
    0,
    "typed_config",
  ] as const;
  const manager = at(bootstrap, ...path);
  if (manager)
    manager.http_filters = list(manager.http_filters).filter(
      (filter) => !text(fields(fields(filter).typed_config)["@type"]).endsWith(".ratelimit.v3.RateLimit"),
    );
}

/** Gives the issuer that stood there. */
function placeIssuer(
  bootstrap: Fields,
  local: Local,
  changes: string[],
): { issuer: string; audience: string } | undefined {
  let found: { issuer: string; audience: string } | undefined;
  rewrite(bootstrap, (value) => {
    const { "@type": type = "", providers } = fields(value);
    if (!text(type).endsWith(".JwtAuthentication")) return undefined;
    for (const provider of Object.values(fields(providers)).map(fields2)) {
      found = { issuer: text(provider.issuer), audience: text(list(provider.audiences)[0]) };
      delete provider.remote_jwks;
      provider.local_jwks = { inline_string: JSON.stringify(local.jwks) };
      changes.push(
        local.issuer === undefined
          ? `issuer ${found.issuer} is ${ISSUER}, with a key made just now`
          : `issuer ${found.issuer} is ${local.issuer}, with the keys that it has now: they are not read again`,
      );
    }
    return undefined;
  });
  return found;
}

/** Exchanges our host and issuer, whole texts or quoted ones inside another document; never the middle of a word. */
function renamer(from: { host: string; base: string; issuer: string | undefined; to: string }) {
  return (value: unknown): unknown => {
    if (typeof value !== "string") return undefined;
    if (value === from.host) return HOST;
    if (value === from.issuer) return from.to;
    const issued =
      from.issuer === undefined
        ? value
        : value.replaceAll(JSON.stringify(from.issuer), JSON.stringify(from.to));
    return issued.replaceAll(`https://${from.host}/`, `${from.base}/`);
  };
}

/** Texts with what only Terraform knows get a harmless stand-in. Lua's and Envoy's own texts have no such references. */
function known(value: unknown, references: Set<string>): unknown {
  if (typeof value !== "string") return undefined;
  return value.replace(REFERENCE, (reference) => {
    if (!/\b(aws_|var\.|local\.|module\.|data\.|terraform_|jsonencode)/.test(reference)) return reference;
    references.add(reference);
    return "unknown.invalid";
  });
}

function unknownShape(task: GatewayTask, why: string): CliError {
  return new CliError(
    `the gateway of ${task.server} (${task.address}) cannot be placed on this machine: ${why}; ` +
      "use the version of hardened-mcp that synthesised it",
  );
}
