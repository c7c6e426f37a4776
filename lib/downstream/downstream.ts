import { Construct } from "constructs";
import { Connection } from "../network/connection";
import type { Deployment } from "../terraform";
import type { DownstreamModel, PeerModel } from "./model";
import { PrivateLink } from "./private-link";

/** What a server's tasks may reach. */
export interface DownstreamProps {
  readonly on: Deployment;
  readonly slice: readonly DownstreamModel[];
  /** The server's name. */
  readonly server: string;
  /** Where endpoints stand: beside the tasks. */
  readonly vpcId: string;
  readonly taskSubnetIds: readonly string[];
}

/** A connection to be opened, and where its construct stands. */
type Way = Pick<PeerModel, "to" | "port" | "because"> & { readonly scope: Construct; readonly id: string };

/**
 * Makes the endpoints that are asked for, and opens the tasks' group to each thing that the configuration lists, and
 * the other end's group to the tasks where the other end is a group. Everything else stays closed. Public names are
 * the work of `Egress`.
 */
export class Downstream extends Construct {
  /** Variables of the server: the names of endpoints that have none of the service's own. */
  public readonly environment: Readonly<Record<string, string>>;
  private readonly on: Deployment;
  private readonly ways: readonly Way[];

  public constructor(scope: Construct, id: string, props: DownstreamProps) {
    super(scope, id);
    const { on, slice, server, vpcId, taskSubnetIds: subnetIds } = props;
    this.on = on;
    const environment: Record<string, string> = {};
    this.environment = environment;
    this.ways = slice.flatMap((entry): Way[] => {
      if (entry.kind === "domains") return [];
      const { name, port, because } = entry;
      if (entry.kind === "peer") return [{ scope: this, id: name, to: entry.to, port, because }];
      const link = new PrivateLink(this, name, { on, server, slice: entry, vpcId, subnetIds });
      if (entry.env !== undefined) environment[entry.env] = link.dnsName;
      return [{ scope: link, id: "calls", to: link, port, because }];
    });
  }

  /** Opens every way to the tasks in this group. */
  public open(securityGroupId: string): void {
    for (const { scope, id, to, port, because } of this.ways) {
      new Connection(scope, id, { on: this.on, from: { securityGroupId }, to, port, because });
    }
  }
}
