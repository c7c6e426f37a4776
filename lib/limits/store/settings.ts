import { blockAt, blocksOf, texts } from "../../audit/read";
import { names, namesAtLeast, within, type SettingsOf } from "../../checklist/settings";
import { isExpression } from "../../terraform/plan";
import { STORE } from "./contract";

const said = (value: unknown) => texts(value).some((text) => text !== "");
/** Some versions of the provider take a text. */
const on = (value: unknown) => value === true || value === "true";
const one = namesAtLeast(1);

const ENGINE = {
  field: "engine",
  is: STORE.engine,
  or: "another engine's users and parameters do not fit",
} as const;

/** What every part of a store of ours says, and what AWS would do by itself. */
export const STORE_SETTINGS: SettingsOf = {
  aws_elasticache_replication_group: [
    { field: "transit_encryption_enabled", is: on, or: "its password and who calls what travel in clear" },
    {
      field: "transit_encryption_mode",
      is: "required",
      or: "it answers without TLS too",
    },
    { field: "at_rest_encryption_enabled", is: on, or: "what a node writes to its disk is in clear" },
    {
      field: "kms_key_id",
      is: names,
      refers: true,
      or: "it is encrypted under a key that nobody can take back",
    },
    { field: "user_group_ids", is: one, refers: true, or: "it lets everybody in without a password" },
    {
      field: "auth_token",
      is: (value) => value === undefined,
      refers: true,
      or: "Terraform's state holds a password that opens all of it",
    },
    {
      field: "security_group_ids",
      is: one,
      refers: true,
      or: "it stands in the default group, which lets nobody in",
    },
    {
      field: "subnet_group_name",
      is: said,
      refers: true,
      or: "it stands in the account's default VPC instead of this one",
    },
    ENGINE,
    { field: "engine_version", is: said, or: "AWS chooses one, and the parameters may not fit" },
    { field: "node_type", is: said, or: "nothing says how large it is" },
    { field: "port", is: STORE.port, or: "tasks ask at another port" },
    {
      field: "num_cache_clusters",
      is: within(2, 6),
      or: "no copy takes over, and calls are refused or not counted",
    },
    {
      field: "automatic_failover_enabled",
      is: on,
      or: "no copy takes over, and calls are refused or not counted",
    },
    { field: "multi_az_enabled", is: on, or: "all copies may stand in the zone that fails" },
    { field: "auto_minor_version_upgrade", is: on, or: "a hole in it stays open until somebody looks" },
    { field: "maintenance_window", is: said, or: "AWS takes an hour of its own, perhaps the busiest" },
    {
      field: "parameter_group_name",
      is: said,
      refers: true,
      or: "the account's default parameters count, which anybody may change",
    },
    {
      field: "snapshot_retention_limit",
      is: (value) => value === undefined || value === 0,
      or: "copies of who called what are kept where nobody looks",
    },
    {
      field: "log_delivery_configuration",
      is: (value) => STORE.logs.every((log) => blocksOf(value).some((each) => delivers(each, log))),
      refers: true,
      or: "who failed to log in, and what was slow, is written nowhere",
    },
  ],
  aws_elasticache_subnet_group: [
    {
      field: "subnet_ids",
      is: namesAtLeast(2),
      refers: true,
      or: "all copies stand in one zone",
    },
  ],
  aws_elasticache_parameter_group: [
    { field: "family", is: (value) => /^valkey\d+$/.test(String(value)), or: "it is another engine's" },
    {
      field: "parameter",
      is: (value) =>
        Object.entries(STORE.parameters).every(([name, wanted]) =>
          blocksOf(value).some((each) => each.name === name && each.value === wanted),
        ),
      or: "a full store refuses to count, or forgets what it should not",
    },
  ],
  aws_elasticache_user_group: [
    ENGINE,
    { field: "user_ids", is: one, refers: true, or: "nobody can log in, and no call is counted" },
  ],
  aws_elasticache_user: [
    ENGINE,
    {
      field: "user_name",
      is: (value, { body }) => value === body.user_id,
      or: "the function that makes the password writes down another name",
    },
    { field: "access_string", is: STORE.access, or: "it may do more than count, or less" },
  ],
};

function delivers(each: Readonly<Record<string, unknown>>, log: string): boolean {
  const { log_type: type, log_format: format, destination_type: kind, destination } = each;
  return (
    type === log &&
    format === "json" &&
    kind === "cloudwatch-logs" &&
    (isExpression(destination) || said(destination))
  );
}

/** Whether a block of a user holds a password, or needs none. */
export function opensByItself(body: Readonly<Record<string, unknown>>): boolean {
  const { type, passwords } = blockAt(body.authentication_mode);
  return (
    type !== "iam" ||
    [passwords, body.passwords].some((each) => each !== undefined) ||
    body.no_password_required === true
  );
}
