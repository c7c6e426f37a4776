import { resolveAlarms, type AlarmsModel } from "../alarms/model";
import { BALANCER_ARN } from "../ingress/given-model";
import type { Inherited } from "../tags/model";
import { Check, type Fields, type IsToken } from "../validation";
import { METRIC_NAME } from "../waf/model";
import type { AlarmSetConfig, AlarmSetWatch, WatchedWebAcl } from "./config";
import { PART, resolveKey, resolvePart, type ResolvedPart } from "./model";

/** Alarms that are used on their own, with every default resolved. */
export interface AlarmSetModel {
  readonly alarms: AlarmsModel;
  readonly loadBalancerArn: string | undefined;
  readonly webAcl: Required<WatchedWebAcl> | undefined;
  readonly deliveryStreamName: string | undefined;
  /** Absent: a new key, where the topic is new. */
  readonly keyArn: string | undefined;
}

const FIELDS = { ...PART, alarms: true, watch: true, key: true } satisfies Fields<AlarmSetConfig>;
const WATCH = {
  loadBalancerArn: true,
  webAcl: true,
  deliveryStreamName: true,
} satisfies Fields<AlarmSetWatch>;
const STREAM = { pattern: /^[A-Za-z0-9_.-]{1,64}$/, form: "the name of a delivery stream" };

/**
 * Resolves alarms that are used on their own.
 * @throws ConfigurationError with every problem
 */
export function resolveAlarmSet(
  config: AlarmSetConfig,
  isToken: IsToken,
  inherited?: Inherited,
): ResolvedPart<AlarmSetModel> {
  const check = Check.start(isToken);
  return resolvePart(config, { check, inherited }, FIELDS, () => {
    const alarms = resolveAlarms(config.alarms, check.at("alarms"));
    const keyArn = resolveKey(config.key, check.at("key"));
    if (alarms.topic.kind === "existing" && config.key !== undefined)
      check
        .at("key")
        .problem("conflict", "is a key for a topic that is given", "leave it out: the topic has its own");
    const watched = resolveWatch(config.watch, check.at("watch"));
    if (alarms.expectedCountries.length > 0 && watched.webAcl?.ownRules !== true)
      check
        .at("alarms", "expectedCountries")
        .problem(
          "conflict",
          "counts by a rule of a web ACL of ours, and none is watched",
          "leave it out, or set watch.webAcl.ownRules: true for a WebAcl of this library",
        );
    return { alarms, keyArn, ...watched };
  });
}

function resolveWatch(
  config: AlarmSetWatch,
  check: Check,
): Pick<AlarmSetModel, "loadBalancerArn" | "webAcl" | "deliveryStreamName"> {
  const nothing = { loadBalancerArn: undefined, webAcl: undefined, deliveryStreamName: undefined };
  if (!check.present(config, "say what is watched") || !check.object(config, WATCH)) return nothing;
  const { loadBalancerArn, webAcl, deliveryStreamName } = config as AlarmSetWatch;
  if (loadBalancerArn !== undefined) check.at("loadBalancerArn").text(loadBalancerArn, BALANCER_ARN);
  if (deliveryStreamName !== undefined) check.at("deliveryStreamName").text(deliveryStreamName, STREAM);
  if (loadBalancerArn === undefined && webAcl === undefined && deliveryStreamName === undefined)
    check.problem("too-few", "names nothing", "name a load balancer, a web ACL or a delivery stream");
  return { loadBalancerArn, deliveryStreamName, webAcl: resolveWebAcl(webAcl, check.at("webAcl")) };
}

function resolveWebAcl(config: WatchedWebAcl | undefined, check: Check): AlarmSetModel["webAcl"] {
  const fields = { metricName: true, ownRules: true } satisfies Fields<WatchedWebAcl>;
  if (config === undefined || !check.object(config, fields)) return undefined;
  const { metricName, ownRules = false } = config as WatchedWebAcl;
  check.at("metricName").text(metricName, METRIC_NAME);
  return { metricName, ownRules: check.at("ownRules").boolean(ownRules) && ownRules };
}
