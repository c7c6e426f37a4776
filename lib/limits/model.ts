import type { LimitsPolicy } from "../policy/document";
import { checkId } from "../network/check-id";
import { DAILY, type DeliveryModel } from "../secrets/delivery/model";
import { checkKeyArn, checkSecretArn } from "../secrets/rules";
import { BY_DIGEST, type Image } from "../task/image";
import type { RunModel } from "../task/model";
import type { GatewayModel } from "../gateway/model";
import type { Check, Fields } from "../validation";
import { LIMITS, LIMITS_SIZE } from "./contract";
import type {
  CommonLimitsConfig,
  ExactLimitsConfig,
  ExistingLimitStoreConfig,
  LimitsConfig,
  LimitStoreLoginConfig,
} from "./config";
import { NEW_STORE_DEFAULTS, resolveNewStore, type NewLimitStoreModel } from "./store/model";

/** How limits hold over all tasks, with every default resolved. */
export type LimitsModel = CommonLimits & ({ readonly scope: "shared" | "divided" } | ExactLimits);

/** What every way of limiting has. */
export interface CommonLimits {
  /** Whether alarms about them are made: where `limits` is set. */
  readonly watched: boolean;
  readonly callsPerMinutePerAddress: number;
}

/** One count for all tasks. */
export interface ExactLimits {
  readonly scope: "exact";
  readonly image: Image;
  readonly onFailure: "closed" | "open";
  readonly store: LimitStoreModel;
}

/** Where counts are kept. */
export type LimitStoreModel = ({ readonly kind: "existing" } & ReachedStore) | NewLimitStoreModel;

/** A store as tasks reach it, whoever made it. */
export interface ReachedStore {
  readonly host: string;
  readonly port: number;
  readonly securityGroupId: string;
  readonly login: {
    readonly secretArn: string;
    readonly field: string | undefined;
    readonly keyArn: string | undefined;
  };
}

/** Defaults, each with its reason. That of a new store stand with it. */
export const LIMITS_DEFAULTS = {
  scope: "shared",
  /** Fifty a second: a hundred people behind one address do not meet it, a flood does at once. */
  callsPerMinutePerAddress: 3000,
  port: 6379,
} as const;

const COMMON = { scope: true, callsPerMinutePerAddress: true } satisfies Fields<CommonLimitsConfig> & {
  scope: true;
};
const EXACT = { ...COMMON, image: true, store: true, onFailure: true } satisfies Fields<ExactLimitsConfig>;
const EXISTING = {
  kind: true,
  host: true,
  port: true,
  securityGroupId: true,
  login: true,
} satisfies Fields<ExistingLimitStoreConfig>;
const LOGIN = { secretArn: true, field: true, keyArn: true } satisfies Fields<LimitStoreLoginConfig>;

const HOST = {
  pattern: /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/,
  form: "a DNS name in lower case, as its certificate carries it",
} as const;

/** Resolves how limits hold. `check` stands at `limits`. */
export function resolveLimits(
  config: LimitsConfig | undefined,
  check: Check,
  delivery: DeliveryModel = DAILY,
): LimitsModel {
  const { scope: shared, callsPerMinutePerAddress: most } = LIMITS_DEFAULTS;
  const fallback = { scope: shared, watched: config !== undefined, callsPerMinutePerAddress: most };
  if (config === undefined) return fallback;
  const { scope = shared } = (config ?? {}) as LimitsConfig;
  const exact = scope === "exact";
  if (!check.object(config, exact ? EXACT : COMMON)) return fallback;
  if (!check.at("scope").oneOf(scope, ["shared", "divided", "exact"])) return fallback;
  const { callsPerMinutePerAddress = most } = config as LimitsConfig;
  const at = check.at("callsPerMinutePerAddress");
  const fits =
    at.literal(callsPerMinutePerAddress) &&
    at.integer(callsPerMinutePerAddress, { min: 1, max: 1_000_000, unit: "requests a minute" });
  const common = { watched: true, callsPerMinutePerAddress: fits ? callsPerMinutePerAddress : most };
  return config.scope === "exact"
    ? { ...common, ...resolveExact(config, check, delivery) }
    : { ...common, scope: scope === "divided" ? "divided" : shared };
}

/** What the gateway enforces of it. */
export function limitsPolicy(limits: LimitsModel): LimitsPolicy {
  const { scope, callsPerMinutePerAddress } = limits;
  return { scope, ...(scope === "exact" && { onFailure: limits.onFailure }), callsPerMinutePerAddress };
}

/** Checks that the task has room for the service that counts. `check` stands at the server. */
export function checkRoom(
  limits: LimitsModel,
  run: Pick<RunModel, "port" | "cpuUnits" | "memoryMib">,
  gateway: Pick<GatewayModel, "cpuUnits" | "memoryMib">,
  check: Check,
): void {
  if (limits.scope !== "exact") return;
  for (const field of ["cpuUnits", "memoryMib"] as const) {
    const taken = gateway[field] + LIMITS_SIZE[field];
    // What the gateway alone leaves no room beside is told of elsewhere.
    if (check.isToken(run[field]) || run[field] > taken || run[field] <= gateway[field]) continue;
    check
      .at("run", field)
      .problem(
        "conflict",
        `is ${run[field]}, of which the gateway and the service of exact limits take ${taken}`,
        "leave some for the server",
      );
  }
  if ((Object.values(LIMITS.ports) as number[]).includes(run.port))
    check
      .at("run", "port")
      .problem(
        "conflict",
        `is ${run.port}, a port of the service of exact limits`,
        "let the server listen on another",
      );
}

function resolveExact(
  { image, store, onFailure }: ExactLimitsConfig,
  check: Check,
  delivery: DeliveryModel,
): ExactLimits {
  check.at("image").text(image, {
    pattern: BY_DIGEST,
    form: "REPOSITORY@sha256: and 64 hexadecimal digits",
    fix: 'build it as docs/limits.md shows, and name it by digest: image("…/ratelimit@sha256:…")',
  });
  const said =
    check.at("onFailure").present(onFailure, 'say what calls meet without the store: "closed" or "open"') &&
    check.at("onFailure").oneOf(onFailure, ["closed", "open"]);
  return {
    scope: "exact",
    image,
    onFailure: said ? onFailure : "closed",
    store: resolveStore(store, check.at("store"), delivery),
  };
}

function resolveStore(
  store: ExactLimitsConfig["store"],
  check: Check,
  delivery: DeliveryModel,
): LimitStoreModel {
  const nowhere = { kind: "new", ...NEW_STORE_DEFAULTS } as const;
  if (
    !check.present(store, "say where counts are kept") ||
    !check.at("kind").oneOf(store.kind, ["new", "existing"])
  )
    return nowhere;
  if (store.kind === "new") return resolveNewStore(store, check, delivery);
  if (!check.object(store, EXISTING)) return nowhere;
  const { host, port = LIMITS_DEFAULTS.port, securityGroupId, login } = store as ExistingLimitStoreConfig;
  if (check.at("host").literal(host, "write the name itself, or a name of your own that leads to it"))
    check.at("host").text(host, HOST);
  const isPort = check.at("port").integer(port, { min: 1, max: 65_535, known: true });
  checkId(securityGroupId, check.at("securityGroupId"), "sg");
  return {
    kind: "existing",
    host,
    port: isPort ? port : LIMITS_DEFAULTS.port,
    securityGroupId,
    login: resolveLogin(login, check.at("login")),
  };
}

function resolveLogin(login: LimitStoreLoginConfig, check: Check): ReachedStore["login"] {
  if (
    !check.present(login, "name the secret of its password: a store without one is anybody's") ||
    !check.object(login, LOGIN)
  )
    return { secretArn: "", field: undefined, keyArn: undefined };
  const { secretArn, field, keyArn } = login as LimitStoreLoginConfig;
  checkSecretArn(secretArn, check.at("secretArn"));
  if (field !== undefined)
    check.at("field").text(field, { pattern: /^[^:]+$/, form: "the name of a field, without :", max: 128 });
  checkKeyArn(keyArn, check.at("keyArn"));
  return { secretArn, field, keyArn };
}
