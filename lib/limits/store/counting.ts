import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { PlatformAttributes } from "../../platform-attributes";
import type { WantedStoreUser } from "../../secrets/server-secrets";
import type { Deployment } from "../../terraform";
import type { LimitsModel, ReachedStore } from "../model";
import { LimitStore } from "./limit-store";
import { StoreUser } from "./store-user";

/** A server's limits, and where a store would stand. */
export interface CountingProps {
  readonly on: Deployment;
  /** The server's name. */
  readonly server: string;
  readonly limits: LimitsModel;
  readonly platform: Pick<PlatformAttributes, "network" | "secrets" | "audit" | "alarms">;
}

/** Where a server's limits are counted. Makes nothing unless a store is to be made. */
export class Counting extends Construct {
  /** Whose password the server's secrets must make; absent where no store is made. */
  public readonly user: (WantedStoreUser & { readonly userId: string }) | undefined;

  private readonly props: CountingProps;

  public constructor(scope: Construct, id: string, props: CountingProps) {
    super(scope, id);
    this.props = props;
    const { on, server, limits, platform } = props;
    if (limits.scope !== "exact" || limits.store.kind === "existing") return;
    const { vpcId, taskSubnetIds: subnetIds } = platform.network;
    const { userId, settings, rights, securityGroupId, ready } = new StoreUser(this, "user", {
      on,
      server,
      vpcId,
      subnetIds,
    });
    const { rotateDays } = limits.store;
    this.user = { userId, settings, rights, securityGroupId, ready, rotateDays };
  }

  /** The store that tasks reach, made when its user has a password; absent where limits are counted in no one place. */
  public storeOf(
    login: { readonly arn: string; readonly seeded: ITerraformDependable } | undefined,
  ): ReachedStore | undefined {
    const { on, server, limits, platform } = this.props;
    if (limits.scope !== "exact") return undefined;
    if (limits.store.kind === "existing") return limits.store;
    if (!this.user || !login) throw new Error(`the store of limits of ${server} has no user`);
    const { vpcId, taskSubnetIds: subnetIds } = platform.network;
    return new LimitStore(this, "store", {
      on,
      slice: limits.store,
      server,
      vpcId,
      subnetIds,
      keyArn: platform.secrets.keyArn,
      logs: platform.audit,
      userId: this.user.userId,
      topicArn: platform.alarms.topicArn,
      secretArn: login.arn,
      seeded: [login.seeded],
    }).reached;
  }
}
