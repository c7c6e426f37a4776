import { KEY_ARN } from "../given-model";
import type { Check, Fields } from "../validation";
import type { ArchiveConfig, ExistingArchiveConfig } from "./config";

/** An archive that is there already. */
export interface GivenArchiveModel {
  readonly kind: "existing";
  readonly name: string;
  readonly accountId: string;
  readonly keyArn: string;
  /** Empty, or with `/` at its end. */
  readonly folder: string;
  readonly read: "at-plan" | "never";
}

/** Name of a bucket. */
export const BUCKET_NAME = {
  pattern: /^(?!xn--)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
  form: "the name of a bucket (not its ARN), as org-log-archive",
};
const ACCOUNT = { pattern: /^\d{12}$/, form: "an account, 12 digits" };
/** A folder of a bucket: whatever Firehose or IAM would read as a placeholder or a pattern is left out. */
export const FOLDER = {
  pattern: /^([A-Za-z0-9][A-Za-z0-9_.=-]*\/)+$/,
  form: "a folder with a slash at its end, as mcp/acme-prod/",
  max: 200,
};

const FIELDS = {
  kind: true,
  name: true,
  accountId: true,
  keyArn: true,
  folder: true,
  read: true,
} satisfies Fields<ExistingArchiveConfig>;

/** What the owner of a bucket decides, and nobody else. */
const OWNERS = ["retainDays", "mode"] as const satisfies readonly (keyof ArchiveConfig)[];

/** Checks an archive that is there already. `check` stands at the archive. */
export function resolveGivenArchive(
  config: ArchiveConfig,
  given: ExistingArchiveConfig,
  check: Check,
): GivenArchiveModel {
  const at = check.at("bucket");
  at.object(given, FIELDS);
  const { name, accountId, keyArn, folder = "", read = "at-plan" } = given;
  at.at("name").text(name, BUCKET_NAME);
  at.at("accountId").text(accountId, ACCOUNT);
  at.at("keyArn").text(keyArn, KEY_ARN);
  if (given.folder !== undefined) at.at("folder").text(folder, FOLDER);
  at.at("read").oneOf(read, ["at-plan", "never"]);
  for (const field of OWNERS)
    if (config[field] !== undefined)
      check
        .at(field)
        .problem("conflict", "is set for a bucket that is there already", "leave it out: its owner decides");
  return { kind: "existing", name, accountId, keyArn, folder, read };
}
