import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { FlowLog } from "@cdktf/provider-aws/lib/flow-log";
import { Construct } from "constructs";
import { Role } from "../access/role";
import { allow, trustService, type Deployment } from "../terraform";

/** What is recorded, for how long, under which key. */
export interface FlowLogsProps {
  readonly on: Deployment;
  readonly vpcId: string;
  readonly retainDays: number;
  /** Customer key that CloudWatch Logs may use. */
  readonly logsKeyArn: string;
}

/** Record of every connection in the VPC, accepted or refused, by the minute. Cost: 0.50 US dollars per GB. */
export class FlowLogs extends Construct {
  public readonly logGroupName: string;

  public constructor(scope: Construct, id: string, props: FlowLogsProps) {
    super(scope, id);
    const { on } = props;
    const group = new CloudwatchLogGroup(this, "group", {
      name: on.naming.name("network-flow", 255),
      retentionInDays: props.retainDays,
      kmsKeyId: props.logsKeyArn,
      deletionProtectionEnabled: on.lifecycle === "protected",
      tags: { ...on.tags },
    });
    this.logGroupName = group.name;
    const role = new Role(this, "role", {
      on,
      name: "network-flow",
      description: "Writes the flow logs of the VPC",
      trust: [
        trustService("vpc-flow-logs.amazonaws.com", {
          accountId: on.account.id,
          sourceArns: [on.account.arn("ec2", "vpc-flow-log/*")],
        }),
      ],
      rights: [
        allow("WriteFlows", {
          actions: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
          on: { resources: [`${group.arn}:*`] },
        }),
        // Flow logs look for their group before they write, and CloudWatch lists groups or does not.
        allow("FindGroup", {
          actions: ["logs:DescribeLogGroups"],
          on: { resources: [on.account.arn("logs", "log-group:*")] },
        }),
      ],
    });
    new FlowLog(this, "resource", {
      vpcId: props.vpcId,
      trafficType: "ALL",
      maxAggregationInterval: 60,
      logDestinationType: "cloud-watch-logs",
      logDestination: group.arn,
      iamRoleArn: role.arn,
      tags: { ...on.tags },
      ...(role.policy ? { dependsOn: [role.policy] } : {}),
    });
  }
}
