import { Construct } from "constructs";
import { auditKey } from "../audit/key";
import { WEB_ACL_NODES, type WebAclNodes } from "../nodes/parts";
import { nodesOf } from "../nodes/table";
import { inheritedTags } from "../tags/inherited";
import { isToken } from "../terraform";
import { perIpOf } from "../waf/model";
import { WebAcl as Firewall } from "../waf/web-acl";
import type { WebAclConfig } from "./config";
import { finishPart, startPart } from "./part";
import { resolveWebAcl } from "./web-acl-model";

/**
 * The firewall alone, in front of a load balancer that somebody else has made. Coarse and early: it authenticates nobody.
 * Cost: 5 US dollars a month, 1 per rule, 1 for the key of the log, 0.60 per million requests.
 */
export class WebAcl extends Construct {
  public readonly arn: string;
  /** Dimension `WebACL` of its metrics. */
  public readonly metricName: string;
  /** Key of its log; nothing where the log is waived. */
  public readonly logsKeyArn: string | undefined;

  /** @throws ConfigurationError with every problem; nothing is made then */
  public constructor(scope: Construct, id: string, config: WebAclConfig) {
    const resolved = resolveWebAcl(config, isToken, inheritedTags(scope, config));
    super(scope, id);
    const { base, slice } = resolved;
    const { rules, loadBalancerArn, keyArn, expectedCountries } = slice;
    const on = startPart(this, config, resolved);
    this.logsKeyArn =
      rules.logs &&
      (keyArn ?? auditKey(this, "key", on, { name: "web-acl-logs", description: "Log of the firewall" }).arn);
    const { arn, metricName } = new Firewall(this, "waf", {
      on,
      slice: rules,
      loadBalancerArn,
      logsKeyArn: this.logsKeyArn ?? "",
    });
    this.arn = arn;
    this.metricName = metricName;
    finishPart(this, base, on, {
      part: "web-acl",
      waivers: rules.waivers.map(({ waiver, ...where }) => ({
        ...where,
        reason: waiver.waive,
        until: waiver.until,
      })),
      ...(keyArn !== undefined && { existing: ["keys"] }),
      chosen: {
        logDays: { all: base.defaults.logRetainDays, ...(rules.logs && { waf: rules.logs.retainDays }) },
        thresholds: {},
        countries: expectedCountries,
        ...perIpOf(rules),
      },
    });
  }

  /** The resources that are made here, to override an attribute or to read one: docs/overrides.md. */
  public get nodes(): WebAclNodes {
    return nodesOf(this, WEB_ACL_NODES);
  }
}
