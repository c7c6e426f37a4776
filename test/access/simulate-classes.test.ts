import type { Block, Plan } from "../../lib/terraform/plan";
import { ACCOUNT, REGION } from "../support/deployed-policies";
import type { PolicyStatement } from "../support/iam";
import { synthExample } from "../support/examples";
import { asking, outcome, type Asking, type Row } from "./outcomes";
import { archive, secret } from "./rows";
import { grantStack } from "./stack";

const HERE = `${REGION}:${ACCOUNT}`;
const stranger = "999999999999";
const audit = `arn:aws:logs:${HERE}:log-group:/hardened-mcp/acme-prod-orders-audit`;
const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/mcp/acme-prod-${name}`;
const key = (name: string) => `arn:aws:kms:${HERE}:key/${name}-key`;

type Attempt = readonly [action: string, resource: string];

/** What no role of any deployment may do, by classes. A class falls to one mutant of the boundary or of a resource's policy. */
const CLASSES: Readonly<Record<string, readonly Attempt[]>> = {
  "log tampering": [
    ["logs:DeleteLogGroup", audit],
    ["logs:DeleteLogStream", `${audit}:log-stream:1`],
    ["logs:PutRetentionPolicy", audit],
    ["logs:DeleteSubscriptionFilter", audit],
    ["logs:DisassociateKmsKey", audit],
    ["firehose:UpdateDestination", `arn:aws:firehose:${HERE}:deliverystream/acme-prod-audit`],
    ["cloudwatch:DeleteAlarms", `arn:aws:cloudwatch:${HERE}:alarm:acme-prod-x`],
    ["cloudtrail:StopLogging", `arn:aws:cloudtrail:${HERE}:trail/x`],
  ],
  "archive tampering": [
    ["s3:DeleteObjectVersion", `${archive}/x`],
    ["s3:PutObjectRetention", `${archive}/x`],
    ["s3:BypassGovernanceRetention", `${archive}/x`],
    ["s3:PutBucketPolicy", archive],
    ["s3:DeleteBucket", archive],
  ],
  "privilege escalation": [
    ["iam:PassRole", role("orders-execution")],
    ["iam:PutRolePolicy", role("orders-task")],
    ["iam:AttachRolePolicy", role("orders-task")],
    ["iam:CreatePolicyVersion", `arn:aws:iam::${ACCOUNT}:policy/mcp/acme-prod-boundary`],
    ["iam:DeleteRolePermissionsBoundary", role("orders-task")],
    ["iam:UpdateAssumeRolePolicy", role("orders-task")],
    ["iam:CreateUser", `arn:aws:iam::${ACCOUNT}:user/eve`],
    ["iam:CreateLoginProfile", `arn:aws:iam::${ACCOUNT}:user/eve`],
    ["iam:CreateAccessKey", `arn:aws:iam::${ACCOUNT}:user/eve`],
    ["sts:AssumeRole", role("orders-execution")],
    ["sts:AssumeRole", `arn:aws:iam::${ACCOUNT}:role/admin`],
    ["sts:AssumeRole", `arn:aws:iam::${stranger}:role/admin`],
    ["lambda:UpdateFunctionCode", `arn:aws:lambda:${HERE}:function:acme-prod-orders_tls_rotation`],
    ["lambda:AddPermission", `arn:aws:lambda:${HERE}:function:acme-prod-orders_tls_rotation`],
    ["ecs:RegisterTaskDefinition", `arn:aws:ecs:${HERE}:task-definition/acme-prod-orders:1`],
    ["ecs:ExecuteCommand", `arn:aws:ecs:${HERE}:task/acme-prod-mcp/1`],
    ["rds:ModifyDBInstance", `arn:aws:rds:${HERE}:db:ledger`],
  ],
  "keys given away": [
    ["kms:CreateGrant", key("secrets")],
    ["kms:PutKeyPolicy", key("audit")],
    ["kms:ScheduleKeyDeletion", key("audit")],
    ["kms:DisableKey", key("secrets")],
  ],
  "secrets given away": [
    ["secretsmanager:PutResourcePolicy", secret("orders/tls")],
    ["secretsmanager:DeleteSecret", secret("orders/tls")],
    ["secretsmanager:UpdateSecret", secret("orders/tls")],
    ["secretsmanager:RotateSecret", secret("orders/tls")],
  ],
  "ways in": [
    ["ec2:AuthorizeSecurityGroupIngress", `arn:aws:ec2:${HERE}:security-group/sg-1`],
    ["elasticloadbalancing:ModifyRule", `arn:aws:elasticloadbalancing:${HERE}:listener-rule/app/x/1/2/3`],
    ["wafv2:UpdateWebACL", `arn:aws:wafv2:${HERE}:regional/webacl/x/1`],
  ],
};
const STRANGERS: readonly Attempt[] = [
  ["s3:GetObject", "arn:aws:s3:::somebody-else/x"],
  ["s3:PutObject", "arn:aws:s3:::somebody-else/x"],
  ["secretsmanager:GetSecretValue", `arn:aws:secretsmanager:${REGION}:${stranger}:secret:x-AbCdEf`],
  ["kms:Decrypt", `arn:aws:kms:${REGION}:${stranger}:key/1`],
  ["sqs:SendMessage", `arn:aws:sqs:${REGION}:${stranger}:x`],
  ["dynamodb:GetItem", `arn:aws:dynamodb:${REGION}:${stranger}:table/x`],
  ["rds-db:connect", `arn:aws:rds-db:${REGION}:${stranger}:dbuser:db-X/admin`],
];

const everything: PolicyStatement[] = [{ Sid: "All", Effect: "Allow", Action: "*", Resource: "*" }];
const asRow = ([action, resource]: Attempt): Row => [action, resource, "denied"];
const succeeds = (attempt: Attempt, who: Asking) => outcome(asRow(attempt), who) === "allowed";
const rolesOf = (plan: Plan) => plan.blocks("aws_iam_role").map(({ body }) => String(body.name));

describe.each([
  ["complete", synthExample("complete")],
  ["every grant", grantStack()],
])("%s", (_stack, plan) => {
  const roles = rolesOf(plan).map((name) => [name, asking(plan, name)] as const);

  describe.each(Object.entries(CLASSES))("%s", (_class, attempts) => {
    test.each(roles)("nothing of it by %s, though it were given every right", (_name, who) => {
      const strong = {
        ...who,
        identity: { ...who.identity, rights: [...who.identity.rights, ...everything] },
      };
      expect(attempts.filter((attempt) => succeeds(attempt, who))).toEqual([]);
      expect(attempts.filter((attempt) => succeeds(attempt, strong))).toEqual([]);
    });
    test("without the boundary all of it, but for what the thing's own policy denies too", () => {
      const [, who] = roles[0] ?? [];
      const free = { ...(who as Asking), identity: { rights: everything } };
      const held = attempts.filter((attempt) => !succeeds(attempt, free)).map(([action]) => action);
      expect(held.filter((action) => !LOCKED.includes(action))).toEqual([]);
    });
  });

  test.each(roles)("another account's things are not %s's", (_name, who) => {
    expect(STRANGERS.filter((attempt) => succeeds(attempt, who))).toEqual([]);
  });

  test.each(roles)("the secrets of others are not %s's, whatever it were allowed", (name, who) => {
    const strong = { ...who, identity: { ...who.identity, rights: everything } };
    // What of a gateway has no room in a task definition lies there too, and is no secret.
    const isSecret = ({ body }: Block) => !String(body.name).includes("/_gateway/");
    for (const { body } of plan.blocks("aws_secretsmanager_secret").filter(isSecret)) {
      const short = String(body.name).replace(/^acme-(prod|test)\//, "");
      const [server = ""] = short.split("/");
      const arn = `arn:aws:secretsmanager:${HERE}:secret:${String(body.name)}-AbCdEf`;
      const mine =
        name.includes(`${server}-execution`) || name.includes(`${short.replace("/", "_")}_rotation`);
      expect([arn, succeeds(["secretsmanager:GetSecretValue", arn], strong)]).toEqual([arn, mine]);
    }
  });
});

/** Denied by the policy of the archive or of the secret as well. */
const LOCKED = [
  "secretsmanager:UpdateSecret",
  "s3:DeleteObjectVersion",
  "s3:PutObjectRetention",
  "s3:BypassGovernanceRetention",
  "s3:PutBucketPolicy",
  "s3:DeleteBucket",
];
