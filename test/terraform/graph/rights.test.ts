import { ADMINISTRATOR, couldDo } from "../../../lib/terraform/graph/could";
import { blastOf, describeRight } from "../../../lib/terraform/graph/blast";
import { principalOf } from "../../../lib/terraform/graph/policies";
import { rightsOf } from "../../../lib/terraform/graph/rights";
import { tamperTable } from "../../../lib/terraform/graph/tamper";
import { synthExample } from "../../support/examples";
import { network, ref, type Resources } from "./fixture";

type Statement = Record<string, unknown>;
const policy = (...Statement: Statement[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const allow = (Action: unknown, Resource: unknown = "*", more: Statement = {}): Statement => ({
  Effect: "Allow",
  Action,
  Resource,
  ...more,
});
const deny = (Action: unknown, Resource: unknown = "*", more: Statement = {}): Statement => ({
  ...allow(Action, Resource, more),
  Effect: "Deny",
});
const trust = (AWS: string) => policy({ Effect: "Allow", Principal: { AWS }, Action: "sts:AssumeRole" });
const bucket = ref("aws_s3_bucket.b", "arn");

/** A role `a` with these rights, and whatever else. */
function role(rights: Statement[], more: Resources = {}): Resources {
  return {
    "aws_iam_role.a": { name: "a", assume_role_policy: policy() },
    "aws_iam_role_policy.a": { role: ref("aws_iam_role.a"), policy: policy(...rights) },
    "aws_s3_bucket.b": { bucket: "b" },
    ...more,
  };
}
const bounded = (...statements: Statement[]): Resources => ({
  "aws_iam_role.a": {
    name: "a",
    assume_role_policy: policy(),
    permissions_boundary: ref("aws_iam_policy.limit", "arn"),
  },
  "aws_iam_policy.limit": { name: "limit", policy: policy(...statements) },
});
const other = (who: string, rights: Statement[]): Resources => ({
  "aws_iam_role.z": { name: "z", assume_role_policy: trust(who) },
  "aws_iam_role_policy.z": { role: ref("aws_iam_role.z"), policy: policy(...rights) },
});
const A = ref("aws_iam_role.a", "arn");
const Z = ref("aws_iam_role.z", "arn");

const ROWS: [what: string, resources: Resources, rights: string[]][] = [
  ["what is allowed", role([allow("s3:GetObject", `${bucket}/*`)]), ["s3:GetObject on arn:aws:s3:::b/*"]],
  ["a wildcard role", role([allow("*")]), ["* on *"]],
  [
    "a wildcard with denials",
    role([allow("s3:*", bucket), deny("s3:Delete*")]),
    ["s3:* (but for s3:Delete*) on arn:aws:s3:::b"],
  ],
  [
    "a denial takes it out",
    role([allow(["s3:GetObject", "s3:PutObject"], bucket), deny("s3:Put*")]),
    ["s3:GetObject on arn:aws:s3:::b"],
  ],
  [
    "a denial of something else does not",
    role([allow("s3:GetObject", bucket), deny("s3:GetObject", "arn:aws:s3:::other")]),
    ["s3:GetObject on arn:aws:s3:::b"],
  ],
  [
    "a denial that depends does not",
    role([
      allow("s3:GetObject", bucket),
      deny("s3:GetObject", "*", { Condition: { Bool: { "aws:MultiFactorAuthPresent": "false" } } }),
    ]),
    ["s3:GetObject on arn:aws:s3:::b"],
  ],
  [
    "everything but some actions",
    role([{ Effect: "Allow", NotAction: "iam:*", Resource: "*" }]),
    ["* (but for iam:*) on *"],
  ],
  [
    "a boundary leaves out",
    role([allow(["s3:GetObject", "sqs:SendMessage"], bucket)], bounded(allow("s3:*"))),
    ["s3:GetObject on arn:aws:s3:::b"],
  ],
  [
    "a boundary narrows a wildcard",
    role([allow("*")], bounded(allow("s3:*"), deny("s3:Delete*"))),
    ["s3:* (but for s3:Delete*) on *"],
  ],
  ["a boundary gives nothing", role([], bounded(allow("*"))), []],
  [
    "conditions are told",
    role([allow("s3:GetObject", bucket, { Condition: { StringEquals: { "aws:SourceVpce": "vpce-1" } } })]),
    ["s3:GetObject on arn:aws:s3:::b, when aws:SourceVpce StringEquals vpce-1"],
  ],
  [
    "a resource's policy gives by naming the role",
    role([], {
      "aws_s3_bucket_policy.p": {
        bucket: ref("aws_s3_bucket.b"),
        policy: policy(allow("s3:GetObject", `${bucket}/*`, { Principal: { AWS: A } })),
      },
    }),
    ["s3:GetObject on arn:aws:s3:::b"],
  ],
  [
    "… inside the boundary only",
    role([], {
      ...bounded(allow("sqs:*")),
      "aws_s3_bucket_policy.p": {
        bucket: ref("aws_s3_bucket.b"),
        policy: policy(allow("s3:GetObject", `${bucket}/*`, { Principal: { AWS: A } })),
      },
    }),
    [],
  ],
  [
    "an attached policy of the file",
    role([], {
      "aws_iam_policy.more": { policy: policy(allow("sqs:SendMessage", "q")) },
      "aws_iam_role_policy_attachment.x": {
        role: ref("aws_iam_role.a", "name"),
        policy_arn: ref("aws_iam_policy.more", "arn"),
      },
    }),
    ["sqs:SendMessage on q"],
  ],
  [
    "an attached policy from elsewhere",
    role([], {
      "aws_iam_role_policy_attachment.x": {
        role: ref("aws_iam_role.a", "name"),
        policy_arn: "arn:aws:iam::aws:policy/X",
      },
    }),
    ["whatever arn:aws:iam::aws:policy/X says on *"],
  ],
  [
    "a role that it may take on",
    role(
      [allow("sts:AssumeRole", Z)],
      other("arn:aws:iam::${data.aws_caller_identity.me.account_id}:root", []),
    ),
    ["sts:AssumeRole on arn:aws:iam::ACCOUNT:role/z"],
  ],
  [
    "and its rights",
    role([], other(A, [allow("s3:PutObject", `${bucket}/*`)])),
    ["s3:PutObject on arn:aws:s3:::b/* by taking on aws_iam_role.z"],
  ],
  [
    "a role that trusts somebody else",
    role([], other("arn:aws:iam::ACCOUNT:role/c", [allow("s3:PutObject", bucket)])),
    [],
  ],
  [
    "a boundary keeps it from other roles",
    role([], { ...bounded(allow("s3:*")), ...other(A, [allow("sqs:SendMessage", "q")]) }),
    [],
  ],
  [
    "a chain of roles",
    role([], {
      ...other(A, []),
      "aws_iam_role.y": { name: "y", assume_role_policy: trust(Z) },
      "aws_iam_role_policy.y": { role: ref("aws_iam_role.y"), policy: policy(allow("kms:Decrypt", "k")) },
    }),
    ["kms:Decrypt on k by taking on aws_iam_role.z, then aws_iam_role.y"],
  ],
];

describe("rights of a role", () => {
  test.each(ROWS)("%s", (_what, resources, expected) => {
    const plan = network({ ...resources });
    const [found] = plan.blocks("aws_iam_role").filter(({ name }) => name === "a");
    expect(found && rightsOf(found, plan).map(describeRight)).toEqual(expected);
  });
});

describe("what somebody could do to a block", () => {
  const key = (...statements: Statement[]): Resources => ({
    "aws_kms_key.k": { policy: policy(...statements) },
  });
  const root = { Principal: { AWS: "arn:aws:iam::ACCOUNT:root" } };
  test.each<[string, Resources, string, string]>([
    [
      "a key that leaves it to the account",
      { ...role([allow("kms:*")]), ...key(allow("kms:*", "*", root)) },
      "kms:Decrypt",
      "yes",
    ],
    ["a key that does not", { ...role([allow("kms:*")]), ...key() }, "kms:Decrypt", "no"],
    [
      "a key that names the role",
      { ...role([]), ...key(allow("kms:Decrypt", "*", { Principal: { AWS: A } })) },
      "kms:Decrypt",
      "yes",
    ],
    [
      "a key that denies all others",
      {
        ...role([allow("kms:*")]),
        ...key(
          allow("kms:*", "*", root),
          deny("kms:Decrypt", "*", {
            Principal: "*",
            Condition: { ArnNotLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/b" } },
          }),
        ),
      },
      "kms:Decrypt",
      "no",
    ],
    [
      "a condition that somebody arranges",
      {
        ...role([allow("kms:*", "*", { Condition: { StringEquals: { "kms:ViaService": "s3" } } })]),
        ...key(allow("kms:*", "*", root)),
      },
      "kms:Decrypt",
      "maybe",
    ],
    [
      "a boundary from elsewhere",
      {
        ...role([allow("kms:*")]),
        "aws_iam_role.a": { name: "a", permissions_boundary: "arn:aws:iam::1:policy/b" },
        ...key(allow("kms:*", "*", root)),
      },
      "kms:Decrypt",
      "maybe",
    ],
  ])("%s", (_what, resources, action, could) => {
    const plan = network(resources);
    const [who, on] = [plan.blocks("aws_iam_role")[0], plan.blocks("aws_kms_key")[0]];
    expect(who && on && couldDo(principalOf(who, plan), action, on, plan).could).toBe(could);
  });
});

describe("the complete example", () => {
  const plan = synthExample("complete");
  test("no role of it could touch what tells of it; the delivery alone writes into the archive", () => {
    const found = tamperTable(plan)
      .filter(({ principal }) => principal !== ADMINISTRATOR.id)
      .flatMap(({ could }) => Object.values(could).flat());
    expect(found.filter(({ action }) => action !== "s3:PutObject")).toEqual([]);
  });
  test("what an administrator could do is said, with what stands in the way", () => {
    const row = tamperTable(plan).find(({ principal }) => principal === ADMINISTRATOR.id);
    expect(row?.could.firewall.map(({ action }) => action)).toContain("wafv2:DeleteWebACL");
    expect(row?.could.keys).toContainEqual(
      expect.objectContaining({
        action: "kms:ScheduleKeyDeletion",
        despite: expect.stringContaining("days"),
      }),
    );
  });
  test("a taken-over server has its own secrets, not the gateway's", () => {
    const service = plan.blocks("aws_ecs_service").find(({ body }) => body.name === "acme-prod-orders");
    const blast = service && blastOf(service, "server", plan);
    expect(blast?.secrets.some((secret) => /client-|_tls_/.test(secret))).toBe(false);
    expect(blast?.secrets.length).toBeGreaterThan(0);
    expect(
      blast?.rights.flatMap(({ actions }) => actions).some((action) => /^(logs|iam|kms):/.test(action)),
    ).toBe(false);
  });
  test("a role that may touch logs shows in the table", () => {
    const resource = structuredClone(plan.source) as {
      resource: Record<string, Record<string, Record<string, unknown>>>;
    };
    for (const one of Object.values(resource.resource.aws_iam_role ?? {})) delete one.permissions_boundary;
    for (const one of Object.values(resource.resource.aws_iam_role_policy ?? {}))
      one.policy = policy(allow("logs:*"));
    const [row] = tamperTable(new (plan.constructor as new (json: unknown) => typeof plan)(resource));
    expect(row?.could.logs.map(({ action }) => action)).toContain("logs:DeleteLogGroup");
  });
});
