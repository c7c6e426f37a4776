import { CloudwatchLogSubscriptionFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-subscription-filter";
import { Construct } from "constructs";
import type { Deployment } from "../terraform";
import type { AuditDelivery } from "./audit";
import { LogGroup } from "./log-group";

/** What a server's logs are made of. */
export interface ServerLogsProps {
  readonly on: Deployment;
  /** The server's name. */
  readonly name: string;
  readonly retainDays: number;
  readonly keyArn: string;
  readonly delivery: AuditDelivery;
}

/** A log group as others use it. */
export interface LogTarget {
  readonly name: string;
  readonly arn: string;
}

/**
 * A server's two log groups. The audit record is the gateway's and goes to the archive; what the server prints is its
 * own, so that nothing it says can pass for an audit line.
 */
export class ServerLogs extends Construct {
  public readonly audit: LogTarget;
  public readonly server: LogTarget;

  public constructor(scope: Construct, id: string, props: ServerLogsProps) {
    super(scope, id);
    const { on, retainDays, keyArn, delivery } = props;
    const group = (part: "audit" | "server") =>
      new LogGroup(this, part, {
        on,
        name: `/hardened-mcp/${on.naming.name(`${props.name}-${part}`, 400)}`,
        retainDays,
        keyArn,
      });
    this.audit = group("audit");
    this.server = group("server");
    new CloudwatchLogSubscriptionFilter(this, "archive", {
      name: "archive",
      logGroupName: this.audit.name,
      destinationArn: delivery.streamArn,
      roleArn: delivery.subscriptionRoleArn,
      // Every line. A filter here would be a way around the archive.
      filterPattern: "",
      distribution: "ByLogStream",
    });
  }
}
