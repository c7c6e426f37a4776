import { ElasticacheUser } from "@cdktf/provider-aws/lib/elasticache-user";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { PrivateLink } from "../../downstream/private-link";
import type { StoreUserSettings } from "../../runtime/rotation-env";
import { allow, type Deployment, type Statement } from "../../terraform";
import { STORE } from "./contract";

/** Who logs in to a store, and the way on which his password is changed. */
export interface StoreUserProps {
  readonly on: Deployment;
  /** The server's name. */
  readonly server: string;
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
}

/**
 * The one user of a store. Terraform makes him without a password: he would have to log in by IAM, for which nobody has
 * a right, until the function that rotates his password has set the first one. From then on Terraform leaves his
 * passwords alone. Cost: an endpoint, about 7 US dollars a month and zone.
 */
export class StoreUser extends Construct {
  /** Refers to him, so that what names him is made after him. */
  public readonly userId: string;
  /** What the function is told. */
  public readonly settings: StoreUserSettings;
  /** What it may, beside its secret. */
  public readonly rights: readonly Statement[];
  /** Group of the endpoint to ElastiCache's own interface. */
  public readonly securityGroupId: string;
  /** What must be there before a password can be set. */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: StoreUserProps) {
    super(scope, id);
    const { on, server, vpcId, subnetIds } = props;
    // Known beforehand, so that the function's role and the endpoint's policy can name him.
    const userId = on.naming.name(`${server}-limits`, STORE.mostName);
    const user = new ElasticacheUser(this, "resource", {
      userId,
      // A user who may log in by IAM has to be called like his id.
      userName: userId,
      engine: STORE.engine,
      accessString: STORE.access,
      authenticationMode: { type: "iam" },
      tags: { ...on.tags },
      lifecycle: { ignoreChanges: ["authentication_mode"] },
    });
    this.userId = user.userId;
    const arn = on.account.arn("elasticache", `user:${userId}`);
    const link = new PrivateLink(this, "endpoint", {
      on,
      server,
      // Two endpoints of one VPC cannot both have AWS's name: each function is told its own.
      slice: {
        name: "elasticache",
        service: `com.amazonaws.${on.account.region}.elasticache`,
        privateDns: false,
        allow: { actions: STORE.calls, resources: [arn] },
      },
      vpcId,
      subnetIds,
    });
    this.settings = { userId, endpoint: `https://${link.dnsName}` };
    this.rights = [allow("ChangeThePasswordOfTheUser", { actions: STORE.calls, on: { resources: [arn] } })];
    this.securityGroupId = link.securityGroupId;
    this.ready = [user, link.resource];
  }
}
