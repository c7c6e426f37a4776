import { resolveIam, type IamModel } from "../access/model";
import { resolveAudit, type AuditModel } from "../audit/model";
import type { ProvidersConfig } from "../config";
import type { Inherited } from "../tags/model";
import { Check, NAME, type Fields, type IsToken } from "../validation";
import type { AuditArchiveConfig } from "./config";
import { PART, resolveKey, resolvePart, type ResolvedPart } from "./model";

/** An archive that is used on its own, with every default resolved. */
export interface AuditArchiveModel {
  readonly audit: AuditModel;
  /** Names of log groups, by what is part of an address. */
  readonly logGroups: readonly (readonly [id: string, name: string])[];
  readonly iam: IamModel;
  /** Absent: a new key. */
  readonly keyArn: string | undefined;
}

const FIELDS = {
  ...PART,
  audit: true,
  logGroups: true,
  iam: true,
  key: true,
} satisfies Fields<AuditArchiveConfig>;

const GROUP = {
  pattern: /^[\w./#-]{1,512}$/,
  form: "the name of a log group, as /ecs/orders: letters, digits and . _ / # -",
};

/**
 * Resolves an archive that is used on its own.
 * @throws ConfigurationError with every problem
 */
export function resolveAuditArchive(
  config: AuditArchiveConfig,
  isToken: IsToken,
  inherited?: Inherited,
): ResolvedPart<AuditArchiveModel> {
  const check = Check.start(isToken);
  return resolvePart(
    config,
    { check, inherited },
    FIELDS,
    ({ defaults }) => {
      const groups = check.at("logGroups").entries(config.logGroups, NAME);
      const seen = new Map<string, string>();
      for (const [id, name, at] of groups) {
        if (!at.text(name, GROUP)) continue;
        const other = seen.get(name);
        if (other !== undefined)
          at.problem("duplicate", `is ${at.show(name)}, as ${other}`, "name each group once");
        seen.set(name, id);
      }
      return {
        audit: resolveAudit(config.audit, check.at("audit"), defaults),
        logGroups: groups.map(([id, name]) => [id, name] as const),
        iam: resolveIam(config.iam, check.at("iam")),
        keyArn: resolveKey(config.key, check.at("key")),
      };
    },
    { default: true, archive: true } satisfies Fields<Pick<ProvidersConfig, "default" | "archive">>,
  );
}
