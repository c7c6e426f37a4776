import { ElasticacheParameterGroup } from "@cdktf/provider-aws/lib/elasticache-parameter-group";
import { ElasticacheReplicationGroup } from "@cdktf/provider-aws/lib/elasticache-replication-group";
import { ElasticacheSubnetGroup } from "@cdktf/provider-aws/lib/elasticache-subnet-group";
import { ElasticacheUserGroup } from "@cdktf/provider-aws/lib/elasticache-user-group";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { LogGroup } from "../../audit/log-group";
import type { Deployment } from "../../terraform";
import type { ReachedStore } from "../model";
import { familyOf, STORE } from "./contract";
import type { NewLimitStoreModel } from "./model";
import { StoreAlarms } from "./store-alarms";

/** The store of one server. */
export interface LimitStoreProps {
  readonly on: Deployment;
  readonly slice: NewLimitStoreModel;
  /** The server's name. */
  readonly server: string;
  readonly vpcId: string;
  /** The tasks' subnets, in two zones at least. */
  readonly subnetIds: readonly string[];
  /** Customer key of what a node writes to its disk: that of secrets. */
  readonly keyArn: string;
  readonly logs: { readonly keyArn: string; readonly retainDays: number };
  readonly userId: string;
  /** Who hears of what happens to it. */
  readonly topicArn: string;
  /** Secret of the user's login, with the field `login`. */
  readonly secretArn: string;
  /** The first password is set: a user who is being changed can be put into no group. */
  readonly seeded: readonly ITerraformDependable[];
}

/** ElastiCache for Valkey, not in cluster mode, in a group that nobody may enter until a `Connection` says so. */
export class LimitStore extends Construct {
  public readonly resource: ElasticacheReplicationGroup;
  /** What tasks connect to. */
  public readonly reached: ReachedStore;

  public constructor(scope: Construct, id: string, props: LimitStoreProps) {
    super(scope, id);
    const { on, slice, server, keyArn, logs } = props;
    const tags = { ...on.tags };
    const name = on.naming.name(`${server}-limits`, STORE.mostName);
    const subnets = new ElasticacheSubnetGroup(this, "subnets", {
      name,
      description: `Store of limits of ${server}`,
      // Not copied: it may be one list token.
      subnetIds: props.subnetIds as string[],
      tags,
    });
    const family = familyOf(slice.engineVersion);
    const parameters = new ElasticacheParameterGroup(this, "parameters", {
      // Of another family it has another name, because the old one is in use until the new one is.
      name: `${name}-${family}`,
      family,
      description: `Store of limits of ${server}`,
      parameter: Object.entries(STORE.parameters).map(([parameter, value]) => ({ name: parameter, value })),
      tags,
      lifecycle: { createBeforeDestroy: true },
    });
    const group = new SecurityGroup(this, "group", {
      name: on.naming.name(`${server}-limits`, 255),
      description: `Store of limits of ${server}`,
      vpcId: props.vpcId,
      tags,
    });
    const users = new ElasticacheUserGroup(this, "users", {
      userGroupId: name,
      engine: STORE.engine,
      userIds: [props.userId],
      tags,
      dependsOn: [...props.seeded],
    });
    const log = new LogGroup(this, "log", {
      on,
      // AWS keeps one policy for all logs that it delivers to names beginning so, and no list that fills up.
      name: `/aws/vendedlogs/${on.naming.name(`${server}-limits`, 400)}`,
      ...logs,
    });
    this.resource = new ElasticacheReplicationGroup(this, "resource", {
      replicationGroupId: name,
      description: `Store of limits of ${server}`,
      engine: STORE.engine,
      engineVersion: slice.engineVersion,
      nodeType: slice.nodeType,
      port: STORE.port,
      numCacheClusters: 1 + slice.replicas,
      automaticFailoverEnabled: true,
      multiAzEnabled: true,
      subnetGroupName: subnets.name,
      parameterGroupName: parameters.name,
      securityGroupIds: [group.id],
      // Text in the provider's schema, because it can be unset there.
      atRestEncryptionEnabled: "true",
      kmsKeyId: keyArn,
      transitEncryptionEnabled: true,
      transitEncryptionMode: "required",
      userGroupIds: [users.userGroupId],
      autoMinorVersionUpgrade: "true",
      maintenanceWindow: slice.maintenanceWindow,
      // No snapshots, as by default: counts of a minute are nothing to keep.
      logDeliveryConfiguration: STORE.logs.map((logType) => ({
        logType,
        logFormat: "json",
        destinationType: "cloudwatch-logs",
        destination: log.name,
      })),
      tags,
    });
    new StoreAlarms(this, "alarms", {
      on,
      server,
      storeId: name,
      nodes: 1 + slice.replicas,
      topicArn: props.topicArn,
    });
    this.reached = {
      host: this.resource.primaryEndpointAddress,
      port: STORE.port,
      securityGroupId: group.id,
      login: { secretArn: props.secretArn, field: "login", keyArn },
    };
  }
}
