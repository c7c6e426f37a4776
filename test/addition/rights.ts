import { allows, IN, one, several, type Addition } from "./added";

const EVERYTHING = allows({ Action: "*", Resource: "*" });
const ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess";
const STRANGER = { AWS: "arn:aws:iam::444455556666:root" };

/** Rights of our roles, and roles and people beside them. */
export const ROLES: readonly Addition[] = [
  {
    name: "a policy at our task role",
    adds: (it) => one("aws_iam_role_policy", { role: it.ref(IN.taskRole), name: "more", policy: EVERYTHING }),
    expected: "verdict",
    widens: true,
  },
  {
    name: "a policy at our task role by its name",
    adds: (it) =>
      one("aws_iam_role_policy", { role: it.value(IN.taskRole, "name"), name: "more", policy: EVERYTHING }),
    expected: "verdict",
    widens: true,
  },
  {
    name: "a narrow policy at our task role",
    adds: (it) =>
      one("aws_iam_role_policy", {
        role: it.ref(IN.taskRole, "name"),
        policy: allows({
          Sid: "More",
          Action: "dynamodb:Scan",
          Resource: "arn:aws:dynamodb:eu-west-1:111122223333:table/x",
        }),
      }),
    expected: "verdict",
  },
  ...["ref", "name"].flatMap((by) => [
    {
      name: `an administrator's policy is attached to our task role, by ${by}`,
      adds: (it) =>
        one("aws_iam_role_policy_attachment", {
          role: by === "ref" ? it.ref(IN.taskRole, "name") : it.value(IN.taskRole, "name"),
          policy_arn: ADMINISTRATOR,
        }),
      expected: "verdict",
      widens: true,
    } satisfies Addition,
    {
      name: `an administrator's policy is attached to several roles, by ${by}`,
      adds: (it) =>
        one("aws_iam_policy_attachment", {
          name: "all",
          roles: [by === "ref" ? it.ref(IN.taskRole, "name") : String(it.value(IN.taskRole, "name"))],
          policy_arn: ADMINISTRATOR,
        }),
      expected: "verdict",
      widens: true,
    } satisfies Addition,
  ]),
  {
    name: "a policy at the role that rotates a key",
    adds: (it) =>
      one("aws_iam_role_policy", {
        role: it.ref(IN.rotationRole, "name"),
        policy: allows({ Action: "secretsmanager:*", Resource: "*" }),
      }),
    expected: "verdict",
    widens: true,
  },
  {
    name: "our policies alone are taken from our role",
    adds: (it) =>
      one("aws_iam_role_policies_exclusive", {
        role_name: it.ref(IN.taskRole, "name"),
        policy_names: ["other"],
      }),
    expected: "verdict",
  },
  {
    name: "an attachment is written as the only one",
    adds: (it) =>
      one("aws_iam_role_policy_attachments_exclusive", {
        role_name: it.ref(IN.taskRole, "name"),
        policy_arns: [ADMINISTRATOR],
      }),
    expected: "verdict",
    widens: true,
  },
  {
    name: "a host has our role",
    adds: (it) => one("aws_iam_instance_profile", { name: "p", role: it.ref(IN.taskRole, "name") }),
    expected: "verdict",
  },
  {
    name: "a role of somebody else may do everything",
    adds: () =>
      several(
        one("aws_iam_role", {
          name: "admin",
          assume_role_policy: allows({ Principal: STRANGER, Action: "sts:AssumeRole" }),
        }),
        one("aws_iam_role_policy_attachment", {
          role: "${aws_iam_role.added.name}",
          policy_arn: ADMINISTRATOR,
        }),
      ),
    expected: "named",
    widens: true,
  },
  {
    name: "a role of somebody else may read the audit",
    adds: (it) =>
      several(
        one("aws_iam_role", {
          name: "reader",
          assume_role_policy: allows({ Principal: STRANGER, Action: "sts:AssumeRole" }),
        }),
        one("aws_iam_role_policy", {
          role: "${aws_iam_role.added.id}",
          policy: allows({ Action: "logs:DeleteLogGroup", Resource: `${it.ref(IN.audit, "arn")}*` }),
        }),
      ),
    expected: "named",
    widens: true,
  },
  {
    name: "a user may do everything",
    adds: () =>
      several(
        one("aws_iam_user", { name: "root" }),
        one("aws_iam_user_policy", { user: "${aws_iam_user.added.name}", policy: EVERYTHING }),
      ),
    expected: "named",
    widens: true,
  },
  {
    name: "a user is made an administrator",
    adds: () =>
      several(
        one("aws_iam_user", { name: "root" }),
        one("aws_iam_user_policy_attachment", {
          user: "${aws_iam_user.added.name}",
          policy_arn: ADMINISTRATOR,
        }),
        one("aws_iam_access_key", { user: "${aws_iam_user.added.name}" }),
      ),
    expected: "named",
    widens: true,
  },
  {
    name: "a group of users may do everything",
    adds: () =>
      several(
        one("aws_iam_group", { name: "staff" }),
        one("aws_iam_group_policy", { group: "${aws_iam_group.added.name}", policy: EVERYTHING }),
      ),
    expected: "named",
    widens: true,
  },
  {
    name: "a policy of AWS is attached to a group by name",
    adds: () => one("aws_iam_group_policy_attachment", { group: "staff", policy_arn: ADMINISTRATOR }),
    expected: "named",
    widens: true,
  },
  {
    name: "a policy for everything that nobody has yet",
    adds: () => one("aws_iam_policy", { name: "other", policy: EVERYTHING }),
    expected: "verdict",
  },
  {
    name: "pods of a Kubernetes cluster have our role",
    adds: (it) =>
      one("aws_eks_pod_identity_association", {
        ...{ cluster_name: "c", namespace: "n", service_account: "s", role_arn: it.ref(IN.taskRole, "arn") },
      }),
    expected: "verdict",
  },
];

/** Secrets and keys. */
export const SECRETS: readonly Addition[] = [
  {
    name: "a second policy at a key of a client lets another account read it",
    adds: (it) =>
      one("aws_secretsmanager_secret_policy", {
        secret_arn: it.ref(IN.secret, "arn"),
        policy: allows({ Principal: STRANGER, Action: "secretsmanager:GetSecretValue", Resource: "*" }),
      }),
    expected: "verdict",
  },
  {
    name: "a value of a key of a client stands in the file",
    adds: (it) =>
      one("aws_secretsmanager_secret_version", {
        secret_id: it.ref(IN.secret),
        secret_string: "0123456789abcdef",
      }),
    expected: "verdict",
  },
  {
    name: "a key of a client is changed by a function of somebody else",
    adds: (it) =>
      one("aws_secretsmanager_secret_rotation", {
        secret_id: it.ref(IN.secret),
        rotation_lambda_arn: "arn:aws:lambda:eu-west-1:444455556666:function:other",
        rotation_rules: { automatically_after_days: 1000 },
      }),
    expected: "verdict",
  },
  {
    name: "a grant on the key of the secrets",
    adds: (it) =>
      one("aws_kms_grant", {
        ...{ name: "g", key_id: it.ref(IN.secretsKey, "key_id"), operations: ["Decrypt", "CreateGrant"] },
        grantee_principal: "arn:aws:iam::444455556666:role/other",
      }),
    expected: "verdict",
  },
  {
    name: "another policy of the key of the secrets",
    adds: (it) =>
      one("aws_kms_key_policy", {
        key_id: it.ref(IN.secretsKey),
        policy: allows({ Principal: "*", Action: "kms:*", Resource: "*" }),
      }),
    expected: "verdict",
  },
  {
    name: "another policy of the key of the secrets, for another account",
    adds: (it) =>
      one("aws_kms_key_policy", {
        key_id: it.ref(IN.secretsKey),
        policy: allows({ Principal: STRANGER, Action: "kms:*", Resource: "*" }),
      }),
    expected: "verdict",
  },
  {
    name: "the key of the secrets has a copy elsewhere",
    adds: (it) =>
      one("aws_kms_replica_key", {
        primary_key_arn: it.ref(IN.secretsKey, "arn"),
        policy: allows({ Principal: STRANGER, Action: "kms:*", Resource: "*" }),
      }),
    expected: "verdict",
  },
  {
    name: "a secret of somebody else under our key",
    adds: (it) =>
      one("aws_secretsmanager_secret", { name: "other", kms_key_id: it.ref(IN.secretsKey, "arn") }),
    expected: "verdict",
  },
];
