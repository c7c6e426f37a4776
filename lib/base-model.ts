import { resolveWaivers } from "./beside/model";
import type { ManifestWaiver } from "./checklist/manifest";
import type { PlatformConfig, ProvidersConfig } from "./config";
import { checkPrefix, resolveNaming, type NamingModel } from "./naming-model";
import { POSTURES, type Lifecycle, type Posture, type PostureDefaults } from "./posture";
import type { RequiredTags, Tags } from "./tags/config";
import { resolveTags, type Inherited } from "./tags/model";
import type { Check, Fields } from "./validation";

/** What a deployment is called and how much is at stake: whatever of it is made asks for this much. */
export type BaseConfig = Pick<
  PlatformConfig,
  "name" | "environment" | "posture" | "lifecycle" | "tags" | "requiredTags" | "naming" | "waivers"
>;

/** The same with every default resolved. */
export interface BaseModel {
  readonly name: string;
  readonly environment: string;
  readonly posture: Posture;
  readonly lifecycle: Lifecycle;
  readonly defaults: PostureDefaults;
  readonly tags: Tags;
  readonly requiredTags: RequiredTags;
  readonly naming: NamingModel;
  /** Of single blocks. */
  readonly waivers: readonly ManifestWaiver[];
}

/** The fields of it, for the tables of those who have more. */
export const BASE = {
  name: true,
  environment: true,
  posture: true,
  lifecycle: true,
  tags: true,
  requiredTags: true,
  naming: true,
  waivers: true,
} as const satisfies Fields<BaseConfig>;

/** Resolves what a deployment is called and how much is at stake. `inherited`: tags that its provider adds. */
export function resolveBase(config: BaseConfig, check: Check, inherited?: Inherited): BaseModel {
  checkPrefix(config.name, check.at("name"), 20);
  checkPrefix(config.environment, check.at("environment"), 12);
  const posture: Posture = check.at("posture").oneOf(config.posture, ["production", "sandbox"])
    ? config.posture
    : "production";
  const lifecycle =
    config.lifecycle !== undefined &&
    check.at("lifecycle").oneOf(config.lifecycle, ["protected", "disposable"])
      ? config.lifecycle
      : POSTURES[posture].lifecycle;
  return {
    name: config.name,
    environment: config.environment,
    posture,
    lifecycle,
    defaults: { ...POSTURES[posture], lifecycle },
    ...resolveTags(config, check, inherited),
    naming: resolveNaming(config.naming, config, check.at("naming")),
    waivers: resolveWaivers(config.waivers, check.at("waivers")),
  };
}

/** Providers are cdktf's own objects: what is checked is that each stands under a name that is looked at. */
export function checkProviders(
  providers: Partial<ProvidersConfig> | undefined,
  check: Check,
  fields: Readonly<Record<string, true>>,
): void {
  if (providers === undefined || !check.object(providers, fields)) return;
  for (const [key, provider] of Object.entries(providers as Readonly<Record<string, unknown>>))
    if (
      provider !== undefined &&
      (provider as { terraformResourceType?: unknown })?.terraformResourceType !== "aws"
    )
      check.at(key).problem("wrong-type", "is no aws provider", "hand over an AwsProvider of the stack");
}
