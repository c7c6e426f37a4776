import { fails, HOLDS, unknown, type Control } from "../checklist/control";
import { GATEWAY } from "./contract";
import { data, judgeGateway, list, type WrittenGateway } from "./read";

const TASK = "aws_ecs_task_definition";
/** What the load balancer says of a client's certificate. */
const CERTIFICATES = "x-amzn-mtls-";

/** Whether clients of a gateway are known by the certificates that the load balancer verifies. */
function byCertificate({ policy }: WrittenGateway): boolean {
  return Object.values(policy.clients).some(({ by }) => by === "mtls");
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
        const mutations = list(gateway.manager.early_header_mutation_extensions).flatMap((one) =>
          list(data(data(one).typed_config).mutations).map(data),
        );
        const prefixes = mutations.map(({ remove_on_match: match }) => {
          const { prefix, ignore_case: anyCase } = data(data(match).key_matcher);
          return anyCase === true ? prefix : undefined;
        });
        if (!mutations.some(({ remove }) => remove === GATEWAY.clientHeader))
          return "callers can say themselves who they are";
        if (!prefixes.includes("x-envoy-")) return "callers can give Envoy orders";
        return byCertificate(gateway) || prefixes.includes(CERTIFICATES)
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

/** Controls of what a caller can say of himself. */
export const identityControls: readonly Control[] = [headersStripped, certificatesVerified];
