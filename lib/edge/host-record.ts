import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import type { Deployment } from "../terraform";
import { cloudflareDnsRecord } from "./cloudflare";
import type { EdgeModel } from "./model";

/** Which name points to which load balancer. */
export interface HostRecordProps {
  readonly on: Deployment;
  readonly slice: Pick<EdgeModel, "hostname" | "record">;
  /** Of the zone's account. @default as everything else */
  readonly dns?: TerraformProvider | undefined;
  readonly loadBalancer: { readonly dnsName: string; readonly zoneId: string };
}

/** Seconds that resolvers may keep a record that points to the load balancer. */
const TTL_SECONDS = 300;

/** The DNS record of the host name, where we write it. */
export class HostRecord extends Construct {
  public constructor(scope: Construct, id: string, { on, slice, loadBalancer, dns }: HostRecordProps) {
    super(scope, id);
    const { hostname: name, record } = slice;
    switch (record.kind) {
      case "route53":
        new Route53Record(this, "resource", {
          ...(dns && { provider: dns }),
          zoneId: record.zoneId,
          name,
          type: "A",
          // One target: there is nothing to fail over to, so its health decides nothing.
          alias: { name: loadBalancer.dnsName, zoneId: loadBalancer.zoneId, evaluateTargetHealth: false },
        });
        return;
      case "cloudflare": {
        const DnsRecord = cloudflareDnsRecord();
        new DnsRecord(this, "resource", {
          zoneId: record.zoneId,
          name,
          type: "CNAME",
          content: loadBalancer.dnsName,
          ttl: TTL_SECONDS,
          // Proxied, Cloudflare would end TLS in its own data centres, and the load balancer would see its addresses.
          proxied: false,
          comment: `Load balancer of ${on.naming.prefix}`,
        });
        return;
      }
      case "none":
    }
  }
}
