import { ACCOUNT, arnOf, policiesOf, statementsOf } from "../support/deployed-policies";
import { synthExample } from "../support/examples";
import { decide, type Call, type Identity, type PolicyStatement } from "../support/iam";
import { mutantsOf } from "./outcomes";
import { archive, OWN, queue, role, secret, TAMPERING, type Outcome, type Row } from "./rows";

const plan = synthExample("complete");

/** The simulator's answer in one word. */
function outcome(call: Call, policies: Identity): Outcome {
  const decision = decide(policies, call);
  if (decision === "allowed") return decision;
  return decision.startsWith("denied by") ? "forbidden" : "denied";
}

const asked = ([action, resource, , context]: Row): Call => ({
  action,
  resource,
  ...(context && { context }),
});
const right = (row: Row, policies: Identity): boolean => outcome(asked(row), policies) === row[2];
const named = ([action, resource, decision, context]: Row): string =>
  `${action} on ${resource.split(":").slice(5).join(":") || resource}${context ? ` with ${Object.keys(context).join()}` : ""} is ${decision}`;

describe.each(Object.entries(OWN))("%s", (name, rows) => {
  const policies = policiesOf(plan, name);
  test.each(rows.map((row) => [named(row), row] as const))("%s", (_name, row) => {
    expect(outcome(asked(row), policies)).toBe(row[2]);
  });

  // A row that notices nothing proves nothing: each statement has one for every way in which it could be wider.
  const mutants = policies.rights.flatMap((statement) =>
    mutantsOf(statement).map(([what, mutant]) => [`${statement.Sid}: ${what}`, statement, mutant] as const),
  );
  if (mutants.length > 0)
    test.each(mutants)("%s would be noticed", (_what, statement, mutant) => {
      const rights = policies.rights.flatMap((each) => (each === statement ? mutant : [each]));
      expect(rows.filter((row) => !right(row, { ...policies, rights }))).not.toEqual([]);
    });
});

test("every kind of role that the deployment makes is judged", () => {
  const kind = (name: string) =>
    name.replace(/^acme-prod-(orders|docs)/, "SERVER").replace(/_[a-z-]+_/, "_SECRET_");
  const made = plan.blocks("aws_iam_role").map(({ body }) => kind(String(body.name)));
  expect([...new Set(made)].sort()).toEqual([...new Set(Object.keys(OWN).map(kind))].sort());
});

describe("a role with every right, inside the boundary", () => {
  const everything: PolicyStatement[] = [{ Effect: "Allow", Action: "*", Resource: "*" }];
  const { boundary } = policiesOf(plan, "acme-prod-orders-task");
  const rows = Object.values(TAMPERING).flat();
  describe.each(Object.entries(TAMPERING))("cannot touch %s", (_class, tampering) => {
    test.each(tampering.map((row) => [named(row), row] as const))("%s", (_name, row) => {
      expect(outcome(asked(row), { rights: everything, boundary })).toBe(row[2]);
    });
  });
  test.each(boundary.map(({ Sid }) => [Sid]))("without %s it could, and a row would notice", (sid) => {
    const wider = boundary.filter(({ Sid }) => Sid !== sid);
    const usual = ["sqs:SendMessage", queue("orders"), "allowed"] satisfies Row;
    const noticed = [...rows, usual].filter((row) => !right(row, { rights: everything, boundary: wider }));
    expect(noticed).not.toEqual([]);
  });
  test("what the roles are for stays possible", () => {
    for (const row of Object.values(OWN)
      .flat()
      .filter(([, , decision]) => decision === "allowed"))
      expect([named(row), outcome(asked(row), { rights: everything, boundary })]).toEqual([
        named(row),
        "allowed",
      ]);
  });
});

describe("an administrator outside every boundary", () => {
  const identity: PolicyStatement[] = [{ Effect: "Allow", Action: "*", Resource: "*" }];
  const policyOf = (type: string, attribute: string, arn: string): PolicyStatement[] => {
    const found = plan.blocks(type).find(({ body }) => {
      const target = plan.target(body[attribute]);
      return target !== undefined && arnOf(target) === arn;
    });
    return statementsOf(plan, found?.body.policy);
  };
  const admin = {
    "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:role/admin`,
    "aws:SecureTransport": "true",
    "s3:TlsVersion": "1.3",
  };
  const as = (name: string) => ({ ...admin, "aws:PrincipalArn": name });
  test.each<[string, string, Outcome, Record<string, string>]>([
    ["s3:DeleteObject", `${archive}/x`, "forbidden", admin],
    ["s3:DeleteObjectVersion", `${archive}/x`, "forbidden", admin],
    ["s3:PutObjectRetention", `${archive}/x`, "forbidden", admin],
    ["s3:BypassGovernanceRetention", `${archive}/x`, "forbidden", admin],
    ["s3:PutObject", `${archive}/x`, "forbidden", admin],
    ["s3:PutObject", `${archive}/x`, "allowed", as(role("audit-delivery"))],
    ["s3:GetObject", `${archive}/x`, "allowed", admin],
    ["s3:GetObject", `${archive}/x`, "forbidden", { ...admin, "aws:SecureTransport": "false" }],
    ["s3:GetObject", `${archive}/x`, "forbidden", { ...admin, "s3:TlsVersion": "1.1" }],
  ])("%s on the archive: %#", (action, resource, decision, context) => {
    const policy = policyOf("aws_s3_bucket_policy", "bucket", archive);
    expect(outcome({ action, resource, context }, { rights: [...identity, ...policy] })).toBe(decision);
  });
  test.each<[string, Outcome]>([
    [`arn:aws:iam::${ACCOUNT}:role/admin`, "forbidden"],
    [`arn:aws:iam::${ACCOUNT}:user/eve`, "forbidden"],
    [role("orders-task"), "forbidden"],
    [role("docs-execution"), "forbidden"],
    [role("orders_tls_rotation"), "forbidden"],
    ["arn:aws:iam::999999999999:role/mcp/acme-prod-orders-execution", "forbidden"],
    [role("orders-execution"), "allowed"],
    [role("orders_client-ci-bot_rotation"), "allowed"],
    [`arn:aws:iam::${ACCOUNT}:role/ci`, "allowed"],
  ])("the key of a client, read by %s, is %s", (principal, decision) => {
    const arn = secret("orders/client-ci-bot");
    const policy = policyOf("aws_secretsmanager_secret_policy", "secret_arn", arn);
    const request = { action: "secretsmanager:GetSecretValue", resource: arn, context: as(principal) };
    expect(outcome(request, { rights: [...identity, ...policy] })).toBe(decision);
  });
});

test("the boundary fits into what IAM takes: 6,144 characters, blanks not counted", () => {
  const policies = plan.blocks("aws_iam_policy");
  expect(policies).toHaveLength(1);
  for (const { body } of policies) {
    // A partition or a region in an ARN may be longer than here.
    expect(String(body.policy).replace(/\s/g, "").length).toBeLessThan(6_144 - 512);
  }
});
