import { WAF_RULES } from "../waf/rules";
import type { Alarm, AwsMetric } from "./alarm";

const firewall = (name: string, rule: string): AwsMetric => ({
  kind: "metric",
  namespace: "AWS/WAFV2",
  name,
  stat: "Sum",
  dimensions: { WebACL: "web-acl", Rule: { is: rule }, Region: "region" },
});

const loadBalancer = (name: string): AwsMetric => ({
  kind: "metric",
  namespace: "AWS/ApplicationELB",
  name,
  stat: "Sum",
  dimensions: { LoadBalancer: "load-balancer" },
});

const delivery = (name: string, stat: string): AwsMetric => ({
  kind: "metric",
  namespace: "AWS/Firehose",
  name,
  stat,
  dimensions: { DeliveryStreamName: "delivery-stream" },
});

const common = { scope: "platform", missing: "notBreaching", periodSeconds: 300 } as const;
const once = { bad: 1, of: 1 };

/** Alarms about what servers share: firewall, load balancer, archive. */
export const PLATFORM_ALARMS: readonly Alarm[] = [
  {
    ...common,
    id: "firewall-blocks",
    title: "The firewall refuses many requests",
    why: "Somebody scans or attacks, or a client was changed so that the firewall refuses it.",
    then: "Read the firewall's log for rule and source address.",
    signal: firewall("BlockedRequests", "ALL"),
    fires: "above",
    threshold: 500,
    periods: { bad: 2, of: 3 },
  },
  {
    ...common,
    id: "address-rate-limited",
    title: "One address keeps sending more than it may",
    why: "A flood, a client in a loop, or many users behind one address.",
    then: "Find the address in the firewall's log. Raise waf.perIp only for a known one.",
    signal: firewall("BlockedRequests", WAF_RULES.perIp),
    fires: "at-least",
    threshold: 1,
    periods: { bad: 3, of: 3 },
    only: "own-web-acl",
  },
  {
    ...common,
    id: "credential-in-url",
    title: "A credential was sent in a URL",
    why: "URLs end up in logs and histories: the credential must be taken as known to others.",
    then: "Rotate that client's key or revoke its token, then repair the client.",
    signal: firewall("BlockedRequests", WAF_RULES.queryCredential),
    fires: "at-least",
    threshold: 1,
    periods: once,
    only: "own-web-acl",
  },
  {
    ...common,
    id: "unexpected-country",
    title: "Requests from a country where no client is",
    why: "A stolen credential is tried out from elsewhere, or clients moved.",
    then: "Compare the firewall's log with the audit record, to see whether one of them authenticated.",
    signal: firewall("CountedRequests", WAF_RULES.countries),
    fires: "at-least",
    threshold: 1,
    periods: once,
    only: "expected-countries",
  },
  {
    ...common,
    id: "load-balancer-errors",
    title: "The load balancer itself answers with errors",
    why: "No healthy task, or tasks that close connections: clients see 502, 503 or 504.",
    then: "Look at healthy hosts and at the gateway's log of the server concerned.",
    signal: loadBalancer("HTTPCode_ELB_5XX_Count"),
    fires: "at-least",
    threshold: 10,
    periods: once,
  },
  {
    ...common,
    id: "tls-failures",
    title: "Many TLS handshakes fail",
    why: "A scanner, or clients too old for the TLS policy.",
    then: "Read the connection log. A known client must be updated before ingress.tls is relaxed.",
    signal: loadBalancer("ClientTLSNegotiationErrorCount"),
    fires: "above",
    threshold: 100,
    periods: once,
  },
  {
    ...common,
    id: "malformed-http",
    title: "Requests that are not proper HTTP",
    why: "Request smuggling is tried: the load balancer counts what its desync mode refuses.",
    then: "Find the source address in the access log and block it.",
    signal: loadBalancer("DesyncMitigationMode_NonCompliant_Request_Count"),
    fires: "at-least",
    threshold: 10,
    periods: once,
  },
  {
    ...common,
    id: "archive-late",
    title: "Audit lines reach the archive late",
    why: "Delivery fails: lines wait in Firehose, which drops them after 24 hours.",
    then: "Read the delivery error log, then bucket policy, key policy and the delivery role.",
    signal: delivery("DeliveryToS3.DataFreshness", "Maximum"),
    fires: "above",
    threshold: 900,
    periods: { bad: 2, of: 2 },
  },
  {
    ...common,
    id: "archive-refused",
    title: "Writing to the archive fails",
    why: "The bucket, its lock or the key refuses Firehose. Somebody may have changed a policy.",
    then: "Read the delivery error log, and CloudTrail for changes of bucket, key and role.",
    signal: delivery("DeliveryToS3.Success", "Average"),
    fires: "below",
    threshold: 1,
    periods: { bad: 2, of: 3 },
  },
];
