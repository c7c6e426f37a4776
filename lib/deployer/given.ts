import { isExpression, type Block, type Plan } from "../terraform/plan";
import { DeployerError } from "./error";
import type { DeployerStatement } from "./policies";

/** Tags that say whose a rule is: of a listener that others use too, nobody else's rules are touched. */
const OWN_TAGS = ["hardened-mcp:name", "hardened-mcp:environment"] as const;

type Conditions = NonNullable<DeployerStatement["Condition"]>;

/**
 * What a deployment does with things that are there already, which do not bear its name: rules and certificates of a given
 * listener, a web ACL on a given load balancer, a given web ACL, and the policies of given buckets.
 * @param wanted which actions are asked for
 * @throws DeployerError where such a thing is known only later
 */
export function givenStatements(plan: Plan, wanted: (action: string) => boolean): DeployerStatement[] {
  return [...listeners(plan), ...firewalls(plan), ...buckets(plan)].flatMap(({ where, ...given }) => {
    const Action = given.Action.filter((action) => wanted(action.slice(action.indexOf(":") + 1)));
    if (Action.length === 0) return [];
    return [{ ...given, Action, Resource: given.Resource.map(known), ...(where && { Condition: where() }) }];
  });
}

/** A statement whose condition is worked out only where it is asked for. */
type Given = Omit<DeployerStatement, "Condition"> & { readonly where?: () => Conditions };

/** A name that a policy can be written for. */
function known(resource: string): string {
  if (isExpression(resource))
    throw new DeployerError(`it uses ${resource}, which is there already and known only later: write it out`);
  return resource;
}

function dataOf(plan: Plan, type: string): Block[] {
  return plan.all.filter((block) => block.mode === "data" && block.type === type);
}

function listeners(plan: Plan): Given[] {
  return dataOf(plan, "aws_lb_listener").flatMap((listener, index) => {
    const of = (type: string) => plan.referring(listener, type, "listener_arn");
    const [rules, certificates] = [of("aws_lb_listener_rule"), of("aws_lb_listener_certificate")];
    const arn = String(listener.body.arn);
    const ofRules = [`${arn.replace(":listener/", ":listener-rule/")}/*`];
    const end = index === 0 ? "" : String(index + 1);
    return [
      ...(rules.length === 0
        ? []
        : [
            statement(`GivenListener${end}`, ["CreateRule"], [arn]),
            statement(`GivenListenerOwnRules${end}`, OWN_RULES, ofRules, () =>
              tagged("aws:ResourceTag", rules),
            ),
            statement(`GivenListenerNewRules${end}`, ["AddTags"], ofRules, () => ({
              StringEquals: {
                "elasticloadbalancing:CreateAction": ["CreateRule"],
                ...tagged("aws:RequestTag", rules).StringEquals,
              },
            })),
          ]),
      ...(certificates.length === 0
        ? []
        : [
            statement(
              `GivenListenerCertificates${end}`,
              ["AddListenerCertificates", "RemoveListenerCertificates"],
              [arn],
            ),
            // IAM knows it on no resource.
            statement(`GivenListenerCertificatesTold${end}`, ["DescribeListenerCertificates"], ["*"]),
          ]),
    ];
  });
}

const OWN_RULES = ["AddTags", "DeleteRule", "ModifyRule", "RemoveTags", "SetRulePriorities"];

/** A condition that a rule bears the deployment's tags. */
function tagged(key: string, rules: readonly Block[]): Conditions {
  const values = (tag: string) =>
    rules.map(({ body }) => {
      const value = (body.tags as Readonly<Record<string, unknown>> | undefined)?.[tag];
      if (typeof value !== "string" || isExpression(value))
        throw new DeployerError(`its listener rules have no ${tag} by which to tell them from others`);
      return value;
    });
  return {
    StringEquals: Object.fromEntries(
      OWN_TAGS.map((tag) => [`${key}/${tag}`, [...new Set(values(tag))].sort()]),
    ),
  };
}

function firewalls(plan: Plan): Given[] {
  return plan.blocks("aws_wafv2_web_acl_association").flatMap(({ body }, index) => {
    const balancer = plan.target(body.resource_arn);
    const arn = balancer?.mode === "data" ? [String(balancer.body.arn)] : [];
    const acl = plan.target(body.web_acl_arn) === undefined ? [String(body.web_acl_arn)] : [];
    const end = index === 0 ? "" : String(index + 1);
    const waf = (Sid: string, actions: readonly string[], resources: readonly string[]) =>
      resources.length === 0 ? [] : [statement(`${Sid}${end}`, actions, resources, undefined, "wafv2")];
    return [
      ...(arn.length === 0 ? [] : [statement(`GivenBalancerFirewall${end}`, ["SetWebAcl"], arn)]),
      ...waf("FirewallOfGivenBalancer", ["DisassociateWebACL", "GetWebACLForResource"], arn),
      ...waf("GivenFirewall", ["AssociateWebACL"], [...arn, ...acl]),
    ];
  });
}

function buckets(plan: Plan): Given[] {
  const named = (type: string) => dataOf(plan, type).map(({ body }) => `arn:*:s3:::${String(body.bucket)}`);
  const [found, read] = [named("aws_s3_bucket"), named("aws_s3_bucket_policy")];
  return [
    ...(found.length === 0 ? [] : [statement("GivenBuckets", ["ListBucket"], found, undefined, "s3")]),
    ...(read.length === 0
      ? []
      : [statement("GivenBucketPolicies", ["GetBucketPolicy"], read, undefined, "s3")]),
  ];
}

function statement(
  Sid: string,
  actions: readonly string[],
  resources: readonly string[],
  where?: () => Conditions,
  service = "elasticloadbalancing",
): Given {
  return {
    Sid,
    Effect: "Allow",
    Action: actions.map((action) => `${service}:${action}`),
    Resource: [...new Set(resources)].sort(),
    ...(where && { where }),
  };
}
