import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { Construct } from "constructs";
import { json, policyDocument, type Deployment } from "../terraform";
import type { PrivateLinkModel } from "./private-link-model";
import { privateLinkPolicy } from "./private-link-policy";

/** An interface endpoint of one server. */
export interface PrivateLinkProps {
  readonly on: Deployment;
  /** The server's name. */
  readonly server: string;
  readonly slice: Pick<PrivateLinkModel, "name" | "service" | "allow" | "privateDns">;
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
}

/** An interface endpoint in a group of its own. Nobody may enter until a `Connection` says so. */
export class PrivateLink extends Construct {
  public readonly resource: VpcEndpoint;
  public readonly securityGroupId: string;

  public constructor(scope: Construct, id: string, props: PrivateLinkProps) {
    super(scope, id);
    const { on, server, slice, vpcId } = props;
    const name = on.naming.name(`${server}-to-${slice.name}`, 255);
    const group = new SecurityGroup(this, "group", {
      name,
      description: `Endpoint of ${server} for ${slice.name}`,
      vpcId,
      tags: { ...on.tags },
    });
    this.securityGroupId = group.id;
    this.resource = new VpcEndpoint(this, "resource", {
      vpcId,
      serviceName: slice.service,
      vpcEndpointType: "Interface",
      privateDnsEnabled: slice.privateDns,
      // Not copied: it may be one list token.
      subnetIds: props.subnetIds as string[],
      securityGroupIds: [group.id],
      ...(slice.allow === undefined
        ? {}
        : { policy: json(policyDocument(privateLinkPolicy(slice.allow, on.account))) }),
      tags: { ...on.tags, Name: name },
    });
  }

  /** The endpoint's own name, which leads to it without `privateDns`. */
  public get dnsName(): string {
    return this.resource.dnsEntry.get(0).dnsName;
  }
}
