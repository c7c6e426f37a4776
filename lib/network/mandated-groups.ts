import { DataAwsVpcSecurityGroupRule } from "@cdktf/provider-aws/lib/data-aws-vpc-security-group-rule";
import { DataAwsVpcSecurityGroupRules } from "@cdktf/provider-aws/lib/data-aws-vpc-security-group-rules";
import { Construct } from "constructs";
import { LETS_NOBODY_IN } from "./mandated-demands";

/** Groups that somebody else keeps and that every task is in: their rules are read at every plan, which stops where one lets anybody in. */
export class MandatedGroups extends Construct {
  public constructor(scope: Construct, id: string, groupIds: readonly string[]) {
    super(scope, id);
    const rules = new DataAwsVpcSecurityGroupRules(this, "rules", {
      // Not copied: it may be one list token.
      filter: [{ name: "group-id", values: groupIds as string[] }],
    });
    const rule = new DataAwsVpcSecurityGroupRule(this, "rule", { securityGroupRuleId: "${each.value}" });
    rule.addOverride(
      "for_each",
      `\${toset(data.${rules.terraformResourceType}.${rules.friendlyUniqueId}.ids)}`,
    );
    rule.lifecycle = {
      postcondition: [
        {
          condition: `\${${LETS_NOBODY_IN}}`,
          errorMessage:
            "The rule ${self.security_group_rule_id} of ${self.security_group_id} lets somebody in, and every task is in that group: the only way in has to be the load balancer's. Let its owner take it out, or name the group in network.taskSecurityGroupIds no longer.",
        },
      ],
    };
  }
}
