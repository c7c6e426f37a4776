import { checkCidr, formatCidr } from "../network/cidr";
import type { Check, Fields } from "../validation";
import type { CertificateConfig, EdgeConfig, ReachConfig, RecordConfig } from "./config";

/** The public face with every default resolved. */
export interface EdgeModel {
  readonly hostname: string;
  readonly certificate: CertificateConfig;
  readonly record: RecordConfig;
  readonly reach: ReachModel;
}

/** Who may open a connection. */
export type ReachModel =
  | { readonly kind: "internet" }
  | { readonly kind: "ranges"; readonly cidrs: readonly string[] }
  /** Without blocks: the VPC's own. */
  | { readonly kind: "internal"; readonly cidrs: readonly string[] };

const HOSTNAME = /^(?=.{4,128}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/;
const ACM_ARN = /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f-]{36}$/;
const MOST_RANGES = 50;

/** Validates the public face. */
export function resolveEdge(config: EdgeConfig, check: Check): EdgeModel {
  if (
    !check.object(config, {
      hostname: true,
      certificate: true,
      record: true,
      reach: true,
    } satisfies Fields<EdgeConfig>)
  ) {
    return {
      hostname: "",
      certificate: NO_CERTIFICATE,
      record: { kind: "none" },
      reach: { kind: "internet" },
    };
  }
  const certificate = resolveCertificate(config.certificate, check.at("certificate"));
  checkHostname(config.hostname, certificate.kind !== "existing", check.at("hostname"));
  return {
    hostname: String(config.hostname ?? ""),
    certificate,
    record: resolveRecord(config.record, certificate, check.at("record")),
    reach: resolveReach(config.reach, check.at("reach")),
  };
}

const NO_CERTIFICATE: CertificateConfig = { kind: "existing", arn: "" };

/** The name is compared and quoted in many places, so a token cannot stand for it. */
export function checkHostname(hostname: string, issued: boolean, check: Check): void {
  if (
    !check.literal(hostname, "write the name itself; the gateway's rules and every audience are made of it")
  )
    return;
  const form = "a host name such as mcp.example.com";
  const given = String(hostname);
  const fix = /^https?:/.test(given)
    ? "leave out the scheme and the path"
    : given.includes("*")
      ? "name one host; a wildcard would let other names share the audience"
      : given !== given.toLowerCase()
        ? `did you mean ${given.toLowerCase()}?`
        : "use lower-case letters, digits, dashes and dots";
  if (!check.text(hostname, { pattern: HOSTNAME, form, fix })) return;
  if (issued && hostname.length > 64) {
    check.problem(
      "too-long",
      `has ${hostname.length} characters, expected at most 64 on a certificate that AWS issues`,
      "shorten it, or bring a certificate of your own",
    );
  }
}

function resolveCertificate(config: CertificateConfig, check: Check): CertificateConfig {
  if (!hasKind(config, check) || !check.at("kind").oneOf(config.kind, ["route53", "cloudflare", "existing"]))
    return NO_CERTIFICATE;
  switch (config.kind) {
    case "route53":
    case "cloudflare":
      checkZone(config, check);
      return config;
    case "existing": {
      check.object(config, { kind: true, arn: true } satisfies Fields<typeof config>);
      const form = "the ARN of a certificate in AWS Certificate Manager, in the load balancer's region";
      check.at("arn").text(config.arn, { pattern: ACM_ARN, form, fix: "copy it from the certificate" });
      return config;
    }
  }
}

function resolveRecord(
  config: RecordConfig | undefined,
  certificate: CertificateConfig,
  check: Check,
): RecordConfig {
  if (config === undefined) return certificate.kind === "existing" ? { kind: "none" } : certificate;
  if (!hasKind(config, check) || !check.at("kind").oneOf(config.kind, ["route53", "cloudflare", "none"]))
    return { kind: "none" };
  if (config.kind === "none") check.object(config, { kind: true } satisfies Fields<typeof config>);
  else checkZone(config, check);
  return config;
}

function checkZone(
  config: { readonly kind: "route53" | "cloudflare"; readonly zoneId: string },
  check: Check,
): void {
  check.object(config, { kind: true, zoneId: true } satisfies Fields<typeof config>);
  const [pattern, form] =
    config.kind === "route53"
      ? [/^Z[A-Z0-9]{4,31}$/, "the id of a hosted zone, as Z0123456789ABCDEFGHIJ"]
      : [/^[0-9a-f]{32}$/, "the id of a Cloudflare zone, 32 hexadecimal digits"];
  check.at("zoneId").text(config.zoneId, { pattern, form, fix: "use the zone's id, not its name" });
}

function resolveReach(config: ReachConfig, check: Check): ReachModel {
  if (!hasKind(config, check) || !check.at("kind").oneOf(config.kind, ["internet", "ranges", "internal"]))
    return { kind: "internet" };
  switch (config.kind) {
    case "internet":
      check.object(config, { kind: true } satisfies Fields<typeof config>);
      return { kind: "internet" };
    case "ranges":
      check.object(config, { kind: true, cidrs: true } satisfies Fields<typeof config>);
      return { kind: "ranges", cidrs: resolveRanges(config.cidrs, check.at("cidrs"), config.kind) };
    case "internal": {
      check.object(config, { kind: true, cidrs: true } satisfies Fields<typeof config>);
      const cidrs =
        config.cidrs === undefined ? [] : resolveRanges(config.cidrs, check.at("cidrs"), config.kind);
      return { kind: "internal", cidrs };
    }
  }
}

/** Blocks become security group rules with addresses of their own, so a token cannot stand for one. */
function resolveRanges(cidrs: readonly string[], check: Check, kind: "ranges" | "internal"): string[] {
  const key = "write the block itself; it is a rule with an address made of it";
  if (!check.literal(cidrs, key)) return [];
  const usable: string[] = [];
  for (const [text, at] of check.list(cidrs, {
    min: 1,
    max: MOST_RANGES,
    fix: "1 to 50 IPv4 blocks; join neighbours",
  })) {
    const cidr = at.literal(text, key) ? checkCidr(text, at) : undefined;
    if (!cidr) continue;
    const range = formatCidr(cidr);
    if (cidr.prefix === 0) {
      const fix =
        kind === "ranges" ? 'say it openly: reach: { kind: "internet" }' : "name the networks that may call";
      at.problem("unsafe", `is ${at.show(text)}, which is everybody`, fix);
    } else if (usable.includes(range))
      at.problem("duplicate", `is ${at.show(text)} again`, "name each block once");
    else usable.push(range);
  }
  return usable;
}

function hasKind<T>(config: T, check: Check): config is T & object {
  return (typeof config === "object" && config !== null) || check.object(config, {});
}
