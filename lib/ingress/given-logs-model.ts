import { BUCKET_NAME, FOLDER } from "../audit/given-model";
import type { Check, Fields } from "../validation";
import type { ExistingLogBucketConfig, IngressLogsConfig } from "./config";

/** A bucket for the load balancer's logs that is there already. */
export interface GivenLogsModel {
  readonly kind: "existing";
  readonly name: string;
  /** Empty, or with `/` at its end. */
  readonly folder: string;
  readonly read: "at-plan" | "never";
}

const FIELDS = {
  kind: true,
  name: true,
  folder: true,
  read: true,
} satisfies Fields<ExistingLogBucketConfig>;

/** Checks a bucket that is there already. `check` stands at the logs. */
export function resolveGivenLogs(
  config: IngressLogsConfig,
  given: ExistingLogBucketConfig,
  check: Check,
): GivenLogsModel {
  const at = check.at("bucket");
  at.object(given, FIELDS);
  const { name, folder = "", read = "at-plan" } = given;
  at.at("name").text(name, BUCKET_NAME);
  const isFolder = given.folder === undefined || at.at("folder").text(folder, FOLDER);
  if (isFolder && folder.includes("AWSLogs"))
    at.at("folder").problem(
      "wrong-form",
      `is ${at.show(folder)}, and AWS puts AWSLogs below it by itself`,
      "leave that part out",
    );
  at.at("read").oneOf(read, ["at-plan", "never"]);
  if (config.retainDays !== undefined)
    check
      .at("retainDays")
      .problem("conflict", "is set for a bucket that is there already", "leave it out: its owner decides");
  return { kind: "existing", name, folder, read };
}
