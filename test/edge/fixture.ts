import { CloudflareProvider } from "@cdktf/provider-cloudflare/lib/provider";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { Certificate } from "../../lib/edge/certificate";
import type { EdgeConfig } from "../../lib/edge/config";
import { HostRecord } from "../../lib/edge/host-record";
import { resolveEdge } from "../../lib/edge/model";
import { isToken } from "../../lib/terraform";
import type { Plan } from "../../lib/terraform/plan";
import { Check } from "../../lib/validation";
import { synthPlan, testDeployment } from "../support/plan";

export const ROUTE53 = { kind: "route53", zoneId: "Z0123456789ABCDEFGHIJ" } as const;
export const CLOUDFLARE = { kind: "cloudflare", zoneId: "0123456789abcdef0123456789abcdef" } as const;
export const EXISTING = {
  kind: "existing",
  arn: "arn:aws:acm:eu-west-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef",
} as const;

/** A certificate, a listener that uses it, and the name. */
export function edgePlan(certificate: EdgeConfig["certificate"], record?: EdgeConfig["record"]): Plan {
  return synthPlan((stack) => {
    const on = testDeployment(stack);
    if ([certificate, record].some((each) => each?.kind === "cloudflare"))
      new CloudflareProvider(stack, "cloudflare");
    const slice = resolveEdge(
      { hostname: "mcp.example.com", certificate, reach: { kind: "internet" }, ...(record && { record }) },
      Check.start(isToken),
    );
    const { arn } = new Certificate(stack, "certificate", { on, slice });
    new LbListener(stack, "listener", {
      loadBalancerArn: "arn:lb",
      certificateArn: arn,
      defaultAction: [{ type: "fixed-response" }],
    });
    new HostRecord(stack, "host", { on, slice, loadBalancer: { dnsName: "lb.example.aws", zoneId: "ZLB" } });
  });
}
