import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { Connection, type Peer } from "../network/connection";
import type { Deployment } from "../terraform";
import type { RotationWay } from "./rotation-function";
import type { RotationSurroundings } from "./rotation-surroundings";

/** A function that speaks to one database. */
export interface DatabaseWayProps {
  readonly on: Deployment;
  /** The function's name, without the deployment's prefix. */
  readonly name: string;
  /** What the database is for, as `ledger of orders`. */
  readonly what: string;
  readonly to: Peer;
  readonly port: number;
  readonly surroundings: RotationSurroundings;
}

/**
 * A group of the function's own, so that no other function reaches its database: to AWS's endpoints, to this database's
 * port, and nowhere else.
 */
export class DatabaseWay extends Construct implements RotationWay {
  public readonly securityGroupId: string;
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: DatabaseWayProps) {
    super(scope, id);
    const { on, what, surroundings } = props;
    this.securityGroupId = new SecurityGroup(this, "group", {
      name: on.naming.name(props.name, 255),
      description: `Function that rotates ${what}`,
      vpcId: surroundings.vpcId,
      tags: { ...on.tags },
    }).id;
    const from = { securityGroupId: this.securityGroupId };
    const toEndpoints = surroundings.toEndpoints(this, "to-endpoints", from.securityGroupId, what);
    const toDatabase = new Connection(this, "to-database", {
      on,
      from,
      to: props.to,
      port: props.port,
      because: `users of ${what} are made and tried there`,
    });
    this.ready = [...toEndpoints, ...toDatabase.rules];
  }
}
