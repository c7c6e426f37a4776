import type { PolicyStore } from "../policy-store/model";
import type { Image } from "../task/image";
import type { Check, Fields } from "../validation";
import type { GatewayConfig } from "./config";

/** The gateway with every default resolved. */
export interface GatewayModel {
  readonly image: Image;
  readonly cpuUnits: number;
  readonly memoryMib: number;
  readonly maxBodyKib: number;
  readonly allowedOrigins: readonly string[];
  readonly requestsPerSecond: number;
  readonly policyStore: PolicyStore;
}

/** The gateway's defaults, each with its reason. */
export const GATEWAY_DEFAULTS = {
  /** A quarter of a vCPU serves some 2,000 calls a second. */
  cpuUnits: 256,
  /** Envoy takes 80 MiB under load; the rest is room for bodies and connections. */
  memoryMib: 256,
  /** A body is read whole: 64 KiB take at most 5 ms of a worker. */
  maxBodyKib: 64,
  allowedOrigins: [] as readonly string[],
  /** Ten times what a busy MCP server sees; a flood of unauthenticated requests ends here. */
  requestsPerSecond: 500,
  /** Costs nothing where it is not needed. */
  policyStore: "whenNeeded" as PolicyStore,
} as const;

const FIELDS = {
  image: true,
  cpuUnits: true,
  memoryMib: true,
  maxBodyKib: true,
  allowedOrigins: true,
  requestsPerSecond: true,
  policyStore: true,
} satisfies Fields<GatewayConfig>;

const ORIGIN = {
  pattern: /^https:\/\/[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/,
  form: "an origin as https://app.example.com, lower-case, without a path",
  max: 253,
} as const;

/** Validates the gateway's configuration and resolves its defaults. */
export function resolveGateway(config: GatewayConfig, check: Check): GatewayModel {
  if (!check.object(config, FIELDS)) return { ...GATEWAY_DEFAULTS, image: "" as Image };
  const { image, allowedOrigins = GATEWAY_DEFAULTS.allowedOrigins, policyStore } = config as GatewayConfig;
  check.at("image").text(image, { min: 1, fix: 'name Envoy by digest: image("…/envoy@sha256:…")' });
  const origins = resolveOrigins(allowedOrigins, check.at("allowedOrigins"));
  const number = (
    field: "cpuUnits" | "memoryMib" | "maxBodyKib" | "requestsPerSecond",
    min: number,
    max: number,
    unit: string,
  ) => {
    const value = (config as GatewayConfig)[field] ?? GATEWAY_DEFAULTS[field];
    const at = check.at(field);
    // Rendered into arithmetic of the gateway: a token cannot stand here.
    return at.integer(value, { min, max, unit, known: true }) ? value : GATEWAY_DEFAULTS[field];
  };
  return {
    image,
    cpuUnits: number("cpuUnits", 128, 4096, "CPU units"),
    memoryMib: number("memoryMib", 128, 8192, "MiB"),
    maxBodyKib: number("maxBodyKib", 1, 1024, "KiB"),
    allowedOrigins: origins,
    requestsPerSecond: number("requestsPerSecond", 1, 100_000, "requests a second"),
    policyStore:
      policyStore !== undefined && check.at("policyStore").oneOf(policyStore, ["whenNeeded", "always"])
        ? policyStore
        : GATEWAY_DEFAULTS.policyStore,
  };
}

/** Checks web origins, 0 to 50, each once. */
export function resolveOrigins(given: readonly string[], check: Check): readonly string[] {
  const seen = new Set<string>();
  for (const [origin, at] of check.list(given, { max: 50 })) {
    if (!at.literal(origin) || !at.text(origin, ORIGIN)) continue;
    if (seen.has(origin)) at.problem("duplicate", `is ${at.show(origin)} again`, "remove it");
    seen.add(origin);
  }
  return [...seen];
}
