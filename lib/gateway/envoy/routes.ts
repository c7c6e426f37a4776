import type { PolicyDocument } from "../../policy/document";
import { isStream } from "../../policy/methods";
import { MAX_RESPONSE_KIB } from "../../policy/responses";
import { GATEWAY, resourceMetadataPath } from "../contract";
import { SERVER, roomRoutes } from "./at-once";
import { COUNTED_HEADERS, isExact } from "./exact";
import { FILTERS, typed, type Json, type Parts } from "./types";

/** Filters that the metadata document passes by: it is public. */
const UNAUTHENTICATED = [
  FILTERS.auth,
  FILTERS.clientLimit,
  FILTERS.policy,
  FILTERS.authorize,
  FILTERS.toolLimit,
] as const;

/** Longest life of one stream, a little over the longest tool: an end to what nobody closes. */
const MAX_STREAM_SECONDS = 3660;
const MIN_IDLE_SECONDS = 300;

/** Where requests go: the metadata document, or the server. */
export function routes(parts: Parts): Json {
  const { policy } = parts;
  const general = rpc(parts);
  return {
    name: "mcp",
    validate_clusters: true,
    virtual_hosts: [
      {
        name: "mcp",
        // The host was checked before, see `edge`; a second time here, for whoever reorders the chain.
        domains: [policy.hostname],
        // Of a message and of an answer, which are both read whole. Without it, over HTTP/2, a stream's window is the most.
        request_body_buffer_limit: Math.max(policy.maxBodyBytes, MAX_RESPONSE_KIB * 1024),
        routes: [
          ...(policy.issuers.length === 0 ? [] : metadataRoutes(policy)),
          ...roomRoutes(policy, general),
          general,
        ],
        ...corsPolicy(policy),
      },
    ],
  };
}

/** Headers of a caller that can prove who calls, and what of it is known. */
export const CREDENTIALS = ["authorization", "x-api-key", "cookie", GATEWAY.claimsHeader] as const;

function rpc(parts: Parts): Json {
  const { policy } = parts;
  const longest = Math.max(
    MIN_IDLE_SECONDS,
    ...[...Object.values(policy.tools), ...answering(policy)].map(
      ({ timeoutSeconds }) => timeoutSeconds + 10,
    ),
  );
  return {
    name: "rpc",
    match: { path: policy.path },
    route: {
      cluster: SERVER,
      // A tool call has its own, set by the judge; this one is for everything else.
      timeout: `${policy.messageTimeoutSeconds}s`,
      // Longer than every tool, so that it never ends one: a tool may be silent until it answers.
      idle_timeout: `${longest}s`,
      max_stream_duration: { max_stream_duration: `${MAX_STREAM_SECONDS}s` },
    },
    request_headers_to_remove: [
      // What can be a credential: here it was judged, and the server has no use for it.
      ...CREDENTIALS,
      // Where no sessions are kept, an id of one would be another way to say who calls. Nothing is sent twice.
      ...(policy.sessions ? [] : ["mcp-session-id"]),
      "last-event-id",
      // What is compressed could not be judged. What a caller expects before he sends his body has been answered here.
      ...["accept-encoding", "expect"],
    ],
    // Where no sessions are kept, an id that a server hands out would be a second way to say who calls. Where they are, the
    // program takes it, and gives it on with a proof of whose it is.
    response_headers_to_remove: [
      ...(policy.sessions ? [] : ["mcp-session-id"]),
      "x-powered-by",
      // Nor does a server send its clients elsewhere, or leave them something to send back.
      ...["location", "refresh", "set-cookie"],
      // A server's own would say that a call was counted which was not.
      ...(isExact(parts) ? COUNTED_HEADERS : []),
    ],
  };
}

/** Methods that may be silent until they answer; a stream of changes says from time to time that it is there. */
function answering({ openedMethods = {} }: PolicyDocument) {
  return Object.entries(openedMethods).flatMap(([name, method]) => (isStream(name) ? [] : [method]));
}

/** RFC 9728, readable from any page: it is public, and clients in browsers begin here. */
function metadataRoutes(policy: PolicyDocument): Json[] {
  const document = {
    resource: policy.resource,
    authorization_servers: policy.issuers.map((issuer) => issuer.issuer),
    ...(policy.scopes.length > 0 && { scopes_supported: policy.scopes }),
    bearer_methods_supported: ["header"],
  };
  const disabled = typed("config.route.v3.FilterConfig", { disabled: true });
  const route = (
    name: string,
    method: string,
    status: number,
    headers: Record<string, string>,
    body?: string,
  ): Json => ({
    name,
    match: {
      path: resourceMetadataPath(policy.path),
      headers: [{ name: ":method", string_match: { exact: method } }],
    },
    direct_response: { status, ...(body === undefined ? {} : { body: { inline_string: body } }) },
    response_headers_to_add: Object.entries({ "access-control-allow-origin": "*", ...headers }).map(
      ([key, value]) => ({
        header: { key, value },
        append_action: "OVERWRITE_IF_EXISTS_OR_ADD",
      }),
    ),
    typed_per_filter_config: Object.fromEntries(UNAUTHENTICATED.map((filter) => [filter, disabled])),
  });
  return [
    route(
      "metadata",
      "GET",
      200,
      { "content-type": "application/json", "cache-control": "public, max-age=300" },
      JSON.stringify(document),
    ),
    route("metadata-preflight", "OPTIONS", 204, {
      "access-control-allow-methods": "GET",
      "access-control-allow-headers": "mcp-protocol-version",
      "access-control-max-age": "86400",
    }),
  ];
}

function corsPolicy(policy: PolicyDocument): Json {
  if (policy.allowedOrigins.length === 0) return {};
  const session = policy.sessions ? ", mcp-session-id" : "";
  return {
    typed_per_filter_config: {
      [FILTERS.cors]: typed("extensions.filters.http.cors.v3.CorsPolicy", {
        allow_origin_string_match: policy.allowedOrigins.map((origin) => ({ exact: origin })),
        allow_methods: policy.sessions ? "POST, GET, DELETE" : "POST",
        allow_headers: `authorization, x-api-key, content-type, accept, mcp-protocol-version, mcp-method, mcp-name${session}`,
        expose_headers: `www-authenticate, retry-after, x-request-id${session}`,
        max_age: "600",
      }),
    },
  };
}
