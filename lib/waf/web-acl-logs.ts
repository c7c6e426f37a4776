import { CloudwatchLogResourcePolicy } from "@cdktf/provider-aws/lib/cloudwatch-log-resource-policy";
import type { Wafv2WebAclDataProtectionConfigDataProtection } from "@cdktf/provider-aws/lib/wafv2-web-acl";
import { Wafv2WebAclLoggingConfiguration } from "@cdktf/provider-aws/lib/wafv2-web-acl-logging-configuration";
import { Construct } from "constructs";
import { LogGroup } from "../audit/log-group";
import { allow, json, policyDocument, type Deployment } from "../terraform";
import { SECRET_HEADERS } from "./secret-headers";

/** Where the firewall writes to. */
export interface WebAclLogsProps {
  readonly on: Deployment;
  readonly retainDays: number;
  readonly webAclArn: string;
  readonly keyArn: string;
}

/**
 * Protection of what AWS keeps of requests in logs and in sampled requests alike. `redacted_fields` alone reaches only
 * rules that look at the same part, and no samples.
 */
export const DATA_PROTECTION: Wafv2WebAclDataProtectionConfigDataProtection[] = [
  { action: "SUBSTITUTION", field: { fieldType: "SINGLE_HEADER", fieldKeys: [...SECRET_HEADERS] } },
  // No query is served at all, so what stands in one is most likely a credential in the wrong place.
  { action: "SUBSTITUTION", field: { fieldType: "QUERY_STRING" } },
  { action: "SUBSTITUTION", field: { fieldType: "BODY" } },
];

/** Log of what the firewall blocked or counted, without credentials. */
export class WebAclLogs extends Construct {
  public constructor(scope: Construct, id: string, { on, retainDays, webAclArn, keyArn }: WebAclLogsProps) {
    super(scope, id);
    const group = new LogGroup(this, "group", {
      on,
      // AWS WAF takes no other beginning.
      name: `aws-waf-logs-${on.naming.name("web-acl", 400)}`,
      retainDays,
      keyArn,
    });
    const delivery = new CloudwatchLogResourcePolicy(this, "delivery", {
      policyName: on.naming.name("waf-logs", 128),
      policyDocument: json(
        policyDocument([
          {
            ...allow("WafWritesItsLog", {
              actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
              on: { resources: [`${group.arn}:*`] },
              when: {
                StringEquals: { "aws:SourceAccount": on.account.id },
                ArnLike: { "aws:SourceArn": on.account.arn("logs", "*") },
              },
            }),
            Principal: { Service: "delivery.logs.amazonaws.com" },
          },
        ]),
      ),
    });
    new Wafv2WebAclLoggingConfiguration(this, "resource", {
      resourceArn: webAclArn,
      logDestinationConfigs: [group.arn],
      redactedFields: [...SECRET_HEADERS.map((name) => ({ singleHeader: { name } })), { queryString: {} }],
      // Requests that pass are in the gateway's audit record: here they would only cost.
      loggingFilter: {
        defaultBehavior: "DROP",
        filter: [
          {
            behavior: "KEEP",
            requirement: "MEETS_ANY",
            condition: ["BLOCK", "COUNT", "EXCLUDED_AS_COUNT"].map((action) => ({
              actionCondition: { action },
            })),
          },
        ],
      },
      dependsOn: [delivery],
    });
  }
}
