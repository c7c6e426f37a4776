import { embedded, type Block } from "../../lib/terraform/plan";
import { arnOf, decide, deployed, HERE, rolesOf, type Call, type PolicyStatement } from "../support/iam";
import { ADMIN, ADMIN_KEY, SYNCED, WRITER } from "./kinds-fixture";
import { everyKindPlan, REPORTS_ADMIN, SYNCED_KEY } from "./kinds-plan";
import { readable } from "./rotation-fixture";

const plan = everyKindPlan();
const roles = rolesOf(plan, "acme-test");

const found = (type: string, part: string): Block => {
  const blocks = plan.blocks(type).filter(({ address }) => address.includes(part));
  if (blocks.length !== 1) throw new Error(`${blocks.length} of ${type} are called ${part}`);
  return blocks[0] as Block;
};
const secret = (name: string) => found("aws_secretsmanager_secret", `_own-${name}_resource`);

describe("the server's container", () => {
  test("gets each kind by its variable, and the administrators' secrets never", () => {
    const [task] = plan.blocks("aws_ecs_task_definition");
    const containers = embedded(task?.body["container_definitions"]) as {
      name: string;
      secrets?: { name: string; valueFrom: string }[];
    }[];
    const given = containers.flatMap(({ secrets = [] }) => secrets);
    const own = given.filter(({ name }) => !name.startsWith("HMCP_"));
    const arn = (name: string) => `\${${secret(name).address}.arn}`;
    expect(Object.fromEntries(own.map(({ name, valueFrom }) => [name, valueFrom]))).toEqual({
      CACHE_URL: `${arn("cache")}:url::`,
      CRM_TOKEN: `${SYNCED.arn}:token::`,
      LEDGER_URL: `${arn("ledger")}:url::`,
      REPORTS: arn("reports"),
    });
  });
});

describe("a database's function", () => {
  test.each([
    [
      "ledger",
      "postgres",
      { engine: "postgres", port: 5432, users: ["ledger_app_a", "ledger_app_b"], adminSecretArn: ADMIN },
    ],
    [
      "reports",
      "mysql",
      {
        engine: "mysql",
        port: 3306,
        users: ["reports_app_a", "reports_app_b"],
        adminSecretArn: REPORTS_ADMIN,
      },
    ],
  ])("%s runs the code of its kind and is told where and who, no secret", (name, kind, settings) => {
    const { body } = found("aws_lambda_function", `_own-${name}-rotation_resource`);
    expect(body["filename"]).toMatch(new RegExp(`/${kind}\\.zip$`));
    const { variables } = body["environment"] as { variables: Record<string, string> };
    expect(JSON.parse(variables["SETTINGS"] ?? "")).toEqual({
      ...settings,
      host: `${name}.example.com`,
      database: name,
      role: `${name}_app`,
    });
  });

  test("stands in a group of its own, which reaches the endpoints and this database alone", () => {
    const rules = (group: Block, type: string) =>
      plan
        .referring(group, type, "security_group_id")
        .map(({ body }) => [
          body["from_port"],
          body["to_port"],
          readable(body["referenced_security_group_id"] ?? body["cidr_ipv4"]),
        ])
        .sort();
    const groups = ["ledger", "reports"].map((name) => found("aws_security_group", `_own-${name}_way_group`));
    const [ledger, reports] = groups.map((group) => rules(group, "aws_vpc_security_group_egress_rule"));
    expect(ledger).toEqual([
      [443, 443, "<id>"],
      [5432, 5432, "sg-0123456789abcdef0"],
    ]);
    expect(reports).toEqual([
      [3306, 3306, "10.9.0.0/24"],
      [443, 443, "<id>"],
    ]);
    for (const [index, name] of ["ledger", "reports"].entries()) {
      const { body } = found("aws_lambda_function", `_own-${name}-rotation_resource`);
      const { security_group_ids: ids } = body["vpc_config"] as { security_group_ids: string[] };
      expect(ids.map((id) => plan.target(id))).toEqual([groups[index]]);
    }
  });

  test("its first value waits for its own way, and the database's group lets it in", () => {
    const { body } = found("aws_lambda_invocation", "_own-ledger-rotation_seed");
    const own = plan
      .blocks("aws_vpc_security_group_egress_rule", "aws_vpc_security_group_ingress_rule")
      .filter(({ address }) => address.includes("own-ledger_way"))
      .map(({ address }) => address);
    expect(own).toHaveLength(4);
    expect(body["depends_on"]).toEqual(expect.arrayContaining(own));
    const entering = plan
      .blocks("aws_vpc_security_group_ingress_rule")
      .filter((rule) => rule.body["security_group_id"] === "sg-0123456789abcdef0")
      .map((rule) => [
        rule.body["from_port"],
        plan.target(rule.body["referenced_security_group_id"])?.body["name"],
      ]);
    expect(entering).toContainEqual([5432, "acme-test-notes_own-ledger_rotation"]);
  });
});

const SECRETS_MANAGER = { "kms:ViaService": `secretsmanager.${HERE.region}.amazonaws.com` };
const own = (name: string) => arnOf(secret(name).address);
const of = (arn: string) => ({ ...SECRETS_MANAGER, "kms:EncryptionContext:SecretARN": arn });
const call = (action: string, resource: string, context: Call["context"] = {}): Call => ({
  action,
  resource,
  context,
});

/** Each call is tried for real against the policies as deployed, boundary included. */
describe("who may do what", () => {
  test.each<[string, Call, boolean]>([
    ["notes_own-ledger_rotation", call("secretsmanager:PutSecretValue", own("ledger")), true],
    ["notes_own-ledger_rotation", call("secretsmanager:GetSecretValue", ADMIN), true],
    ["notes_own-ledger_rotation", call("secretsmanager:PutSecretValue", ADMIN), false],
    ["notes_own-ledger_rotation", call("secretsmanager:DescribeSecret", ADMIN), false],
    ["notes_own-ledger_rotation", call("secretsmanager:GetSecretValue", REPORTS_ADMIN), false],
    ["notes_own-ledger_rotation", call("secretsmanager:GetSecretValue", own("reports")), false],
    ["notes_own-ledger_rotation", call("secretsmanager:PutSecretValue", own("cache")), false],
    ["notes_own-ledger_rotation", call("secretsmanager:UpdateSecret", own("ledger")), false],
    ["notes_own-ledger_rotation", call("kms:Decrypt", ADMIN_KEY, of(ADMIN)), false],
    ["notes_own-reports_rotation", call("kms:Decrypt", ADMIN_KEY, of(REPORTS_ADMIN)), true],
    ["notes_own-reports_rotation", call("kms:Decrypt", ADMIN_KEY, of(ADMIN)), false],
    ["notes_own-reports_rotation", call("kms:Decrypt", ADMIN_KEY), false],
    ["notes_own-reports_rotation", call("kms:GenerateDataKey", ADMIN_KEY, of(REPORTS_ADMIN)), false],
    ["notes_own-cache_rotation", call("secretsmanager:GetSecretValue", ADMIN), false],
    ["notes_tls_rotation", call("secretsmanager:GetSecretValue", REPORTS_ADMIN), false],
    ["notes-execution", call("secretsmanager:GetSecretValue", own("ledger")), true],
    ["notes-execution", call("secretsmanager:GetSecretValue", ADMIN), false],
    ["notes-task", call("secretsmanager:GetSecretValue", own("ledger")), false],
    ["notes_crm_writer", call("secretsmanager:PutSecretValue", SYNCED.arn), true],
    ["notes_crm_writer", call("secretsmanager:DescribeSecret", SYNCED.arn), true],
    ["notes_crm_writer", call("secretsmanager:GetSecretValue", SYNCED.arn), false],
    ["notes_crm_writer", call("secretsmanager:DeleteSecret", SYNCED.arn), false],
    ["notes_crm_writer", call("secretsmanager:PutResourcePolicy", SYNCED.arn), false],
    ["notes_crm_writer", call("secretsmanager:PutSecretValue", own("ledger")), false],
    ["notes_crm_writer", call("secretsmanager:PutSecretValue", ADMIN), false],
    ["notes_crm_writer", call("kms:GenerateDataKey", SYNCED_KEY, of(SYNCED.arn)), true],
    ["notes_crm_writer", call("kms:GenerateDataKey", SYNCED_KEY, of(ADMIN)), false],
    ["notes_crm_writer", call("kms:Decrypt", ADMIN_KEY, of(SYNCED.arn)), false],
  ])("%s: %j is %s", (name, asked, expected) => {
    const role = roles.get(name);
    if (!role) throw new Error(`there is no role ${name}`);
    expect(decide(role, asked) === "allowed").toBe(expected);
  });

  test("an outsider is one principal, who says for whom he acts", () => {
    expect(roles.get("notes_crm_writer")?.trust).toEqual([
      {
        Sid: "TrustWriter",
        Effect: "Allow",
        Principal: { AWS: WRITER.principalArn },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "sts:ExternalId": WRITER.externalId } },
      },
    ]);
  });
});

describe("a secret's own policy, against an administrator of everything", () => {
  const EVERYTHING: PolicyStatement = { Effect: "Allow", Action: "*", Resource: "*" };
  const statements = (name: string) => {
    const [policy] = plan.referring(secret(name), "aws_secretsmanager_secret_policy", "secret_arn");
    return (embedded(deployed(String(policy?.body["policy"]))) as { Statement: PolicyStatement[] }).Statement;
  };
  const as = (role: string) => ({ "aws:PrincipalArn": `arn:aws:iam::${HERE.account}:role/${role}` });
  const may = (action: string, role: string) =>
    decide(
      { rights: [EVERYTHING, ...statements("ledger")] },
      call(`secretsmanager:${action}`, own("ledger"), as(role)),
    ) === "allowed";
  const ROTATION = "acme-test-notes_own-ledger_rotation";

  test.each([
    "GetSecretValue",
    "PutSecretValue",
    "UpdateSecret",
    "UpdateSecretVersionStage",
    "ReplicateSecretToRegions",
  ])("%s is denied to all but the function", (action) => {
    expect(may(action, "admin")).toBe(false);
    expect(may(action, "acme-test-notes_own-reports_rotation")).toBe(false);
    expect(may(action, ROTATION)).toBe(true);
  });
  test("ECS reads, and writes nothing", () => {
    expect(may("GetSecretValue", "acme-test-notes-execution")).toBe(true);
    expect(may("PutSecretValue", "acme-test-notes-execution")).toBe(false);
  });
  // Otherwise a deployment could not change or remove what it has made.
  test.each([
    ...[
      "DescribeSecret",
      "GetResourcePolicy",
      "PutResourcePolicy",
      "DeleteResourcePolicy",
      "TagResource",
      "UntagResource",
    ],
    ...["RotateSecret", "CancelRotateSecret", "DeleteSecret", "RestoreSecret", "ListSecretVersionIds"],
  ])("%s stays with whoever deploys", (action) => {
    expect(may(action, "deployer")).toBe(true);
  });
});

test("what says how old a secret may be hears of the outsider's promise", () => {
  const machines = plan.blocks("aws_sfn_state_machine").map(({ body }) => String(body["definition"]));
  expect(
    machines.filter((text) => text.includes(SYNCED.arn) && text.includes(`"days":${WRITER.maxAgeDays}`)),
  ).toHaveLength(1);
});
