import { blockAt, blocksOf, texts } from "../audit/read";
import { fails, HOLDS, unknown, type Control, type Finding, type Mapping } from "../checklist/control";
import { settingsControl } from "../checklist/settings";
import { GATEWAY } from "../gateway/contract";
import { isExpression, type Block } from "../terraform/plan";
import { logBucketControls } from "./bucket-controls";
import { logDeliveryControls } from "./log-delivery-controls";
import { LIFECYCLE_TAG, WAIVABLE } from "./model";
import { routeControls } from "./route-controls";
import { INGRESS_SETTINGS } from "./settings";
import { reachControls } from "./reach-controls";
import { splitRuleControls } from "./split-controls";
import { TLS_POLICIES } from "./tls-policies";

const LB = "aws_lb";
const LISTENER = "aws_lb_listener";
const TARGETS = "aws_lb_target_group";

/** A control that wants one attribute to have one value. */
function wants(
  type: string,
  attribute: string,
  value: unknown,
  control: Pick<Control, "id" | "item" | "says" | "why" | "needed"> & { readonly maps?: Mapping },
): Control {
  return {
    ...control,
    on: [type],
    judge: ({ body }) => {
      const found = body[attribute];
      if (found === value) return HOLDS;
      return isExpression(found)
        ? unknown(`${attribute} is known only at deployment`)
        : fails(`${attribute} is ${String(found ?? "not set")}, expected ${String(value)}`);
    },
  };
}

const lbInvalidHeaders = wants(LB, "drop_invalid_header_fields", true, {
  id: "ingress.lb-drops-invalid-headers",
  item: 12,
  says: "The load balancer drops header fields that are not valid",
  why: "Two parsers that read a header differently are how requests are smuggled past checks.",
  needed: true,
  maps: { fsbp: ["ELB.4"], checkov: ["CKV_AWS_131"] },
});

const lbDesync = wants(LB, "desync_mitigation_mode", "strictest", {
  id: "ingress.lb-desync-strictest",
  item: 12,
  says: "The load balancer refuses requests that do not follow RFC 7230 to the letter",
  why: "Ambiguous requests are how one client gets another's answer.",
  needed: true,
  maps: { fsbp: ["ELB.12"], checkov: ["CKV_AWS_328"] },
});

const lbWafFailsClosed = wants(LB, "enable_waf_fail_open", false, {
  id: "ingress.lb-waf-fails-closed",
  item: 11,
  says: "When the firewall does not answer, requests are refused",
  why: "Otherwise overloading it is a way around it.",
  needed: true,
});

const lbForwardedFor = wants(LB, "xff_header_processing_mode", "append", {
  id: "ingress.lb-appends-client-address",
  item: 10,
  says: "The load balancer appends the caller's address to X-Forwarded-For",
  why: "The audit record and limits per address trust what it appends, and only that.",
  needed: true,
});

const lbDeletionProtected: Control = {
  id: "ingress.lb-deletion-protected",
  item: 11,
  says: "The load balancer cannot be deleted by a call, unless the deployment is declared disposable",
  why: "One mistaken or stolen call takes every server off the network.",
  on: [LB],
  needed: true,
  judge: ({ body }) => {
    if (body.enable_deletion_protection === true) return HOLDS;
    return blockAt(body, "tags")[LIFECYCLE_TAG] === "disposable"
      ? HOLDS
      : fails("deletion protection is off, and nothing declares it disposable");
  },
  maps: { fsbp: ["ELB.6"], checkov: ["CKV_AWS_150"] },
};

const lbLogs: Control = {
  id: WAIVABLE.logs,
  waivedBy: "ingress.logs",
  item: 10,
  says: "The load balancer keeps access, connection and health-check logs",
  why: "They are the second record of who called, which the gateway cannot forge, and the only one of failed handshakes.",
  on: [LB],
  needed: true,
  judge: ({ body }) => {
    const off = ["access_logs", "connection_logs", "health_check_logs"].filter((name) => {
      const { bucket, enabled } = blockAt(body, name);
      return typeof bucket !== "string" || bucket === "" || enabled !== true;
    });
    return off.length === 0 ? HOLDS : fails(`${off.join(", ")} are off`);
  },
  maps: { fsbp: ["ELB.5"], checkov: ["CKV_AWS_91"], owasp: ["MCP08"] },
};

const listenerHttps: Control = {
  id: "ingress.listener-https",
  item: 1,
  says: "Every listener speaks HTTPS on 443",
  why: "A listener on port 80, even one that redirects, invites clients to send their keys in clear first.",
  on: [LISTENER],
  needed: true,
  judge: ({ body }) =>
    body.protocol === "HTTPS" && body.port === 443
      ? HOLDS
      : fails(`it speaks ${String(body.protocol ?? "HTTP")} on ${String(body.port)}`),
  maps: { fsbp: ["ELB.1"], checkov: ["CKV_AWS_2", "CKV2_AWS_20"] },
};

const listenerTls: Control = {
  id: "ingress.listener-tls-policy",
  item: 1,
  says: "Every listener has a TLS policy from our closed list, TLS 1.2 with forward secrecy at least",
  why: "Without one AWS falls back to a policy of 2016 that accepts TLS 1.0.",
  on: [LISTENER],
  needed: true,
  judge: ({ body }) => {
    const policy = body.ssl_policy;
    if (isExpression(policy)) return unknown("its TLS policy is known only at deployment");
    return Object.values(TLS_POLICIES).includes(String(policy))
      ? HOLDS
      : fails(`its TLS policy is ${String(policy ?? "not set")}`);
  },
  maps: { fsbp: ["ELB.17"], checkov: ["CKV_AWS_103"], owasp: ["MCP07"] },
};

const listenerCertificates: Control = {
  id: "ingress.listener-certificates",
  item: 2,
  says: "A listener that asks clients for certificates verifies them, and takes no expired one",
  why: "Passed through unread, a certificate is a claim: whoever reads the header believes anybody.",
  on: [LISTENER],
  judge: ({ body }) => {
    const [asked] = blocksOf(body.mutual_authentication);
    if (asked === undefined || asked.mode === "off") return HOLDS;
    if (asked.mode !== "verify") return fails("it passes certificates on without verifying them");
    if (typeof asked.trust_store_arn !== "string") return fails("it has no trust store");
    return asked.ignore_client_certificate_expiry === true
      ? fails("it takes certificates that have expired")
      : HOLDS;
  },
};

const listenerDefault: Control = {
  id: "ingress.listener-default-404",
  item: 11,
  says: "What no server claims is answered with 404 by the load balancer",
  why: "A default that forwards makes every unknown host and path somebody's problem.",
  on: [LISTENER],
  needed: true,
  judge: ({ body }) => {
    const actions = blocksOf(body.default_action);
    const refuses = actions.every(
      (action) => action.type === "fixed-response" && blockAt(action, "fixed_response").status_code === "404",
    );
    return actions.length > 0 && refuses ? HOLDS : fails("its default action is not a fixed 404");
  },
};

const listenerHeaders: Control = {
  id: "ingress.listener-headers",
  item: 1,
  says: "Answers ask for HTTPS for a year, forbid guessing types, and do not name the server",
  why: "Clients that were once told to use HTTPS do not fall back to clear text.",
  on: [LISTENER],
  needed: true,
  judge: ({ body }) => {
    const hsts = /^max-age=(\d+)/.exec(
      String(body.routing_http_response_strict_transport_security_header_value),
    );
    if (Number(hsts?.[1] ?? 0) < 31_536_000) return fails("HSTS is off or shorter than a year");
    if (body.routing_http_response_x_content_type_options_header_value !== "nosniff")
      return fails("nosniff is not sent");
    return body.routing_http_response_server_enabled === false ? HOLDS : fails("the server header is sent");
  },
};

const targetsTls: Control = {
  id: "ingress.targets-tls",
  item: 1,
  says: "The load balancer speaks TLS to the gateway's port alone, and asks for its health over TLS too",
  why: "Inside a VPC is not private: flow mirrors and neighbours read clear text.",
  on: [TARGETS],
  judge: ({ body }) => {
    if (body.protocol !== "HTTPS") return fails(`it speaks ${String(body.protocol)} to its targets`);
    if (body.port !== GATEWAY.port) return fails(`its targets are reached on port ${String(body.port)}`);
    return blockAt(body, "health_check").protocol === "HTTPS"
      ? HOLDS
      : fails("health checks are not over HTTPS");
  },
  maps: { checkov: ["CKV_AWS_378", "CKV_AWS_261"] },
};

const rulesExact: Control = {
  id: "ingress.rules-exact",
  item: 11,
  says: "A rule forwards exact paths of one exact host",
  why: "A wildcard lets through paths that no server declared, and the order of rules would decide.",
  on: ["aws_lb_listener_rule"],
  judge: ({ body }) => judgeConditions(body),
};

function judgeConditions(body: Block["body"]): Finding {
  const conditions = blocksOf(body.condition);
  const values = (kind: string) => conditions.flatMap((each) => texts(blockAt(each, kind).values));
  for (const kind of ["host_header", "path_pattern"]) {
    if (values(kind).length === 0) return fails(`it has no ${kind}`);
    const wild = values(kind).find((value) => /[*?]/.test(value));
    if (wild !== undefined) return fails(`its ${kind} ${wild} has a wildcard`);
  }
  return HOLDS;
}

const parts = settingsControl(
  {
    id: "ingress.parts-say-all",
    item: 12,
    says: "The load balancer, its listener and its targets say what AWS would otherwise choose: times, protocols, health checks, certificate",
    why: "AWS's own choices are those of a web page: calls are cut after a minute, and a task that hangs is asked for longer than that.",
    maps: { owasp: ["MCP07"] },
  },
  INGRESS_SETTINGS,
);

/** What must hold of the load balancer in the final file. */
export const ingressControls: readonly Control[] = [
  lbInvalidHeaders,
  lbDesync,
  lbWafFailsClosed,
  lbForwardedFor,
  lbDeletionProtected,
  lbLogs,
  ...logBucketControls,
  ...reachControls,
  listenerHttps,
  listenerTls,
  listenerCertificates,
  listenerDefault,
  listenerHeaders,
  targetsTls,
  rulesExact,
  parts,
  ...routeControls,
  ...logDeliveryControls,
  ...splitRuleControls,
];
