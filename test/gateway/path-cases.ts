import { resourceMetadataPath } from "../../lib/gateway/contract";
import type { WireCase } from "./framing-cases";
import { PATH } from "./lab";
import { frame } from "./raw";

const ELSEWHERE = "not-found rbac_access_denied_matched_policy[not-found]";
const QUERY = "query-denied rbac_access_denied_matched_policy[query-denied]";
const FORM = "malformed path_normalization_failed";
const CODEC = "malformed http1.codec_error";

/** The same for each of some paths. */
const all = (status: number, line: string | undefined, paths: readonly string[], verb = "POST"): WireCase[] =>
  paths.map((path) => ({
    what: path.length > 60 ? `${path.slice(0, 57)}…` : JSON.stringify(path),
    bytes: (lab) => frame(lab, { line: `${verb} ${path} HTTP/1.1` }),
    statuses: [status],
    lines: line === undefined ? [] : [line],
  }));

const DOCUMENT = resourceMetadataPath(PATH);

/** By classes. */
export const PATHS: readonly (readonly [string, readonly WireCase[]])[] = [
  [
    "slashes and dots",
    [
      ...all(404, ELSEWHERE, ["//orders/mcp", "/orders//mcp", "/orders/mcp/", "/orders/mcp//", "///", "/"]),
      ...all(404, ELSEWHERE, [
        "/orders/mcp/.",
        "/orders/mcp/..",
        "/orders/mcp/../../admin",
        "/orders/../admin",
      ]),
      ...all(404, ELSEWHERE, ["/../../../../etc/passwd", "/orders", "/orders/", "/mcp", "/orders/mcp2"]),
      ...all(404, ELSEWHERE, ["/orders/mcp/sub", `/orders/mcp/${"a/".repeat(3000)}`]),
      ...all(400, CODEC, ["orders/mcp", ".", "..", ""]),
    ],
  ],
  [
    "escapes",
    [
      ...all(404, ELSEWHERE, ["/x/%252e%252e/orders/mcp", "/orders/mcp/%2e%2e/admin", "/orders%252fmcp"]),
      ...all(404, ELSEWHERE, ["/orders/mcp%20", "/orders/mcp%0a", "/orders/mcp%0d%0a", "/orders/mcp%09"]),
      ...all(404, ELSEWHERE, ["/orders/mcp%", "/orders/mcp%2", "/orders/mcp%zz", "/orders/mcp%ff"]),
      ...all(404, ELSEWHERE, ["/orders/m%43p", "/%u006frders/mcp"]),
      ...all(400, FORM, ["/orders%2fmcp", "/orders%2Fmcp", "/orders%5cmcp", "/orders/mcp%5c..%5cadmin"]),
      ...all(404, ELSEWHERE, ["/orders/mcp%00", "/orders/mcp%00/x", "/orders%00/mcp"]),
    ],
  ],
  [
    "other alphabets",
    [
      ...all(404, ELSEWHERE, ["/orders%c0%afmcp", "/orders%c0%ae%c0%ae/mcp", "/orders%e0%80%afmcp"]),
      ...all(404, ELSEWHERE, ["/ORDERS/MCP", "/Orders/mcp", "/orders/MCP"]),
      ...all(400, CODEC, ["/orders/mcp\x80", "/orders\xc0\xafmcp", "/orders/mcp\xe4"]),
    ],
  ],
  [
    "what is behind a path",
    [
      ...all(404, ELSEWHERE, [
        "/orders/mcp;x=1",
        "/orders;x/mcp",
        "/orders/mcp/..;/admin",
        "/orders/mcp%3bx",
      ]),
      ...all(404, ELSEWHERE, ["/orders/mcp%3fx=1", "/orders/mcp%23"]),
      ...all(400, QUERY, [
        "/orders/mcp?",
        "/orders/mcp?x=1",
        "/orders/mcp??",
        "/orders/mcp?/../x",
        `${DOCUMENT}?x=1`,
      ]),
      ...all(400, FORM, ["/orders/mcp#", "/orders/mcp#/../admin", "/orders/mcp#?", "/#/orders/mcp"]),
    ],
  ],
  [
    "other places",
    [
      ...all(404, ELSEWHERE, [
        "/other/mcp",
        "/billing/mcp",
        "/.git/config",
        "/.env",
        "/http://127.0.0.1/orders/mcp",
      ]),
      ...all(404, ELSEWHERE, ["/admin", "/stats", "/config_dump", "/server_info", "/ready", "/quitquitquit"]),
      ...all(404, ELSEWHERE, ["/metrics", "/healthz/x"]),
      ...all(404, ELSEWHERE, [
        "/.well-known/oauth-protected-resource",
        `${DOCUMENT}/`,
        `${DOCUMENT}/../orders/mcp`,
      ]),
      ...all(404, ELSEWHERE, ["/.well-known/oauth-protected-resource/other/mcp"], "GET"),
      ...all(404, "not-found route_not_found", [DOCUMENT]),
      // For everybody, and not the server's.
      ...all(200, "ok direct_response", [DOCUMENT], "GET"),
    ],
  ],
  [
    "what would have to be resolved first",
    [
      ...all(404, ELSEWHERE, [
        "/./orders/mcp",
        "/orders/./mcp",
        "/x/../orders/mcp",
        "/../orders/mcp",
        "/orders/mcp/../mcp",
      ]),
      ...all(404, ELSEWHERE, [
        "/orders/%2e/mcp",
        "/x/%2e%2E/orders/mcp",
        "/x/.%2e/orders/mcp",
        "/orders/..;/orders/mcp",
      ]),
      ...all(404, ELSEWHERE, ["/ord%65rs/mcp", "/%6f%72%64%65%72%73/%6d%63%70"]),
      ...all(404, ELSEWHERE, ["/orders\\mcp", "/x\\..\\orders\\mcp"]),
      ...all(404, ELSEWHERE, [`/${"../".repeat(5000)}orders/mcp`]),
    ],
  ],
  [
    // The load balancer's own question has no line: nobody else gets its answer.
    "the state of the server",
    [
      ...all(200, undefined, ["/healthz"], "GET"),
      ...all(404, ELSEWHERE, ["/x/../healthz", "//healthz", "/%68ealthz", "/./healthz"], "GET"),
      ...all(404, ELSEWHERE, ["/healthz/", "/healthz?x", "/HEALTHZ", "/orders/mcp/../../healthz"], "GET"),
      ...all(404, ELSEWHERE, ["/healthz"], "POST"),
      ...all(404, ELSEWHERE, ["/healthz"], "HEAD"),
      {
        what: "of somebody behind the load balancer",
        bytes: (lab) => frame(lab, { line: "GET /healthz HTTP/1.1", add: ["x-forwarded-for: 192.0.2.1"] }),
        statuses: [404],
        lines: [ELSEWHERE],
      },
    ],
  ],
];
