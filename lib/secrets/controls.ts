import { isDisposable } from "../audit/controls";
import { blockAt, blocksOf, texts, type Fields } from "../audit/read";
import { fails, HOLDS, unknown, type Control, type Finding } from "../checklist/control";
import { isPolicyStore } from "../policy-store/read";
import { opened, isExpression } from "../terraform/plan";
import { secretAccessControls } from "./access-controls";
import { deliveryControls } from "./delivery/controls";
import { daysOf } from "./delivery/schedule";
import { readerControls } from "./reader-controls";
import { rotationControls } from "./rotation-controls";

const SECRET = "aws_secretsmanager_secret";

/** Resources whose values Terraform makes or takes, and writes into its state. */
const VALUES = ["aws_secretsmanager_secret_version", "random_password", "tls_private_key"];

const noValues: Control = {
  id: "secrets.no-values",
  item: 6,
  says: "Terraform never holds a secret's value",
  why: "What Terraform holds stands in plan and state for everybody who may deploy.",
  on: [SECRET, ...VALUES],
  needed: true,
  judge: ({ type, body }) => {
    if (type !== SECRET) return fails(`a ${type} writes its value into the state`);
    const value = Object.keys(body).find((field) => /^secret_(string|binary)/.test(field));
    return value === undefined ? HOLDS : fails(`it has a ${value}`);
  },
  maps: { owasp: ["MCP01"] },
};

const customerKey: Control = {
  id: "secrets.customer-key",
  item: 6,
  says: "Every secret is encrypted with a customer's key",
  why: "AWS's own key has no policy that could say who reads, and none that could be taken away.",
  on: [SECRET],
  needed: true,
  judge: ({ body }) =>
    texts(body.kms_key_id).some((key) => key !== "" && !key.includes("alias/aws/"))
      ? HOLDS
      : fails("it has no key of the customer's"),
  maps: { checkov: ["CKV_AWS_149"] },
};

const readersNamed: Control = {
  id: "secrets.readers-named",
  item: 6,
  says: "A secret's own policy denies its value to everybody but named readers, and can never be public",
  why: "Otherwise every administrator's tool, and every role with a broad policy, reads every key.",
  on: [SECRET],
  needed: true,
  judge: (secret, plan) => {
    const [policy] = plan.referring(secret, "aws_secretsmanager_secret_policy", "secret_arn");
    if (!policy) return fails("it has no policy of its own");
    if (policy.body.block_public_policy !== true) return fails("its policy may become public");
    const document = opened(policy.body.policy);
    if (document === undefined) return unknown("its policy cannot be read before deployment");
    return blocksOf(blockAt(document).Statement).some(deniesOthers)
      ? HOLDS
      : fails("its policy does not deny the value to others");
  },
};

/** A denial of the value to everybody whose ARN is not in a list, and nothing else that would narrow it. */
function deniesOthers(statement: Fields): boolean {
  const { Effect, Principal, Action, Condition } = statement;
  const conditions = blockAt(Condition);
  const readers = texts(blockAt(conditions, "ArnNotLike")["aws:PrincipalArn"]);
  return (
    Effect === "Deny" &&
    (Principal === "*" || blockAt(Principal).AWS === "*") &&
    texts(Action).some((action) => ["secretsmanager:GetSecretValue", "secretsmanager:*"].includes(action)) &&
    Object.keys(conditions).length === 1 &&
    Object.keys(blockAt(conditions, "ArnNotLike")).length === 1 &&
    readers.length > 0 &&
    !readers.some((reader) => /^\*|:role\/\*$|:\*$/.test(reader))
  );
}

/** The longest that Secrets Manager knows. */
const RECOVERY_DAYS = 30;

const recoverable: Control = {
  id: "secrets.recoverable",
  item: 6,
  says: "A deleted secret can be brought back for 30 days, unless the deployment is declared disposable",
  why: "Deleting a key is the quickest way to stop every client.",
  on: [SECRET],
  needed: true,
  judge: (secret, plan) => {
    // Secrets Manager's own default is 30 days.
    const { recovery_window_in_days: days = RECOVERY_DAYS } = secret.body;
    if (Number(days) === RECOVERY_DAYS || isDisposable(secret, plan)) return HOLDS;
    return isExpression(days)
      ? unknown("its recovery window is known only at deployment")
      : fails(`it can be brought back for ${String(days)} days only`);
  },
};

/** A secret that lives longer has been seen by too many. */
const LONGEST_DAYS = 90;

const rotated: Control = {
  id: "secrets.rotated",
  item: 14,
  says: "Every secret changes by itself, every 90 days at the latest",
  why: "A leaked value that never changes works for ever.",
  on: [SECRET],
  needed: true,
  judge: (secret, plan) => {
    const rotations = plan.referring(secret, "aws_secretsmanager_secret_rotation", "secret_id");
    const [rotation] = rotations;
    if (!rotation) return fails("nothing rotates it");
    return judgeSchedule(blockAt(rotation.body, "rotation_rules"));
  },
  maps: { fsbp: ["SecretsManager.1", "SecretsManager.4"], checkov: ["CKV2_AWS_57", "CKV_AWS_304"] },
};

function judgeSchedule({ automatically_after_days: after, schedule_expression: schedule }: Fields): Finding {
  if (isExpression(after) || isExpression(schedule))
    return unknown("its schedule is known only at deployment");
  const days = after === undefined ? daysOf(schedule)?.longest : Number(after);
  if (days === undefined) return unknown(`how often ${String(schedule)} comes is not judged`);
  return days > 0 && days <= LONGEST_DAYS ? HOLDS : fails(`it lives ${days} days`);
}

/** A control of secrets that are secret: what a policy store holds is none, and has controls of its own. */
function ofSecrets(control: Control): Control {
  if (!control.on.includes(SECRET)) return control;
  return {
    ...control,
    judge: (block, plan) => (isPolicyStore(block, plan) ? HOLDS : control.judge(block, plan)),
  };
}

/** Controls of secrets. */
export const secretsControls: readonly Control[] = [
  ...[noValues, readersNamed, recoverable, rotated, ...secretAccessControls].map(ofSecrets),
  customerKey,
  ...readerControls,
  ...rotationControls,
  ...deliveryControls,
];
