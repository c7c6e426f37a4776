import { fails, HOLDS, unknown, type Control } from "../checklist/control";
import { GATEWAY } from "./contract";
import { CREDENTIALS } from "./envoy/routes";
import { data, judgeGateway, list, type WrittenGateway } from "./read";

const TASK = "aws_ecs_task_definition";

/** Whether clients of a gateway are known by the certificates that the load balancer verifies. */
function byCertificate({ policy }: WrittenGateway): boolean {
  return Object.values(policy.clients).some(({ by }) => by === "mtls");
}

/** Whether a header is taken away before any filter sees it: expressions are tried, for what they say is not told by their text. */
function takenAway({ manager }: WrittenGateway): (header: string) => boolean {
  const expressions = list(manager.early_header_mutation_extensions)
    .flatMap((one) => list(data(data(one).typed_config).mutations).map(data))
    .map(({ remove_on_match: match }) => data(data(data(match).key_matcher).safe_regex).regex)
    .filter((regex) => typeof regex === "string")
    .flatMap(compiled);
  return (header) => expressions.some((expression) => expression.test(header));
}

/** Envoy fits the whole name. What is no expression takes nothing away. */
function compiled(regex: string): RegExp[] {
  try {
    return [new RegExp(`^(?:${regex})$`)];
  } catch {
    return [];
  }
}

const headersStripped: Control = {
  id: "gateway.headers-stripped",
  item: 2,
  says: "Headers by which a caller could claim to be somebody are taken away before anything reads them",
  why: "A name that the caller may write himself proves nothing.",
  on: [TASK],
  needed: true,
  judge: (block, plan) =>
    judgeGateway(
      block,
      (gateway) => {
        const taken = takenAway(gateway);
        if (!taken(GATEWAY.clientHeader)) return "callers can say themselves who they are";
        if (!taken(GATEWAY.claimsHeader)) return "callers can say themselves what a token says of them";
        if (!taken("x-envoy-original-path")) return "callers can give Envoy orders";
        return byCertificate(gateway) || taken("x-amzn-mtls-clientcert-subject")
          ? undefined
          : "callers can claim a certificate that nobody has verified";
      },
      plan,
    ),
  maps: { owasp: ["MCP07"] },
};

const certificatesVerified: Control = {
  id: "gateway.certificates-verified",
  item: 2,
  says: "Where clients are known by certificates, the load balancer verifies every one against a trust store",
  why: "The gateway sees only what a header says: unverified, it is a name that anybody can write.",
  on: [TASK],
  judge: (block, plan) => {
    let asked = false;
    const readable = judgeGateway(block, (gateway) => void (asked = byCertificate(gateway)), plan);
    if (readable.holds !== true || !asked) return readable;
    const listeners = plan.blocks("aws_lb_listener");
    if (listeners.length === 0) return unknown("the load balancer's listener is not in this stack");
    const all = listeners.every(({ body }) => {
      const { mutual_authentication: one } = body;
      const { mode, trust_store_arn: store } = data(Array.isArray(one) ? one[0] : one);
      return mode === "verify" && typeof store === "string";
    });
    return all ? HOLDS : fails("a listener takes connections without a verified certificate");
  },
  maps: { owasp: ["MCP07"] },
};

const credentialsKept: Control = {
  id: "gateway.credentials-kept",
  item: 3,
  says: "A caller's credential goes no further than the gateway",
  why: "Whoever reads a key in the server, its logs or what it calls can call as its client.",
  on: [TASK],
  needed: true,
  judge: (block, plan) =>
    judgeGateway(
      block,
      ({ manager, policy }) => {
        const secret = [...CREDENTIALS, ...(policy.sessions ? [] : ["mcp-session-id"])];
        const routes = list(data(manager.route_config).virtual_hosts)
          .flatMap((host) => list(data(host).routes).map(data))
          .filter(({ route }) => route !== undefined);
        const passed = secret.find((header) =>
          routes.some(({ request_headers_to_remove: removed }) => !list(removed).includes(header)),
        );
        return passed && `${passed} of a caller reaches the server`;
      },
      plan,
    ),
  maps: { owasp: ["MCP01"] },
};

/** Controls of what a caller can say of himself. */
export const identityControls: readonly Control[] = [headersStripped, credentialsKept, certificatesVerified];
