import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { TerraformStack, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { Connection } from "../network/connection";
import type { PlatformAttributes } from "../platform-attributes";
import type { Deployment } from "../terraform";
import { DeadLetters } from "./dead-letters";

type Endpoints = PlatformAttributes["network"]["endpoints"];

/** Where a server's rotation functions stand, and what they share. */
export interface RotationSurroundingsProps {
  readonly on: Deployment;
  /** The server's name. */
  readonly server: string;
  /** Key of secrets. */
  readonly keyArn: string;
  /** Key and retention of the functions' logs. */
  readonly logs: { readonly keyArn: string; readonly retainDays: number };
  readonly network: Pick<PlatformAttributes["network"], "vpcId" | "taskSubnetIds"> & {
    readonly endpoints: Pick<Endpoints, "securityGroupId" | "owned" | "ready"> & Partial<Endpoints>;
  };
  /** Who hears of a failed rotation. */
  readonly topicArn: string;
}

/**
 * The network place of all rotation functions of one server: private subnets, and a group from which the endpoints can
 * be reached and nothing else.
 */
export class RotationSurroundings extends Construct {
  public readonly keyArn: string;
  public readonly logs: RotationSurroundingsProps["logs"];
  public readonly topicArn: string;
  public readonly subnetIds: readonly string[];
  public readonly vpcId: string;
  public readonly securityGroupId: string;
  public readonly deadLetters: DeadLetters;
  /** What must be there before a function can reach Secrets Manager. */
  public readonly ready: readonly ITerraformDependable[];

  private readonly network: RotationSurroundingsProps["network"];
  private readonly on: Deployment;

  public constructor(scope: Construct, id: string, props: RotationSurroundingsProps) {
    super(scope, id);
    const { on, server, keyArn, network, topicArn } = props;
    this.on = on;
    this.network = network;
    this.keyArn = keyArn;
    this.logs = props.logs;
    this.topicArn = topicArn;
    this.subnetIds = network.taskSubnetIds;
    this.vpcId = network.vpcId;
    this.securityGroupId = new SecurityGroup(this, "group", {
      name: on.naming.name(`${server}-rotation`, 255),
      description: `Functions that rotate secrets of ${server}`,
      vpcId: network.vpcId,
      tags: { ...on.tags },
    }).id;
    this.ready = this.toEndpoints(this, "to-endpoints", this.securityGroupId, `secrets of ${server}`);
    this.deadLetters = new DeadLetters(this, "dead-letters", { on, server, keyArn, topicArn });
  }

  /** Lets a group reach the endpoints; gives what must be there before a function in it can. */
  public toEndpoints(
    scope: Construct,
    id: string,
    securityGroupId: string,
    what: string,
  ): readonly ITerraformDependable[] {
    const { endpoints } = this.network;
    const { rules } = new Connection(scope, id, {
      on: this.on,
      from: { securityGroupId },
      to: { securityGroupId: endpoints.securityGroupId },
      port: 443,
      because: `${what} are rotated through an endpoint`,
      open: endpoints.owned ? "both" : "from",
    });
    const stack = TerraformStack.of(this);
    return [
      ...rules,
      // Those of another stack are there before this one is deployed.
      ...(endpoints.ready ?? []).filter((endpoint) => TerraformStack.of(endpoint) === stack),
    ];
  }
}
