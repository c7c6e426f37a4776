import { Construct } from "constructs";
import { Connection } from "../network/connection";
import type { Deployment } from "../terraform";
import type { DownstreamModel } from "./model";

/** What a server's tasks may reach. */
export interface DownstreamProps {
  readonly on: Deployment;
  readonly slice: readonly DownstreamModel[];
  /** Group of the tasks. */
  readonly from: string;
}

/**
 * Opens the tasks' group to each thing that the configuration lists, and the other end's group to the tasks where the
 * other end is a group. Everything else stays closed.
 */
export class Downstream extends Construct {
  public constructor(scope: Construct, id: string, { on, slice, from }: DownstreamProps) {
    super(scope, id);
    for (const { name, to, port, because } of slice) {
      new Connection(this, name, { on, from: { securityGroupId: from }, to, port, because });
    }
  }
}
