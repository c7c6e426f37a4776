import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import type { ReachModel } from "../edge/model";
import { Connection } from "../network/connection";
import type { Deployment } from "../terraform";
import { GivenLogBucket, type LogsOwner } from "./given-log-bucket";
import { LogBucket } from "./log-bucket";
import { LOG_PREFIXES } from "./log-statements";
import { GivenLoadBalancer } from "./given-load-balancer";
import { LIFECYCLE_TAG, type IngressModel, type NewIngressModel } from "./model";
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
  /** Whether the certificate is there already. @default it is made here */
  readonly certificateGiven?: boolean;
  /** Of the account of a bucket for logs that is there. @default as everything else */
  readonly logsProvider?: TerraformProvider | undefined;
}

type MakingProps = IngressProps & { readonly slice: NewIngressModel };

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
 * The load balancer and its one listener, made here or there already. Made: HTTPS on 443, 404 for whatever no server claims. It may leave for nowhere
 * until a `Connection` opens the way to a server. Cost: about 18 US dollars a month and 6 per unit of load.
 */
export class Ingress extends Construct {
  public readonly loadBalancer: LoadBalancer;
  public readonly listenerArn: string;
  /** What the owner of a bucket for logs that is there has to write into its policy; nothing where it is made here. */
  public readonly logsOwner: LogsOwner | undefined;
  private readonly made: Lb | undefined;

  public constructor(scope: Construct, id: string, props: IngressProps) {
    super(scope, id);
    const { slice } = props;
    if (slice.kind === "existing") {
      const given = new GivenLoadBalancer(this, "given", {
        slice,
        internal: props.reach.kind === "internal",
        vpcId: props.network.vpcId,
        certificateArn: props.certificateGiven === true ? undefined : props.certificateArn,
      });
      this.loadBalancer = given.loadBalancer;
      this.listenerArn = given.listenerArn;
    } else {
      const { balancer, securityGroupId, logs } = this.make({ ...props, slice });
      if (logs instanceof GivenLogBucket) this.logsOwner = logs.owner;
      const { arn, arnSuffix, dnsName, zoneId } = balancer;
      this.made = balancer;
      this.loadBalancer = { arn, arnSuffix, dnsName, zoneId, securityGroupId };
      this.listenerArn = this.listen(arn, { ...props, slice });
    }
  }

  /**
   * The load balancer itself, for what is not configurable here. The controls judge what becomes of it.
   * @throws Error where it is there already, and not ours to change
   */
  public get resource(): Lb {
    if (this.made === undefined)
      throw new Error(`${this.node.path}: the load balancer is there already, and its owner's to change`);
    return this.made;
  }

  private make(props: MakingProps) {
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
    const logs = this.logBucket(props);
    const balancer = new Lb(this, "resource", {
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
      ...writtenTo(logs),
      tags: { ...on.tags, [LIFECYCLE_TAG]: on.lifecycle },
    });
    return { balancer, securityGroupId, logs };
  }

  /** There is no listener on port 80: a redirect would invite clients to send their keys in clear first. */
  private listen(loadBalancerArn: string, { on, slice, certificateArn }: MakingProps): string {
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

  private logBucket({ on, slice: { logs }, logsProvider }: MakingProps) {
    if (logs === undefined) return undefined;
    return logs.kind === "existing"
      ? new GivenLogBucket(this, "logs", { on, slice: logs, provider: logsProvider })
      : new LogBucket(this, "logs", { on, retainDays: logs.retainDays });
  }
}

/** A load balancer's fields that say where its logs go. */
function writtenTo(bucket: LogBucket | GivenLogBucket | undefined) {
  if (bucket === undefined) return {};
  const to = (prefix: string) => ({
    bucket: bucket.name,
    prefix: `${bucket.folder}${prefix}`,
    enabled: true,
  });
  return {
    accessLogs: to(LOG_PREFIXES.access),
    connectionLogs: to(LOG_PREFIXES.connection),
    healthCheckLogs: to(LOG_PREFIXES.healthCheck),
    dependsOn: [...bucket.ready],
  };
}

/** Construct ids and blocks of those who may connect. */
function sources(reach: ReachModel, vpcCidr: string): [string, string][] {
  if (reach.kind === "internet") return [["from-internet", "0.0.0.0/0"]];
  if (reach.kind === "internal" && reach.cidrs.length === 0) return [["from-vpc", vpcCidr]];
  return reach.cidrs.map((cidr) => [`from-${cidr.replace(/[./]/g, "-")}`, cidr]);
}
