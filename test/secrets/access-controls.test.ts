import { MANIFEST_KEY } from "../../lib/checklist/manifest";
import { judgePlan } from "../../lib/checklist/engine";
import { secretAccessControls } from "../../lib/secrets/access-controls";
import { rotationControls } from "../../lib/secrets/rotation-controls";
import { Plan } from "../../lib/terraform/plan";
import { changed, judge, named, without } from "../audit/judge";
import { having, policed, type StatementBody } from "../support/policies";
import { ADMIN, LOGIN } from "./kinds-fixture";
import { everyKindPlan } from "./kinds-plan";
import { holdAsBuilt } from "../support/control-tests";

type Body = Record<string, unknown>;

const plan = everyKindPlan();
const controls = [...secretAccessControls, ...rotationControls];

const POLICY = "aws_secretsmanager_secret_policy";
const EGRESS = "aws_vpc_security_group_egress_rule";
const FUNCTION = "aws_lambda_function";
const ROLE = "aws_iam_role";
const RIGHTS = "aws_iam_role_policy";

holdAsBuilt(controls, plan);

const denials = (change: (statement: StatementBody) => void) =>
  policed(plan, POLICY, "policy", (each) => {
    if (each.Sid === "RotationAloneWrites") change(each);
  });
const writers = (value: unknown) =>
  denials((each) => (each.Condition = { ArnNotLike: { "aws:PrincipalArn": value } }));
const trusts = (change: (statement: StatementBody) => void) =>
  policed(plan, ROLE, "assume_role_policy", (each) => {
    if (each.Sid === "TrustWriter") change(each);
  });
const rights = (sid: string, change: (statement: StatementBody) => void) =>
  policed(plan, RIGHTS, "policy", (each) => {
    if (each.Sid === sid) change(each);
  });
const told = (change: (settings: Body) => void) =>
  changed(plan, FUNCTION, (body) => {
    const { variables } = body.environment as { variables: Record<string, string> };
    const settings = JSON.parse(variables.SETTINGS ?? "") as Body;
    change(settings);
    variables.SETTINGS = JSON.stringify(settings);
  });
const toDatabase = (change: (body: Body) => void) =>
  changed(
    plan,
    EGRESS,
    change,
    ({ from_port: port, description }) => port === 5432 && String(description).includes("made and tried"),
  );
const group = (change: (body: Body) => void) =>
  changed(plan, "aws_security_group", change, ({ description }) =>
    String(description).includes("rotates ledger"),
  );
const single = () =>
  told((settings) => {
    if (Array.isArray(settings.users)) settings.users = settings.users.slice(0, 1);
  });
/** A container that gets what no container may. */
const mounted = (valueFrom: string) =>
  changed(plan, "aws_ecs_task_definition", (body) => {
    const containers = JSON.parse(String(body.container_definitions)) as { secrets?: object[] }[];
    containers.at(-1)?.secrets?.push({ name: "ADMIN", valueFrom });
    body.container_definitions = JSON.stringify(containers);
  });

describe("each control fails when its protection goes", () => {
  test.each<[string, string, () => Plan]>([
    ["secrets.writer-named", "no policy", () => without(plan, POLICY)],
    [
      "secrets.writer-named",
      "does not deny PutSecretValue",
      () => denials((each) => (each.Effect = "Allow")),
    ],
    [
      "secrets.writer-named",
      "does not deny UpdateSecret to",
      () =>
        denials(
          (each) =>
            (each.Action = (each.Action as string[]).filter((one) => one !== "secretsmanager:UpdateSecret")),
        ),
    ],
    [
      "secrets.writer-named",
      "does not deny UpdateSecretVersionStage",
      () =>
        denials(
          (each) => (each.Action = (each.Action as string[]).filter((one) => !one.endsWith("VersionStage"))),
        ),
    ],
    [
      "secrets.writer-named",
      "does not deny ReplicateSecretToRegions",
      () =>
        denials(
          (each) => (each.Action = (each.Action as string[]).filter((one) => !one.includes("Replicate"))),
        ),
    ],
    [
      "secrets.writer-named",
      "does not deny",
      () => denials((each) => (each.Principal = { AWS: "arn:aws:iam::123456789012:root" })),
    ],
    [
      "secrets.writer-named",
      "does not deny",
      () =>
        denials((each) => (each.Condition = { ...each.Condition, Bool: { "aws:SecureTransport": "false" } })),
    ],
    ["secrets.writer-named", "does not deny", () => writers([])],
    ["secrets.writer-named", "also lets * write", () => writers("*")],
    [
      "secrets.writer-named",
      "also lets arn:aws:iam::123456789012:role/eve write",
      () => writers("arn:aws:iam::123456789012:role/eve"),
    ],
    // Another secret's function is a stranger too.
    [
      "secrets.writer-named",
      "also lets",
      () => writers(["arn:aws:iam::123456789012:role/acme-test-notes_tls_rotation"]),
    ],

    [
      "secrets.function-ways",
      "no security group",
      () => changed(plan, FUNCTION, (body) => delete body.vpc_config),
    ],
    ["secrets.function-ways", "no way to Secrets Manager", () => without(plan, EGRESS)],
    ["secrets.function-ways", "leads elsewhere", () => toDatabase((body) => (body.to_port = 65535))],
    ["secrets.function-ways", "leads elsewhere", () => toDatabase((body) => (body.ip_protocol = "-1"))],
    [
      "secrets.function-ways",
      "leads elsewhere",
      () => toDatabase((body) => Object.assign(body, { from_port: 22, to_port: 22 })),
    ],
    ["secrets.function-ways", "leads elsewhere", () => toDatabase((body) => (body.cidr_ipv6 = "::/0"))],
    [
      "secrets.function-ways",
      "leads elsewhere",
      () =>
        toDatabase((body) =>
          Object.assign(body, {
            from_port: 443,
            to_port: 443,
            cidr_ipv4: "0.0.0.0/0",
            referenced_security_group_id: undefined,
          }),
        ),
    ],
    // The group of functions that know no database.
    [
      "secrets.function-ways",
      "leads elsewhere",
      () => toDatabase((body) => (body.security_group_id = commonGroup())),
    ],
    [
      "secrets.function-ways",
      "ways out of its own",
      () => group((body) => (body.egress = [{ protocol: "-1", cidr_blocks: ["0.0.0.0/0"] }])),
    ],

    ["secrets.administrator-apart", "gets it", () => mounted(ADMIN)],
    ["secrets.administrator-apart", "gets it", () => mounted(`${ADMIN}:password::`)],
    [
      "secrets.administrator-apart",
      "may read it",
      () => rights("InjectSecrets", (each) => (each.Resource = [ADMIN])),
    ],
    [
      "secrets.administrator-apart",
      "may read it",
      () =>
        having(plan, "aws_iam_policy", {
          policy: JSON.stringify({
            Statement: [{ Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: ADMIN }],
          }),
        }),
    ],

    ["secrets.alternating-users", "has one user", single],
    [
      "secrets.alternating-users",
      "has one user",
      () =>
        told((settings) => {
          if (settings.users) settings.users = ["app", "app"];
        }),
    ],

    ["secrets.outsider-bound", "asks for no external id", () => trusts((each) => delete each.Condition)],
    [
      "secrets.outsider-bound",
      "asks for no external id",
      () => trusts((each) => (each.Condition = { StringLike: { "sts:ExternalId": "*" } })),
    ],
    [
      "secrets.outsider-bound",
      "it trusts arn:aws:iam::299900769157:root",
      () => trusts((each) => (each.Principal = { AWS: "arn:aws:iam::299900769157:root" })),
    ],
    ["secrets.outsider-bound", "it trusts *", () => trusts((each) => (each.Principal = { AWS: "*" }))],
    [
      "secrets.outsider-bound",
      "may also secretsmanager:GetSecretValue",
      () =>
        rights("WriteTheSecret", (each) => (each.Action as string[]).push("secretsmanager:GetSecretValue")),
    ],
    [
      "secrets.outsider-bound",
      "more than one secret",
      () =>
        rights(
          "WriteTheSecret",
          (each) => (each.Resource = ["arn:aws:secretsmanager:eu-west-1:123456789012:secret:sync/*"]),
        ),
    ],
    [
      "secrets.outsider-bound",
      "more than one secret",
      () => rights("WriteTheSecret", (each) => (each.Resource as string[]).push(ADMIN)),
    ],

    [
      "secrets.outsider-watched",
      "nothing watches the age of arn:",
      () => without(plan, "aws_sfn_state_machine"),
    ],
    [
      "secrets.outsider-watched",
      "nothing watches the age of arn:",
      () => changed(plan, "aws_sfn_state_machine", (body) => (body.definition = "{}")),
    ],

    [
      "secrets.function-one-secret",
      "also reaches",
      () =>
        rights("ReadAdministrator", (each) =>
          (each.Action as string[]).push("secretsmanager:PutSecretValue"),
        ),
    ],
    [
      "secrets.function-one-secret",
      "also reaches",
      () =>
        rights("ReadAdministrator", (each) =>
          (each.Resource as string[]).push(
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:other-AbCdEf",
          ),
        ),
    ],
    // Another database's administrator.
    [
      "secrets.function-one-secret",
      "also reaches",
      () =>
        told((settings) => {
          if (settings.engine === "mysql") settings.adminSecretArn = "arn:other";
        }),
    ],
  ])("%s: %s", (id, says, broken) => {
    expect(judge(named(controls, id), broken())).toContainEqual({
      holds: false,
      says: expect.stringContaining(says),
    });
  });
});

function commonGroup(): string {
  const found = plan
    .blocks("aws_security_group")
    .find(({ body }) => body.description === "Functions that rotate secrets of notes");
  return `\${${found?.address}.id}`;
}

describe("what is meant to pass passes", () => {
  test("a single user in a sandbox", () => {
    const source = structuredClone(single().source) as Body & { "//": Record<string, Record<string, Body>> };
    for (const entry of Object.values(source["//"][MANIFEST_KEY] ?? {})) entry.posture = "sandbox";
    const findings = judge(named(controls, "secrets.alternating-users"), new Plan(source));
    expect(findings).toEqual(findings.map(() => ({ holds: true })));
  });
  test("a single user in the open is waived until its last day, and fails afterwards", () => {
    const users = { waive: "the vendor sells one login", until: "2026-12-31" };
    const waived = everyKindPlan({ secrets: { ledger: { ...LOGIN, users } } });
    const results = (asOf: string) =>
      judgePlan(waived, [named(controls, "secrets.alternating-users")], { asOf });
    expect(results("2026-12-31").map(({ result }) => result)).toContain("waived");
    expect(results("2027-01-01").map(({ result }) => result)).toContain("fail");
  });
});

describe("what is of another stack, or known only at deployment, is unknown, never held", () => {
  const elsewhere = (field: string) =>
    changed(plan, "aws_secretsmanager_secret_rotation", (body) => (body[field] = "${var.x}"));
  test.each<[string, () => Plan]>([
    ["secrets.writer-named", () => changed(plan, POLICY, (body) => (body.policy = "${var.policy}"))],
    ["secrets.writer-named", () => elsewhere("rotation_lambda_arn")],
    ["secrets.function-ways", () => elsewhere("rotation_lambda_arn")],
    [
      "secrets.function-ways",
      () => changed(plan, FUNCTION, (body) => ((body.vpc_config as Body).security_group_ids = ["sg-1"])),
    ],
    ["secrets.administrator-apart", () => elsewhere("rotation_lambda_arn")],
    ["secrets.alternating-users", () => elsewhere("rotation_lambda_arn")],
  ])("%s", (id, later) => {
    const holds = judge(named(controls, id), later()).map((finding) => finding.holds);
    expect(holds).toContain("unknown");
    expect(holds).not.toContain(true);
  });
  test("an outsider whom only Terraform knows", () => {
    const later = changed(plan, ROLE, (body) => (body.assume_role_policy = "${var.trust}"));
    for (const id of ["secrets.outsider-bound", "secrets.outsider-watched"])
      expect(judge(named(controls, id), later).map(({ holds }) => holds)).toContain("unknown");
  });
});
