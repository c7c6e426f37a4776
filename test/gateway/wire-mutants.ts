import type { Bootstrap } from "../support/envoy";
import { PATH, type Lab } from "./lab";
import type { Data } from "./limits-lab";
import { TEXT, chunked, exchange, frame, type Frame } from "./raw";

/** One setting of Envoy without which an attack on the wire succeeds. */
export interface WireMutant {
  readonly what: string;
  readonly change: (bootstrap: Bootstrap) => void;
  /** Attacks, and says whether it was of use. */
  readonly succeeds: (lab: Lab) => Promise<boolean>;
}

/** Headers that are believed of a proxy; none of them may get from a client to the server. */
export const FORGED: Readonly<Record<string, string>> = {
  ...{ "x-mcp-client": "key:admin", "x-request-id": "mine", "x-real-ip": "10.0.0.1" },
  ...{
    "true-client-ip": "10.0.0.1",
    "x-client-ip": "10.0.0.1",
    forwarded: "for=10.0.0.1;host=evil.example.com",
  },
  ...{ "x-forwarded-host": "evil.example.com", "x-forwarded-prefix": "/admin", "x-forwarded-server": "evil" },
  ...{ "x-forwarded-user": "admin", "x-forwarded-email": "admin@example.com", "x-forwarded-groups": "admin" },
  ...{ "x-forwarded-preferred-username": "admin", "x-forwarded-access-token": "e30" },
  ...{ "x-remote-user": "admin", "remote-user": "admin", "proxy-authorization": "Basic YTpi" },
  ...{ "x-auth-request-email": "admin@example.com", "x-original-url": "/admin", "x-rewrite-url": "/admin" },
  ...{ "x-original-host": "evil.example.com", "x-http-method": "DELETE", "x-http-method-override": "DELETE" },
  ...{ "x-method-override": "DELETE", "x-envoy-original-path": "/admin", "x-amzn-oidc-data": "e30" },
};

/** What of them the server has got. */
export function forgedSeen({ server }: Lab): string[] {
  return Object.keys(FORGED).filter((name) => server.headers[name] === FORGED[name]);
}

type Manager = (manager: Data, bootstrap: Data) => void;

/** The HTTP connection manager of a configuration, open to mutants. */
export function managerOf(bootstrap: Bootstrap): Data {
  return bootstrap.static_resources.listeners[0]?.filter_chains[0]?.filters[0]?.typed_config as Data;
}

function mutant(what: string, change: Manager, succeeds: WireMutant["succeeds"]): WireMutant {
  return { what, change: (bootstrap) => change(managerOf(bootstrap), bootstrap as Data), succeeds };
}

/** Sends, and gives the first status and what reached the server. */
async function sent(lab: Lab, given: Frame): Promise<{ status: number; reached: number }> {
  const before = lab.server.requests;
  const { statuses } = await exchange(lab.gateway, frame(lab, given));
  return { status: statuses[0] ?? 0, reached: lab.server.requests - before };
}

const reaches = (given: Frame) => async (lab: Lab) => (await sent(lab, given)).reached === 1;
const gets = (name: string, given: Frame) => async (lab: Lab) =>
  (await sent(lab, given)).reached === 1 && lab.server.headers[name] !== undefined;
const TE = "transfer-encoding: chunked";
const routes = ({ route_config: { virtual_hosts: hosts } }: Data): Data[] =>
  (hosts as Data[]).flatMap(({ routes }) => routes as Data[]);

/** Each by itself lets its attack through, and all of them together do. */
export const WIRE_MUTANTS: readonly WireMutant[] = [
  mutant(
    "a length beside chunks is taken",
    ({ http_protocol_options: options }) => (options.allow_chunked_length = true),
    reaches({ add: [TE], body: chunked() }),
  ),
  mutant(
    "underscores in names are taken",
    ({ common_http_protocol_options: options }) => delete options.headers_with_underscores_action,
    gets("x_mcp_client", { add: ["x_mcp_client: key:admin"] }),
  ),
  mutant(
    "HTTP/1.0 is taken",
    ({ http_protocol_options: options }) => (options.accept_http_10 = true),
    reaches({ line: `POST ${PATH} HTTP/1.0` }),
  ),
  mutant(
    "headers may be longer",
    (manager) => (manager.max_request_headers_kb = 96),
    // Of the server's own limit, which is lower.
    async (lab) => {
      const answer = await lab.gateway.send({ path: PATH, headers: { "x-a": "a".repeat(33_000) } });
      return answer.status === 401;
    },
  ),
  mutant(
    "headers may be more",
    ({ common_http_protocol_options: options }) => (options.max_headers_count = 200),
    reaches({ add: Array.from({ length: 100 }, (_, name) => `x-${name}: a`) }),
  ),
  mutant(
    "trailers are passed on",
    ({ http_protocol_options: options }, { static_resources: { clusters } }) => {
      options.enable_trailers = true;
      for (const { typed_extension_protocol_options: upstream } of clusters as Data[])
        for (const { explicit_http_config: explicit } of Object.values<Data>(upstream ?? {}))
          explicit.http_protocol_options = { enable_trailers: true };
    },
    async (lab) => {
      const before = lab.server.trailers.length;
      const body = `${TEXT.length.toString(16)}\r\n${TEXT}\r\n0\r\nx-mcp-client: key:admin\r\n\r\n`;
      await sent(lab, { without: ["content-length"], add: [TE], body });
      return lab.server.trailers.slice(before).includes("x-mcp-client");
    },
  ),
  mutant(
    "paths are resolved",
    (manager) => (manager.normalize_path = true),
    reaches({ line: "POST /x/%2e%2e/orders/mcp HTTP/1.1" }),
  ),
  mutant(
    "everybody is told of the server's state, and nobody hears of it",
    (manager) => {
      const health = (manager.http_filters as Data[]).find(({ name }) => name === "hmcp.health");
      (health?.typed_config.headers as Data[]).splice(1);
    },
    async (lab) => {
      const given = { line: "GET /healthz HTTP/1.1", add: ["x-forwarded-for: 192.0.2.1"] };
      return (await sent(lab, given)).status === 200;
    },
  ),
  mutant(
    "escaped slashes are opened",
    (manager) => (manager.path_with_escaped_slashes_action = "UNESCAPE_AND_FORWARD"),
    reaches({ line: "POST /orders%2fmcp HTTP/1.1" }),
  ),
  mutant(
    "slashes are merged",
    (manager) => (manager.merge_slashes = true),
    reaches({ line: "POST //orders/mcp HTTP/1.1" }),
  ),
  mutant(
    "nothing is refused at the edge",
    (manager) => {
      manager.http_filters = (manager.http_filters as Data[]).filter(({ name }) => name !== "hmcp.edge");
    },
    reaches({ line: `POST ${PATH}?access_token=x HTTP/1.1` }),
  ),
  mutant(
    "nothing is taken away",
    (manager) => delete manager.early_header_mutation_extensions,
    async (lab) => {
      await sent(lab, { add: Object.entries(FORGED).map(([name, value]) => `${name}: ${value}`) });
      return forgedSeen(lab).length > 0;
    },
  ),
  ...["authorization", "last-event-id"].map((name) =>
    mutant(
      `${name} is passed on`,
      (manager) => {
        for (const { request_headers_to_remove: removed = [] } of routes(manager) as {
          request_headers_to_remove?: string[];
        }[])
          removed.splice(removed.indexOf(name), removed.includes(name) ? 1 : 0);
      },
      gets(name, { add: ["last-event-id: 1"] }),
    ),
  ),
  mutant(
    "expectations are passed on",
    (manager) => {
      for (const route of routes(manager)) delete route.request_headers_to_remove;
    },
    // The server's own answer to what it cannot do.
    async (lab) => (await sent(lab, { add: ["expect: 200-maybe"] })).status === 417,
  ),
  mutant(
    "private addresses are Envoy's own",
    (manager) => (manager.internal_address_config = { cidr_ranges: [] }),
    gets("x-envoy-internal", {}),
  ),
];
