import { TLS_POLICIES } from "./tls-policies";

/** Something that a plan stops at where it is not so. */
export interface Demand {
  /** Attribute of the data source. */
  readonly attribute: string;
  /** What it has to be, in words. */
  readonly expected: string;
  /** Terraform's condition, without its braces. */
  readonly condition: string;
}

function is(attribute: string, value: string | number | boolean): Demand {
  const written = typeof value === "string" ? JSON.stringify(value) : String(value);
  return { attribute, expected: String(value), condition: `self.${attribute} == ${written}` };
}

function equals(attribute: string, expression: string, expected: string): Demand {
  return { attribute, expected, condition: `self.${attribute} == ${expression}` };
}

function oneOf(attribute: string, values: readonly string[]): Demand {
  return {
    attribute,
    expected: values.join(" or "),
    condition: `contains(${JSON.stringify(values)}, self.${attribute})`,
  };
}

/** What must hold of any load balancer in front of a gateway. */
export const BALANCER_DEMANDS: readonly Demand[] = [
  is("load_balancer_type", "application"),
  is("drop_invalid_header_fields", true),
  // AWS's own default still sorts out what two parsers would read differently; `monitor` lets all of it through.
  oneOf("desync_mitigation_mode", ["defensive", "strictest"]),
  is("enable_waf_fail_open", false),
  is("xff_header_processing_mode", "append"),
];

/** What must hold of any listener in front of a gateway. */
export const LISTENER_DEMANDS: readonly Demand[] = [
  is("protocol", "HTTPS"),
  is("port", 443),
  oneOf("ssl_policy", Object.values(TLS_POLICIES)),
];

/** What this deployment was written for. Ids as Terraform's expressions: in quotes, or what is known only at deployment. */
export interface GivenFacts {
  readonly internal: boolean;
  readonly vpcId: string;
  readonly idleSeconds: number;
  readonly securityGroupId: string;
}

/** What must hold of the load balancer of one deployment. */
export function balancerDemands(facts: GivenFacts): readonly Demand[] {
  const { internal, vpcId, idleSeconds, securityGroupId } = facts;
  return [
    ...BALANCER_DEMANDS,
    is("internal", internal),
    equals("vpc_id", vpcId, "that of the network"),
    is("idle_timeout", idleSeconds),
    {
      attribute: "security_groups",
      expected: "with the group that was named",
      condition: `contains(self.security_groups, ${securityGroupId})`,
    },
  ];
}

/** What must hold of the listener of one deployment; the ARN as an expression. */
export function listenerDemands({ arn }: { readonly arn: string }): readonly Demand[] {
  return [...LISTENER_DEMANDS, equals("load_balancer_arn", arn, "that of the load balancer")];
}
