import { resolveIam, type IamModel } from "../access/model";
import { TOPIC_ARN } from "../alarms/model";
import { checkLogRetention } from "../audit/retention";
import type { GeneratedSettings } from "../runtime/rotation-env";
import { DAILY, checkRotateDays } from "../secrets/delivery/model";
import { resolveGenerated } from "../secrets/generated-model";
import { ROLE_ARN } from "../secrets/model";
import { resolveDays } from "../secrets/rules";
import type { Inherited } from "../tags/model";
import { Check, NAME, type Fields, type IsToken } from "../validation";
import type { RotatedSecretConfig, RotationNetworkConfig } from "./config";
import { PART, resolveKey, resolvePart, type ResolvedPart } from "./model";
import { resolvePlace } from "./place-model";

/** A secret that is used on its own, with every default resolved. */
export interface RotatedSecretModel {
  readonly secretName: string;
  readonly readers: readonly string[];
  readonly settings: GeneratedSettings;
  readonly rotateDays: number;
  readonly network: Required<RotationNetworkConfig>;
  readonly topicArn: string;
  readonly logRetainDays: number;
  readonly iam: IamModel;
  /** Absent: new keys. */
  readonly keyArn: string | undefined;
  readonly logsKeyArn: string | undefined;
}

const FIELDS = {
  ...PART,
  secretName: true,
  readers: true,
  value: true,
  rotateDays: true,
  network: true,
  topicArn: true,
  logRetainDays: true,
  iam: true,
  key: true,
  logsKey: true,
} satisfies Fields<RotatedSecretConfig>;

const VALUE = { length: true, alphabet: true, require: true, template: true } satisfies Fields<
  NonNullable<RotatedSecretConfig["value"]>
>;

/**
 * Resolves a secret that is used on its own.
 * @throws ConfigurationError with every problem
 */
export function resolveRotatedSecret(
  config: RotatedSecretConfig,
  isToken: IsToken,
  inherited?: Inherited,
): ResolvedPart<RotatedSecretModel> {
  const check = Check.start(isToken);
  return resolvePart(config, { check, inherited }, FIELDS, ({ defaults }) => {
    const { secretName, readers, value, topicArn, logRetainDays = defaults.logRetainDays } = config;
    if (check.at("secretName").literal(secretName)) check.at("secretName").text(secretName, NAME);
    for (const [reader, at] of check.at("readers").list(readers, { min: 1, max: 20 }))
      at.text(reader, { pattern: ROLE_ARN, form: "the ARN of a role", fix: "name the role that reads it" });
    const shaped = value !== undefined && check.at("value").object(value, VALUE) ? value : {};
    const { settings } = resolveGenerated(
      secretName,
      { kind: "generated", env: "", ...shaped },
      check.at("value"),
      resolveDays,
    );
    const rotateDays = resolveDays(config.rotateDays, check.at("rotateDays"));
    checkRotateDays(rotateDays, check.at("rotateDays"), DAILY);
    check.at("topicArn").text(topicArn, TOPIC_ARN);
    checkLogRetention(logRetainDays, check.at("logRetainDays"));
    return {
      ...{ secretName, readers: readers ?? [], settings, rotateDays, topicArn, logRetainDays },
      network: resolvePlace(config.network, check.at("network")),
      iam: resolveIam(config.iam, check.at("iam")),
      keyArn: resolveKey(config.key, check.at("key")),
      logsKeyArn: resolveKey(config.logsKey, check.at("logsKey")),
    };
  });
}
