import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import type { TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { keysObjectArn } from "../key-mirror/names";
import { json, policyDocument, type Deployment } from "../terraform";
import { INTERFACE_SERVICES, interfacePolicy, s3Policy } from "./endpoint-policies";

/** Where the endpoints stand. */
export interface EndpointsProps {
  readonly on: Deployment;
  readonly vpcId: string;
  /** One subnet a zone: AWS takes no two of one zone. */
  readonly subnetIds: readonly string[];
  /** Tables of the subnets that reach S3. */
  readonly routeTableIds: readonly string[];
  /** Servers whose tasks read mirrored keys. */
  readonly mirroredKeysOf: readonly string[];
}

/**
 * Private ways to the AWS services that tasks use, each with a policy that lets only this account through.
 * Cost: about 7 US dollars a month per interface endpoint and zone, and 0.01 per GB; S3's is free.
 */
export class Endpoints extends Construct {
  /** The group of all interface endpoints. Nobody may connect until a `Connection` says so. */
  public readonly securityGroupId: string;
  public readonly s3PrefixListId: string;
  public readonly s3EndpointId: string;
  /** The endpoints themselves, for what calls AWS while it is being deployed. */
  public readonly ready: readonly TerraformResource[];

  public constructor(scope: Construct, id: string, props: EndpointsProps) {
    super(scope, id);
    const { on, vpcId } = props;
    const { region } = on.account;
    const group = new SecurityGroup(this, "group", {
      name: on.naming.name("endpoints", 255),
      description: "Interface endpoints of AWS services",
      vpcId,
      tags: { ...on.tags },
    });
    this.securityGroupId = group.id;
    this.ready = INTERFACE_SERVICES.map(
      (service) =>
        new VpcEndpoint(this, service.replace(".", "-"), {
          vpcId,
          serviceName: `com.amazonaws.${region}.${service}`,
          vpcEndpointType: "Interface",
          privateDnsEnabled: true,
          subnetIds: props.subnetIds as string[],
          securityGroupIds: [this.securityGroupId],
          policy: json(policyDocument(interfacePolicy(service, on.account))),
          tags: { ...on.tags, Name: on.naming.name(service, 255) },
        }),
    );
    const keys = props.mirroredKeysOf.map((server) => keysObjectArn(on.naming, server, on.account));
    const s3 = new VpcEndpoint(this, "s3", {
      vpcId,
      serviceName: `com.amazonaws.${region}.s3`,
      vpcEndpointType: "Gateway",
      routeTableIds: props.routeTableIds as string[],
      policy: json(policyDocument(s3Policy(on.account, keys))),
      tags: { ...on.tags, Name: on.naming.name("s3", 255) },
    });
    this.s3PrefixListId = s3.prefixListId;
    this.s3EndpointId = s3.id;
  }
}
