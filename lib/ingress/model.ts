import type { Lifecycle } from "../posture";
import { checkWaiver, isWaiver, type Check, type Fields, type Waiver } from "../validation";
import { isExisting } from "../validation/existing";
import type { IngressConfig, IngressLogsConfig, TlsPolicyName } from "./config";
import { resolveCertificates, type TrustModel } from "./certificates-model";
import { resolveGivenLogs, type GivenLogsModel } from "./given-logs-model";
import { resolveGiven, type GivenIngressModel } from "./given-model";
import { TLS_POLICIES } from "./tls-policies";

/** The load balancer with every default resolved, or one that is there already. */
export type IngressModel = NewIngressModel | GivenIngressModel;

/** A load balancer to be made. */
export interface NewIngressModel {
  readonly kind: "new";
  readonly tls: TlsPolicyName;
  readonly idleSeconds: number;
  readonly clientKeepAliveSeconds: number;
  /** Absent where waived. */
  readonly logs: { readonly kind: "new"; readonly retainDays: number } | GivenLogsModel | undefined;
  readonly deletionProtection: boolean;
  /** Absent where no certificates are asked for. */
  readonly clientCertificates: TrustModel | undefined;
  /** What was turned off in the open, by the id of the control that it concerns. */
  readonly waivers: readonly { readonly control: string; readonly waiver: Waiver }[];
}

/** Ids of the controls that the fields of this slice can waive. */
export const WAIVABLE = { logs: "ingress.lb-logs" } as const;

/** Tag of the load balancer that says `protected` or `disposable`, so that the file itself tells what may be destroyed. */
export const LIFECYCLE_TAG = "hardened-mcp:lifecycle";

/** What holds where nothing is said. */
const DEFAULTS = {
  tls: "strict",
  // Longer than the longest tool that survives a deployment (110 s), with room for streams between keep-alives.
  idleSeconds: 300,
  clientKeepAliveSeconds: 3600,
  // More than a year, as most audits ask.
  logRetainDays: 400,
} as const;

/** Validates the load balancer's settings. */
export function resolveIngress(
  config: IngressConfig | undefined,
  check: Check,
  facts: { readonly lifecycle: Lifecycle },
): IngressModel {
  const usable: IngressConfig = config !== undefined && check.object(config, FIELDS) ? config : {};
  const { loadBalancer = { kind: "new" } } = usable;
  if (isExisting(loadBalancer, check.at("loadBalancer"))) return resolveGiven(usable, loadBalancer, check);
  return {
    kind: "new",
    tls: resolveTls(usable.tls, check.at("tls")),
    // Every tool's time and the end of a task are held against it.
    idleSeconds: integer(usable.idleSeconds, check.at("idleSeconds"), {
      known: true,
      min: 1,
      max: 4000,
      fallback: DEFAULTS.idleSeconds,
      fix: "a longer stream needs keep-alives from the server",
    }),
    clientKeepAliveSeconds: integer(usable.clientKeepAliveSeconds, check.at("clientKeepAliveSeconds"), {
      min: 60,
      max: 604800,
      fallback: DEFAULTS.clientKeepAliveSeconds,
      fix: "an hour suits most",
    }),
    logs: resolveLogs(usable.logs, check.at("logs")),
    deletionProtection: resolveProtection(
      usable.deletionProtection,
      check.at("deletionProtection"),
      facts.lifecycle,
    ),
    clientCertificates: resolveCertificates(usable.clientCertificates, check.at("clientCertificates")),
    waivers: isWaiver(usable.logs) ? [{ control: WAIVABLE.logs, waiver: usable.logs }] : [],
  };
}

const FIELDS = {
  loadBalancer: true,
  tls: true,
  idleSeconds: true,
  clientKeepAliveSeconds: true,
  logs: true,
  deletionProtection: true,
  clientCertificates: true,
} satisfies Fields<IngressConfig>;

function resolveTls(tls: TlsPolicyName | undefined, check: Check): TlsPolicyName {
  if (tls === undefined) return DEFAULTS.tls;
  const fix = "strict where all clients speak TLS 1.3, reach where some do not";
  return check.oneOf(tls, Object.keys(TLS_POLICIES) as TlsPolicyName[], fix) ? tls : DEFAULTS.tls;
}

function resolveLogs(logs: IngressConfig["logs"], check: Check): NewIngressModel["logs"] {
  const kept = { kind: "new", retainDays: DEFAULTS.logRetainDays } as const;
  if (logs === undefined) return kept;
  if (isWaiver(logs)) {
    checkWaiver(logs, check);
    return undefined;
  }
  if (!check.object(logs, { retainDays: true, bucket: true } satisfies Fields<IngressLogsConfig>))
    return kept;
  const { bucket = { kind: "new" } } = logs;
  if (isExisting(bucket, check.at("bucket"))) return resolveGivenLogs(logs, bucket, check);
  const rule = {
    min: 1,
    max: 3650,
    fallback: kept.retainDays,
    fix: "400 days are the default",
    unit: "days",
  };
  return { kind: "new", retainDays: integer(logs.retainDays, check.at("retainDays"), rule) };
}

function resolveProtection(value: "on" | "off" | undefined, check: Check, lifecycle: Lifecycle): boolean {
  const byLifecycle = lifecycle === "protected";
  if (value === undefined || !check.oneOf(value, ["on", "off"])) return byLifecycle;
  return value === "on";
}

function integer(
  value: number | undefined,
  check: Check,
  {
    fallback,
    unit = "seconds",
    ...rule
  }: { min: number; max: number; fallback: number; fix: string; unit?: string; known?: true },
): number {
  return value !== undefined && check.integer(value, { ...rule, unit }) ? value : fallback;
}
