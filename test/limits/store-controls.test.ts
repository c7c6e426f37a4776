import { STORE_ALARMS } from "../../lib/limits/store/alarms";
import { limitStoreControls } from "../../lib/limits/store/controls";
import { STORE_SETTINGS } from "../../lib/limits/store/settings";
import { embedded, type Plan } from "../../lib/terraform/plan";
import { changed, judge, named, without } from "../audit/judge";
import { ownStorePlan } from "./fixture";

type Data = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

const plan = ownStorePlan();
const GROUP = "aws_elasticache_replication_group";
const ALARM = "aws_cloudwatch_metric_alarm";
const USER = "aws_elasticache_user";
const INGRESS = "aws_vpc_security_group_ingress_rule";

test.each(limitStoreControls.map((control) => [control.id, control] as const))(
  "%s holds as built",
  (_id, control) => {
    const findings = judge(control, plan);
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.every(({ holds }) => holds === true)).toBe(true);
  },
);

const says = "limits.store-says-all";
/** One field of a type of block set to something else, or taken away. */
const having = (type: string, field: string, value: unknown) => () =>
  changed(plan, type, (body) => {
    if (value === undefined) delete body[field];
    else body[field] = value;
  });
const store = plan.blocks(GROUP)[0];
const [group] = store?.body["security_group_ids"] as string[];
const toStore = (body: Data) => body["security_group_id"] === group;
/** A rule more, like the one that lets gateways in. */
function another(type: string, change: Data): Plan {
  const source = structuredClone(plan.source) as Data;
  const rule = Object.values(source["resource"][INGRESS] as Record<string, Data>).find(toStore);
  (source["resource"][type] ??= {})["another"] = { ...rule, ...change };
  return new (plan.constructor as new (source: unknown) => Plan)(source);
}

const CHANGE = "ChangeThePasswordOfTheUser";
const ENDPOINT = "aws_vpc_endpoint";
const isElastiCache = (body: Data) => String(body["service_name"]).endsWith(".elasticache");
const [endpointGroup] = plan.blocks(ENDPOINT).find(({ body }) => isElastiCache(body))?.body[
  "security_group_ids"
] as string[];
/** The rights of the function that changes the password, changed. */
const rights = (change: (all: Data[]) => Data[]) =>
  changed(
    plan,
    "aws_iam_role_policy",
    (body) => {
      const document = embedded(body["policy"]) as Data;
      body["policy"] = again({ ...document, Statement: change(document["Statement"]) });
    },
    (body) => String(body["policy"]).includes(CHANGE),
  );
const toFunction = (change: (settings: Data) => void) =>
  changed(
    plan,
    "aws_lambda_function",
    (body) => {
      const variables = (body["environment"] as Data)["variables"];
      const settings = embedded(variables["SETTINGS"]) as Data;
      change(settings);
      variables["SETTINGS"] = again(settings);
    },
    (body) => JSON.stringify(body).includes("userId"),
  );
/** As Terraform reads it: references stand, what only looks like one is told apart. */
const again = (value: unknown) => JSON.stringify(value);

const BROKEN: [id: string, says: string, broken: () => Plan][] = [
  [says, "travel in clear", having(GROUP, "transit_encryption_enabled", false)],
  [says, "without TLS too", having(GROUP, "transit_encryption_mode", "preferred")],
  [says, "in clear", having(GROUP, "at_rest_encryption_enabled", "false")],
  [says, "nobody can take back", having(GROUP, "kms_key_id", undefined)],
  [says, "without a password", having(GROUP, "user_group_ids", [])],
  [says, "opens all of it", having(GROUP, "auth_token", "${random_password.store.result}")],
  [says, "default group", having(GROUP, "security_group_ids", undefined)],
  [says, "default VPC", having(GROUP, "subnet_group_name", undefined)],
  [says, "another engine's", having(GROUP, "engine", "redis")],
  [says, "AWS chooses one", having(GROUP, "engine_version", undefined)],
  [says, "how large", having(GROUP, "node_type", undefined)],
  [says, "another port", having(GROUP, "port", 6380)],
  [says, "no copy takes over", having(GROUP, "num_cache_clusters", 1)],
  [says, "no copy takes over", having(GROUP, "automatic_failover_enabled", undefined)],
  [says, "in the zone that fails", having(GROUP, "multi_az_enabled", false)],
  [says, "stays open", having(GROUP, "auto_minor_version_upgrade", "false")],
  [says, "the busiest", having(GROUP, "maintenance_window", undefined)],
  [says, "default parameters", having(GROUP, "parameter_group_name", undefined)],
  [says, "are kept", having(GROUP, "snapshot_retention_limit", 7)],
  [says, "written nowhere", having(GROUP, "log_delivery_configuration", [])],
  [
    says,
    "written nowhere",
    () => changed(plan, GROUP, (body) => (body["log_delivery_configuration"] as Data[]).pop()),
  ],
  [says, "in one zone", having("aws_elasticache_subnet_group", "subnet_ids", ["subnet-0123456789abcdef0"])],
  [says, "another engine's", having("aws_elasticache_parameter_group", "family", "redis7")],
  [
    says,
    "a full store",
    having("aws_elasticache_parameter_group", "parameter", [
      { name: "maxmemory-policy", value: "noeviction" },
    ]),
  ],
  [says, "another engine's", having("aws_elasticache_user_group", "engine", "redis")],
  [says, "nobody can log in", having("aws_elasticache_user_group", "user_ids", [])],
  [says, "another engine's", having(USER, "engine", "redis")],
  [says, "another name", having(USER, "user_name", "default")],
  [says, "more than count", having(USER, "access_string", "on ~* +@all")],
  [
    "limits.store-password-unknown",
    "Terraform knows",
    having(USER, "authentication_mode", { type: "password", passwords: ["${random_password.store.result}"] }),
  ],
  ["limits.store-password-unknown", "Terraform knows", having(USER, "passwords", ["x".repeat(16)])],
  ["limits.store-password-unknown", "Terraform knows", having(USER, "authentication_mode", undefined)],
  ["limits.store-password-unknown", "Terraform knows", having(USER, "no_password_required", true)],
  ["limits.store-password-unknown", "would take away", having(USER, "lifecycle", undefined)],
  [
    "limits.store-password-unknown",
    "no function makes",
    () =>
      changed(
        plan,
        "aws_secretsmanager_secret_rotation",
        (body) => (body["rotation_lambda_arn"] = "arn:aws:lambda:eu-west-1:123456789012:function:other"),
        (body) => plan.target(body["rotation_lambda_arn"])?.address.includes("limits-rotation") === true,
      ),
  ],
  [
    "limits.store-password-way",
    "may not change it",
    () => rights((all) => all.filter(({ Sid }) => Sid !== CHANGE)),
  ],
  [
    "limits.store-password-way",
    "or may change others",
    () =>
      rights((all) =>
        all.map((one) =>
          one["Sid"] === CHANGE ? { ...one, Resource: "arn:aws:elasticache:*:*:user:*" } : one,
        ),
      ),
  ],
  [
    "limits.store-password-way",
    "or may change others",
    () => rights((all) => [...all, { Effect: "Allow", Action: "elasticache:DeleteUser", Resource: "*" }]),
  ],
  [
    "limits.store-password-way",
    "told no endpoint",
    () => toFunction((settings) => (settings["endpoint"] = "https://elasticache.eu-west-1.amazonaws.com")),
  ],
  [
    "limits.store-password-way",
    "lets other calls through",
    () => changed(plan, ENDPOINT, (body) => delete body["policy"], isElastiCache),
  ],
  [
    "limits.store-password-way",
    "cannot connect",
    () => without(plan, INGRESS, (body) => body["security_group_id"] === endpointGroup),
  ],
  [
    "limits.store-password-way",
    "cannot connect",
    () =>
      without(
        plan,
        "aws_vpc_security_group_egress_rule",
        (body) => body["referenced_security_group_id"] === endpointGroup,
      ),
  ],
  [
    "limits.store-closed",
    "others than its gateways",
    () => another(INGRESS, { referenced_security_group_id: "sg-0123456789abcdef0" }),
  ],
  [
    "limits.store-closed",
    "others than its gateways",
    () => another(INGRESS, { referenced_security_group_id: undefined, cidr_ipv4: "10.0.0.0/8" }),
  ],
  [
    "limits.store-closed",
    "at other ports",
    () => changed(plan, INGRESS, (body) => (body["to_port"] = 65_535), toStore),
  ],
  ["limits.store-closed", "connect to others", () => another("aws_vpc_security_group_egress_rule", {})],
  [
    "limits.store-closed",
    "rules of its own",
    () =>
      changed(
        plan,
        "aws_security_group",
        (body) =>
          (body["ingress"] = [{ from_port: 0, to_port: 0, protocol: "-1", cidr_blocks: ["0.0.0.0/0"] }]),
        (body) => body["name"] === plan.target(group)?.body["name"],
      ),
  ],
  ...STORE_ALARMS.map(({ id }): [string, string, () => Plan] => [
    "limits.store-watched",
    `${id} does not`,
    () => without(plan, ALARM, (body) => String(body["alarm_name"]).endsWith(id)),
  ]),
  ...(
    [
      ["a node less", (body) => (body["metric_query"] as Data[]).pop()],
      ["a higher threshold", (body) => (body["threshold"] = 101)],
      ["told to nobody", (body) => (body["alarm_actions"] = [])],
      [
        "another node",
        (body) => ((body["metric_query"] as Data[])[1]!["metric"]["dimensions"]["CacheClusterId"] = "x"),
      ],
    ] as [string, (body: Data) => unknown][]
  ).map(([, change]): [string, string, () => Plan] => [
    "limits.store-watched",
    "limits-store-busy does not",
    () =>
      changed(plan, ALARM, change as never, (body) =>
        String(body["alarm_name"]).endsWith("limits-store-busy"),
      ),
  ]),
  ["limits.store-watched", "does not watch all of it", having(GROUP, "num_cache_clusters", 3)],
];

test.each(BROKEN)("%s: %s", (id, finding, broken) => {
  const findings = judge(named(limitStoreControls, id), broken()).filter(({ holds }) => holds !== true);
  expect(findings).toEqual([
    expect.objectContaining({ holds: false, says: expect.stringContaining(finding) }),
  ]);
});

test("a group that is not in the file is nothing that can be judged", () => {
  const given = changed(plan, GROUP, (body) => (body["security_group_ids"] = ["sg-0123456789abcdef0"]));
  expect(judge(named(limitStoreControls, "limits.store-closed"), given)).toEqual([
    expect.objectContaining({ holds: "unknown" }),
  ]);
});

test("every control has a test that breaks it, and so has every setting", () => {
  const broken = new Set(BROKEN.map(([id]) => id));
  expect(limitStoreControls.filter(({ id }) => !broken.has(id))).toEqual([]);
  const findings = BROKEN.map(([, finding]) => finding);
  const all = Object.values(STORE_SETTINGS).flat();
  expect(all.filter(({ or }) => !findings.some((finding) => or.includes(finding)))).toEqual([]);
});
