import { Wafv2WebAcl } from "@cdktf/provider-aws/lib/wafv2-web-acl";
import { Wafv2WebAclAssociation } from "@cdktf/provider-aws/lib/wafv2-web-acl-association";
import { Construct } from "constructs";
import { literal, type Deployment } from "../terraform";
import type { NewWafModel, WafModel } from "./model";
import { renderAnswers, renderRule, visibility } from "./render-rule";
import { DATA_PROTECTION, WebAclLogs } from "./web-acl-logs";

/** What the firewall stands on. */
export interface WebAclProps {
  readonly on: Deployment;
  readonly slice: WafModel;
  readonly loadBalancerArn: string;
  /** Whether somebody else made the load balancer, and has put it behind what is given. @default false */
  readonly loadBalancerGiven?: boolean;
  /** Key whose policy lets CloudWatch Logs use it. */
  readonly logsKeyArn: string;
}

/**
 * The firewall in front of a load balancer, made here or there already. Cost of one that is made: 5 US dollars a month, 1 per
 * rule, 0.60 per million requests.
 */
export class WebAcl extends Construct {
  public readonly arn: string;
  /** Dimension `WebACL` of its metrics. */
  public readonly metricName: string;

  public constructor(scope: Construct, id: string, props: WebAclProps) {
    super(scope, id);
    const { on, slice } = props;
    if (slice.kind === "existing") {
      this.metricName = slice.metricName;
      this.arn = slice.arn;
    } else {
      this.metricName = on.naming.name("web-acl", 128);
      this.arn = this.make(props, slice);
    }
    // Who gave both has put one before the other, and an association that is taken away would bare all he has.
    if (slice.kind === "existing" && props.loadBalancerGiven === true) return;
    new Wafv2WebAclAssociation(this, "association", {
      resourceArn: props.loadBalancerArn,
      webAclArn: this.arn,
    });
  }

  private make({ on, logsKeyArn }: WebAclProps, slice: NewWafModel): string {
    const { arn } = new Wafv2WebAcl(this, "resource", {
      name: this.metricName,
      // AWS refuses semicolons and parentheses here, and nothing before AWS does.
      description: "Coarse and early, the gateway behind it is the authority",
      scope: "REGIONAL",
      defaultAction: { allow: {} },
      visibilityConfig: visibility(this.metricName),
      customResponseBody: renderAnswers(slice.rules),
      dataProtectionConfig: { dataProtection: DATA_PROTECTION },
      rule: slice.rules.map((rule) => escaped(renderRule(rule))),
      tags: { ...on.tags },
    });
    if (slice.logs)
      new WebAclLogs(this, "logs", {
        on,
        retainDays: slice.logs.retainDays,
        webAclArn: arn,
        keyArn: logsKeyArn,
      });
    return arn;
  }
}

/** Every text of a rule as Terraform will read it back. */
function escaped<T>(value: T): T {
  if (typeof value === "string") return literal(value) as T;
  if (Array.isArray(value)) return value.map(escaped) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, escaped(inner)])) as T;
}
