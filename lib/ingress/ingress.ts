import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { Construct } from "constructs";
import type { ReachModel } from "../edge/model";
import { Connection } from "../network/connection";
import type { Deployment } from "../terraform";
import { LOG_PREFIXES, LogBucket } from "./log-bucket";
import { LIFECYCLE_TAG, type IngressModel } from "./model";
import { TrustStore } from "./trust-store";
import { TLS_POLICIES } from "./tls-policies";

/** The load balancer's slice, where it stands and who may reach it. */
export interface IngressProps {
  readonly on: Deployment;
  readonly slice: IngressModel;
  readonly reach: ReachModel;
  readonly network: {
    readonly vpcId: string;
    readonly vpcCidr: string;
    readonly loadBalancerSubnetIds: readonly string[];
  };
  readonly certificateArn: string;
}

/** What others need of a load balancer. */
export interface LoadBalancer {
  readonly arn: string;
  /** The part after `loadbalancer/`, a dimension of its metrics. */
  readonly arnSuffix: string;
  readonly dnsName: string;
  /** Hosted zone of the DNS name, for alias records. */
  readonly zoneId: string;
  readonly securityGroupId: string;
}

const ONE_YEAR_SECONDS = 31_536_000;

/**
 * The load balancer and its one listener: HTTPS on 443, 404 for whatever no server claims. It may leave for nowhere
 * until a `Connection` opens the way to a server. Cost: about 18 US dollars a month and 6 per unit of load.
 */
export class Ingress extends Construct {
  /** The load balancer itself, for what is not configurable here. The controls judge what becomes of it. */
  public readonly resource: Lb;
  public readonly loadBalancer: LoadBalancer;
  public readonly listenerArn: string;

  public constructor(scope: Construct, id: string, props: IngressProps) {
    super(scope, id);
    const { on, slice, network } = props;
    const group = new SecurityGroup(this, "group", {
      name: on.naming.name("ingress", 255),
      description: "Load balancer of the MCP servers",
      vpcId: network.vpcId,
      tags: { ...on.tags },
    });
    const securityGroupId = group.id;
    for (const [name, cidr] of sources(props.reach, network.vpcCidr)) {
      new Connection(this, name, {
        on,
        from: { cidr },
        to: { securityGroupId },
        port: 443,
        because: "clients reach the MCP servers over HTTPS",
      });
    }
    this.resource = new Lb(this, "resource", {
      name: on.naming.name("ingress", 32),
      loadBalancerType: "application",
      internal: props.reach.kind === "internal",
      ipAddressType: "ipv4",
      subnets: network.loadBalancerSubnetIds as string[],
      securityGroups: [securityGroupId],
      // What AWS accepts by default, to be lenient: malformed headers, and requests that two parsers read differently.
      dropInvalidHeaderFields: true,
      desyncMitigationMode: "strictest",
      enableHttp2: true,
      idleTimeout: slice.idleSeconds,
      clientKeepAlive: slice.clientKeepAliveSeconds,
      // No firewall, no service.
      enableWafFailOpen: false,
      // The address of the caller is what AWS appends, whatever he wrote before it.
      xffHeaderProcessingMode: "append",
      // The gateway judges the host that the client sent, not one that was tidied up.
      preserveHostHeader: true,
      enableZonalShift: true,
      enableDeletionProtection: slice.deletionProtection,
      ...this.logs(on, slice),
      tags: { ...on.tags, [LIFECYCLE_TAG]: on.lifecycle },
    });
    const arn = this.resource.arn;
    this.loadBalancer = {
      arn,
      arnSuffix: this.resource.arnSuffix,
      dnsName: this.resource.dnsName,
      zoneId: this.resource.zoneId,
      securityGroupId,
    };
    this.listenerArn = this.listen(arn, props);
  }

  /** There is no listener on port 80: a redirect would invite clients to send their keys in clear first. */
  private listen(loadBalancerArn: string, { on, slice, certificateArn }: IngressProps): string {
    const { clientCertificates } = slice;
    const trust = clientCertificates && new TrustStore(this, "clients", { on, slice: clientCertificates });
    return new LbListener(this, "https", {
      loadBalancerArn,
      port: 443,
      protocol: "HTTPS",
      sslPolicy: TLS_POLICIES[slice.tls],
      certificateArn,
      ...(trust && {
        mutualAuthentication: {
          // Never passthrough: then nobody would have verified what the header says.
          mode: "verify",
          trustStoreArn: trust.arn,
          ignoreClientCertificateExpiry: false,
          // A client with several certificates learns which one is asked for.
          advertiseTrustStoreCaNames: "on",
        },
      }),
      defaultAction: [
        {
          type: "fixed-response",
          fixedResponse: { contentType: "text/plain", messageBody: "Not found", statusCode: "404" },
        },
      ],
      routingHttpResponseServerEnabled: false,
      routingHttpResponseStrictTransportSecurityHeaderValue: `max-age=${ONE_YEAR_SECONDS}`,
      routingHttpResponseXContentTypeOptionsHeaderValue: "nosniff",
      tags: { ...on.tags },
    }).arn;
  }

  private logs(on: Deployment, { logs }: IngressModel) {
    if (!logs) return {};
    const bucket = new LogBucket(this, "logs", { on, retainDays: logs.retainDays });
    const to = (prefix: string) => ({ bucket: bucket.name, prefix, enabled: true });
    return {
      accessLogs: to(LOG_PREFIXES.access),
      connectionLogs: to(LOG_PREFIXES.connection),
      healthCheckLogs: to(LOG_PREFIXES.healthCheck),
      dependsOn: [...bucket.ready],
    };
  }
}

/** Construct ids and blocks of those who may connect. */
function sources(reach: ReachModel, vpcCidr: string): [string, string][] {
  if (reach.kind === "internet") return [["from-internet", "0.0.0.0/0"]];
  if (reach.kind === "internal" && reach.cidrs.length === 0) return [["from-vpc", vpcCidr]];
  return reach.cidrs.map((cidr) => [`from-${cidr.replace(/[./]/g, "-")}`, cidr]);
}
