import { checkId } from "../network/check-id";
import type { Check, Fields } from "../validation";
import type { ExistingLoadBalancerConfig, IngressConfig } from "./config";

/** A load balancer that is there already. */
export interface GivenIngressModel {
  readonly kind: "existing";
  readonly arn: string;
  readonly listenerArn: string;
  readonly securityGroupId: string;
  readonly idleSeconds: number;
  /** Whatever it asks of clients, no identity is read out of it. */
  readonly clientCertificates: undefined;
  readonly waivers: readonly never[];
}

const HOME = "arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\\d{12}";
/** ARN of a load balancer that is there. */
export const BALANCER_ARN = {
  pattern: new RegExp(`^${HOME}:loadbalancer/app/[A-Za-z0-9-]{1,32}/[0-9a-f]{16}$`),
  form: "the ARN of an application load balancer, as arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/shared/0123456789abcdef",
};
const LISTENER_ARN = {
  pattern: new RegExp(`^${HOME}:listener/app/[A-Za-z0-9-]{1,32}/[0-9a-f]{16}/[0-9a-f]{16}$`),
  form: "the ARN of its listener, as arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/shared/0123456789abcdef/0123456789abcdef",
};

/** What somebody who makes a load balancer decides, and nobody else. */
const OWNERS = {
  tls: true,
  clientKeepAliveSeconds: true,
  logs: true,
  clientCertificates: true,
  deletionProtection: true,
} satisfies Partial<Fields<IngressConfig>>;

/** Checks a load balancer that is there already. `check` stands at the slice. */
export function resolveGiven(
  config: IngressConfig,
  given: ExistingLoadBalancerConfig,
  check: Check,
): GivenIngressModel {
  const at = check.at("loadBalancer");
  at.object(given, { kind: true, arn: true, listenerArn: true, securityGroupId: true } satisfies Fields<
    typeof given
  >);
  const { arn, listenerArn, securityGroupId } = given;
  const known = [at.at("arn").text(arn, BALANCER_ARN), at.at("listenerArn").text(listenerArn, LISTENER_ARN)];
  checkId(securityGroupId, at.at("securityGroupId"), "sg");
  if (!known.includes(false) && !at.isToken(arn) && !at.isToken(listenerArn)) {
    if (!listenerArn.startsWith(`${arn.replace(":loadbalancer/", ":listener/")}/`))
      at.at("listenerArn").problem(
        "conflict",
        `is ${at.show(listenerArn)}, a listener of another load balancer`,
        "name one of this load balancer",
      );
  }
  for (const field of Object.keys(OWNERS) as (keyof typeof OWNERS)[]) {
    if (config[field] !== undefined)
      check
        .at(field)
        .problem(
          "conflict",
          "is set for a load balancer that is there already",
          "leave it out: its owner decides",
        );
  }
  const fix = "say what it is set to: every tool's time is held against it, and so is the load balancer";
  const usable = check
    .at("idleSeconds")
    .integer(config.idleSeconds, { min: 1, max: 4000, unit: "seconds", known: true, fix });
  return {
    kind: "existing",
    arn,
    listenerArn,
    securityGroupId,
    idleSeconds: usable ? (config.idleSeconds as number) : 300,
    clientCertificates: undefined,
    waivers: [],
  };
}
