import { describeRight } from "../../../lib/terraform/graph/blast";
import { rightsOf } from "../../../lib/terraform/graph/rights";
import { network, ref, type Resources } from "./fixture";
import { allow, bounded, bucket, deny, policy, role, type Statement } from "./policy-parts";

const A = ref("aws_iam_role.a", "arn");
const OTHERS = "arn:aws:iam::222222222222:role/x";
/** A role that may read a queue, and whom it trusts. */
const other = (...trust: Statement[]): Resources => ({
  "aws_iam_role.z": { name: "z", assume_role_policy: policy(...trust) },
  "aws_iam_role_policy.z": {
    role: ref("aws_iam_role.z"),
    policy: policy(allow({ Action: "sqs:ReceiveMessage", Resource: "q" })),
  },
});
const trusting = (AWS: unknown, more: Statement = {}): Statement => ({
  Effect: "Allow",
  Principal: { AWS },
  Action: "sts:AssumeRole",
  ...more,
});
const BY_Z = "sqs:ReceiveMessage on q by taking on aws_iam_role.z";
const queue = (statement: Statement): Resources => ({
  "aws_sqs_queue.q": { name: "q" },
  "aws_sqs_queue_policy.q": { queue_url: ref("aws_sqs_queue.q"), policy: policy(statement) },
});
const secret = (statement: Statement): Resources => ({
  "aws_secretsmanager_secret.s": { name: "s" },
  "aws_secretsmanager_secret_policy.s": {
    secret_arn: ref("aws_secretsmanager_secret.s", "arn"),
    policy: policy(statement),
  },
});
const key = (statement: Statement): Resources => ({ "aws_kms_key.k": { policy: policy(statement) } });
const SECRET = "arn:aws:secretsmanager:REGION:ACCOUNT:secret:s-AbCdEf";

const ROWS: [what: string, resources: Resources, rights: string[]][] = [
  // Everything but: in what is allowed, denied, and bounds.
  [
    "all resources but one are all of them",
    role([{ Effect: "Allow", Action: "s3:GetObject", NotResource: "arn:aws:s3:::b/*" }]),
    ["s3:GetObject on *"],
  ],
  [
    "a denial of everything but some actions",
    role([allow({ Action: ["s3:GetObject", "sqs:SendMessage"] }), deny({ NotAction: "s3:*" })]),
    ["s3:GetObject on *"],
  ],
  [
    "… narrows a wildcard",
    role([allow({ Action: "*" }), deny({ NotAction: ["s3:*", "sqs:SendMessage"] })]),
    ["s3:*, sqs:SendMessage on *"],
  ],
  [
    "a denial on all resources but one leaves that one",
    role([
      allow({ Action: "s3:GetObject" }),
      { Effect: "Deny", Action: "s3:GetObject", NotResource: "arn:aws:s3:::b/*" },
    ]),
    ["s3:GetObject on *"],
  ],
  [
    "a boundary of everything but some actions",
    role([allow({ Action: ["s3:GetObject", "iam:PassRole"] })], bounded(allow({ Action: "s3:*" }))),
    ["s3:GetObject on *"],
  ],
  [
    "a denial in the boundary of everything but some actions",
    role(
      [allow({ Action: ["s3:GetObject", "iam:PassRole"] })],
      bounded(allow({ Action: "*" }), deny({ NotAction: "s3:*" })),
    ),
    ["s3:GetObject on *"],
  ],
  // Roles that may be taken on.
  [
    "a role of another account, by a right of its own",
    role([allow({ Action: "sts:AssumeRole", Resource: OTHERS })]),
    [`sts:AssumeRole on ${OTHERS}`],
  ],
  ["a role that trusts a role of another account", role([], other(trusting(OTHERS))), []],
  ["a role that trusts everybody", role([], other(trusting("*"))), [BY_Z]],
  [
    "a role that trusts the account, without a right to take it on",
    role([], other(trusting("arn:aws:iam::ACCOUNT:root"))),
    [],
  ],
  [
    "a role that trusts under a condition that somebody may arrange",
    role([], other(trusting(A, { Condition: { StringEquals: { "sts:ExternalId": "x" } } }))),
    [BY_Z],
  ],
  [
    "a role that trusts somebody else by a condition",
    role([], other(trusting("*", { Condition: { ArnEquals: { "aws:PrincipalArn": OTHERS } } }))),
    [],
  ],
  [
    "a role that trusts another account by a condition",
    role(
      [],
      other(trusting("*", { Condition: { StringEquals: { "aws:PrincipalAccount": "222222222222" } } })),
    ),
    [],
  ],
  ["a role that denies what it trusts", role([], other(trusting("*"), trusting(A, { Effect: "Deny" }))), []],
  [
    "… not for everything",
    role([], other(trusting(A), trusting(A, { Effect: "Deny", Action: "sts:TagSession" }))),
    [BY_Z],
  ],
  ["a role that trusts for tags alone", role([], other(trusting(A, { Action: "sts:TagSession" }))), []],
  ["a denial of its own keeps it from others", role([deny({ Action: "sts:*" })], other(trusting(A))), []],
  [
    "two roles that trust each other end",
    role([], {
      ...other(trusting(A)),
      "aws_iam_role.a": { name: "a", assume_role_policy: policy(trusting(ref("aws_iam_role.z", "arn"))) },
    }),
    [BY_Z],
  ],
  // Policies on resources that need nothing on the role's side.
  [
    "a bucket for everybody",
    role([], bucket(allow({ Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*" }))),
    ["s3:GetObject on arn:aws:s3:::b"],
  ],
  [
    "a bucket for everybody but somebody else",
    role(
      [],
      bucket(allow({ NotPrincipal: { AWS: OTHERS }, Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*" })),
    ),
    ["s3:GetObject on arn:aws:s3:::b"],
  ],
  [
    "a bucket for everybody but it",
    role(
      [],
      bucket(allow({ NotPrincipal: { AWS: A }, Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*" })),
    ),
    [],
  ],
  [
    "a bucket that leaves it to the account",
    role([], bucket(allow({ Principal: { AWS: "arn:aws:iam::ACCOUNT:root" }, Action: "s3:*" }))),
    [],
  ],
  [
    "a queue for everybody",
    role([], queue(allow({ Principal: { AWS: "*" }, Action: "sqs:SendMessage" }))),
    ["sqs:SendMessage on arn:aws:sqs:REGION:ACCOUNT:q"],
  ],
  [
    "a secret that names it",
    role([], secret(allow({ Principal: { AWS: A }, Action: "secretsmanager:GetSecretValue" }))),
    [`secretsmanager:GetSecretValue on ${SECRET}`],
  ],
  [
    "a secret that names it, for everything but deletion",
    role([], secret(allow({ Principal: { AWS: A }, NotAction: "secretsmanager:DeleteSecret" }))),
    [`* (but for secretsmanager:DeleteSecret) on ${SECRET}`],
  ],
  [
    "a key that names it",
    role([], key(allow({ Principal: { AWS: A }, Action: "kms:Decrypt" }))),
    ["kms:Decrypt on arn:aws:kms:REGION:ACCOUNT:key/aws_kms_key.k"],
  ],
  [
    "a key that names somebody else",
    role([], key(allow({ Principal: { AWS: OTHERS }, Action: "kms:*" }))),
    [],
  ],
  [
    "a key that a service may use for everybody of the account",
    role(
      [],
      key(
        allow({
          Principal: { AWS: "*" },
          Action: "kms:Decrypt",
          Condition: { StringEquals: { "kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com" } },
        }),
      ),
    ),
    [],
  ],
  [
    "a denial of its own takes out what a resource gives",
    role([deny({ Action: "sqs:*" })], queue(allow({ Principal: "*", Action: "sqs:SendMessage" }))),
    [],
  ],
];

test.each(ROWS)("rights: %s", (_what, resources, expected) => {
  const plan = network(resources);
  const [found] = plan.blocks("aws_iam_role").filter(({ name }) => name === "a");
  expect(found && rightsOf(found, plan).map(describeRight)).toEqual(expected);
});
