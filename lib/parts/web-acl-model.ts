import { resolveCountries } from "../alarms/model";
import { checkHostname } from "../edge/model";
import { resolveOrigins } from "../gateway/model";
import { BALANCER_ARN } from "../ingress/given-model";
import { checkPath } from "../server-model";
import type { Inherited } from "../tags/model";
import { Check, type Fields, type IsToken } from "../validation";
import { resolveWaf, type NewWafModel } from "../waf/model";
import type { WebAclConfig } from "./config";
import { PART, resolveKey, resolvePart, type ResolvedPart } from "./model";

/** The firewall of a load balancer that is there, with every default resolved. */
export interface WebAclModel {
  readonly loadBalancerArn: string;
  readonly rules: NewWafModel;
  readonly expectedCountries: readonly string[];
  /** Absent: a new key, where there is a log. */
  readonly keyArn: string | undefined;
}

const FIELDS = {
  ...PART,
  loadBalancerArn: true,
  hostname: true,
  paths: true,
  allowedOrigins: true,
  expectedCountries: true,
  waf: true,
  key: true,
} satisfies Fields<WebAclConfig>;

/**
 * Resolves a firewall that is used on its own.
 * @throws ConfigurationError with every problem
 */
export function resolveWebAcl(
  config: WebAclConfig,
  isToken: IsToken,
  inherited?: Inherited,
): ResolvedPart<WebAclModel> {
  const check = Check.start(isToken);
  return resolvePart(config, { check, inherited }, FIELDS, ({ defaults }) => {
    const { loadBalancerArn, hostname, waf } = config;
    check.at("loadBalancerArn").text(loadBalancerArn, BALANCER_ARN);
    checkHostname(hostname, false, check.at("hostname"));
    const paths = resolvePaths(config.paths, check.at("paths"));
    const expectedCountries = resolveCountries(config.expectedCountries, check.at("expectedCountries"));
    const keyArn = resolveKey(config.key, check.at("key"));
    const made = resolveRules(waf, check.at("waf"), {
      hostname: String(hostname ?? ""),
      ...(paths && { paths }),
      allowedOrigins: resolveOrigins(config.allowedOrigins ?? [], check.at("allowedOrigins")),
      expectedCountries,
      logRetainDays: defaults.logRetainDays,
    });
    if (made.logs === undefined && config.key !== undefined)
      check
        .at("key")
        .problem("conflict", "is the key of a log that is waived", "leave it out, or keep the log");
    return { loadBalancerArn, rules: made, expectedCountries, keyArn };
  });
}

function resolveRules(
  config: WebAclConfig["waf"],
  check: Check,
  facts: Parameters<typeof resolveWaf>[2],
): NewWafModel {
  if (typeof config === "object" && config !== null && "webAcl" in config) {
    check.at("webAcl").problem("unknown-field", "is not a field here", "remove it: this is the web ACL");
    return resolveRules(undefined, check, facts);
  }
  const model = resolveWaf(config, check, facts);
  if (model.kind !== "new") throw new Error("a web ACL that is there was asked for by nobody");
  return model;
}

/** Nothing where every path is let on; else each once, and one at least. */
function resolvePaths(given: readonly string[] | undefined, check: Check): readonly string[] | undefined {
  if (given === undefined) return undefined;
  const seen = new Set<string>();
  for (const [path, at] of check.list(given, { min: 1, max: 50 })) {
    checkPath(path, at);
    if (seen.has(path)) at.problem("duplicate", `is ${at.show(path)} again`, "remove it");
    seen.add(path);
  }
  return [...seen];
}
