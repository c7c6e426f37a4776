import { blocksOf, blockAt, texts, type Fields } from "../audit/read";
import { fails, HOLDS, unknown, type Control, type Finding } from "../checklist/control";
import { isExpression, type Block, type Plan } from "../terraform/plan";
import { boundaryControls } from "./boundary-controls";
import { keyControls } from "./key-controls";
import { narrowControls } from "./narrow-controls";
import { orderControls } from "./order-controls";
import { allowing, conditionOf, isForEverybody, judgeStatements, sidOf } from "./read-policy";
import { conditionControls } from "./condition-controls";
import { personControls } from "./person-controls";
import { providerControl } from "./provider-controls";
import { roleRightsControls } from "./role-rights-controls";
import { resourcePolicyControls } from "./resource-policy-controls";
import { taskRightsControls } from "./task-rights-controls";
import { matchesAction, UNSCOPED_ACTIONS } from "./unscoped-actions";
import { windowControls } from "./window-controls";

const ROLE = "aws_iam_role";
const POLICIES = ["aws_iam_role_policy", "aws_iam_policy"];

const boundary: Control = {
  id: "access.boundary",
  item: 5,
  says: "Every role stands inside a permission boundary",
  why: "Without one a single policy, added later by anybody, can give a role everything.",
  on: [ROLE],
  needed: true,
  judge: ({ body }) =>
    texts(body.permissions_boundary).some((arn) => arn !== "") ? HOLDS : fails("it has no boundary"),
};

/** A policy that roles have as their boundary and that nothing attaches is an upper limit: it gives nothing. */
function isLimitOnly(policy: Block, plan: Plan): boolean {
  return (
    policy.type === "aws_iam_policy" &&
    plan.referring(policy, ROLE, "permissions_boundary").length > 0 &&
    plan.referring(policy, "aws_iam_role_policy_attachment", "policy_arn").length === 0
  );
}

function judgeRights(block: Block, plan: Plan, judge: (right: Fields) => Finding): Finding {
  if (isLimitOnly(block, plan)) return HOLDS;
  return judgeStatements(
    block.body.policy,
    (statements) =>
      allowing(statements)
        .map(judge)
        .find((finding) => finding.holds !== true) ?? HOLDS,
  );
}

const actionsNamed: Control = {
  id: "access.actions-named",
  item: 5,
  says: "Every right names its actions",
  why: "A wildcard gives what AWS will invent next year.",
  on: POLICIES,
  needed: true,
  judge: (block, plan) =>
    judgeRights(block, plan, (right) => {
      if (right.NotAction !== undefined) return fails(`${sidOf(right)} allows everything but some actions`);
      const wild = texts(right.Action).filter((action) => /[*?]/.test(action));
      return wild.length === 0 ? HOLDS : fails(`${sidOf(right)} allows ${wild.join(", ")}`);
    }),
  maps: { fsbp: ["IAM.1", "IAM.21"], checkov: ["CKV_AWS_62", "CKV_AWS_63"], owasp: ["MCP02"] },
};

const resourcesNamed: Control = {
  id: "access.resources-named",
  item: 5,
  says: "Every right names its resources, but for actions that AWS cannot limit to one",
  why: "A right on everything reaches the neighbours' data, and what is made tomorrow.",
  on: POLICIES,
  needed: true,
  judge: (block, plan) =>
    judgeRights(block, plan, (right) => {
      if (right.NotResource !== undefined)
        return fails(`${sidOf(right)} allows everything but some resources`);
      if (!texts(right.Resource).some(isEverything)) return HOLDS;
      const scoped = texts(right.Action).filter((action) => !matchesAction(UNSCOPED_ACTIONS, action));
      return scoped.length === 0
        ? HOLDS
        : fails(`${sidOf(right)} allows ${scoped.join(", ")} on every resource`);
    }),
  maps: { checkov: ["CKV_AWS_355", "CKV_AWS_290"], owasp: ["MCP02"] },
};

/** `*`, or all of a service, however its ARN is cut short: `arn:*`, `arn:aws:s3:::*`, `arn:aws:s3:::?*`. */
function isEverything(resource: string): boolean {
  if (!resource.startsWith("arn:")) return /^[*?]/.test(resource);
  const parts = resource.replace(/\$?\$\{[^}]*\}/g, "x").split(":");
  return parts.length < 6 ? /[*?]/.test(resource) : /^[*?]/.test(parts[5] ?? "");
}

const rightsInSight: Control = {
  id: "access.rights-in-sight",
  item: 5,
  says: "A role's rights stand in this file",
  why: "A policy from elsewhere grows without anybody's review.",
  on: [ROLE, "aws_iam_role_policy_attachment"],
  judge: ({ type, body }, plan) => {
    if (type === ROLE) {
      return blocksOf(body.inline_policy).length === 0 && body.managed_policy_arns === undefined
        ? HOLDS
        : fails("it brings rights of its own: write them as aws_iam_role_policy");
    }
    const policy = plan.target(body.policy_arn);
    if (policy?.mode === "resource" && policy.type === "aws_iam_policy") return HOLDS;
    return isExpression(body.policy_arn)
      ? unknown("the attached policy is known only at deployment")
      : fails(`the attached policy ${String(body.policy_arn)} is written elsewhere`);
  },
  maps: { checkov: ["CKV_AWS_274"] },
};

/** Services that do not say on whose behalf they assume a role, and what bounds them instead. */
const SILENT_SERVICES: Readonly<Record<string, string>> = {
  "ec2.amazonaws.com": "an instance takes only a profile of its own account, by who may pass it",
};

const trustBounded: Control = {
  id: "access.trust-bounded",
  item: 5,
  says: "Roles trust services on behalf of this account's own resources, and nobody in general",
  why: "A service acts for every customer: without the source, somebody else's resource can use the role.",
  on: [ROLE],
  needed: true,
  judge: ({ body }) =>
    judgeStatements(body.assume_role_policy, (statements) => {
      const trusts = allowing(statements);
      if (trusts.length === 0) return fails("it trusts nobody");
      if (trusts.some(isForEverybody)) return fails("it trusts everybody");
      const account = trusts
        .flatMap((trust) => texts(blockAt(trust.Principal).AWS))
        .find((arn) => /:root$|^\d{12}$/.test(arn));
      if (account !== undefined) return fails(`it trusts the whole account ${account}`);
      const unbound = trusts
        .filter((trust) => !hasSource(trust))
        .flatMap((trust) => texts(blockAt(trust.Principal).Service))
        .find((service) => !(service in SILENT_SERVICES));
      return unbound === undefined ? HOLDS : fails(`it trusts ${unbound} whoever asks it to act`);
    }),
  maps: { owasp: ["MCP02"] },
};

function hasSource(trust: Fields): boolean {
  const accounts = conditionOf(trust, ["StringEquals"], "aws:SourceAccount");
  const sources = conditionOf(trust, ["ArnLike", "ArnEquals", "StringLike", "StringEquals"], "aws:SourceArn");
  return [accounts, sources].every((values) => values.length > 0 && !values.includes("*"));
}

const keysRotate: Control = {
  id: "access.keys-rotate",
  item: 14,
  says: "Customer keys change their material every year",
  why: "What one leaked key can open should end.",
  on: ["aws_kms_key"],
  judge: ({ body }) => {
    const spec = body.customer_master_key_spec;
    // KMS rotates symmetric keys only.
    if (typeof spec === "string" && spec !== "SYMMETRIC_DEFAULT") return HOLDS;
    if (isExpression(body.enable_key_rotation)) return unknown("its rotation is known only at deployment");
    return body.enable_key_rotation === true ? HOLDS : fails("it does not rotate");
  },
  maps: { fsbp: ["KMS.4"], checkov: ["CKV_AWS_7"] },
};

/** Conditions that leave only callers of one account or organisation, or named ones. */
const CALLERS = [
  "kms:CallerAccount",
  "aws:PrincipalAccount",
  "aws:PrincipalArn",
  "aws:PrincipalOrgID",
  "aws:SourceAccount",
  "aws:SourceArn",
];

const keysClosed: Control = {
  id: "access.keys-closed",
  item: 6,
  says: "A key is open to callers who are named, or of a named account",
  why: "A key policy for everybody lets any account in AWS decrypt.",
  on: ["aws_kms_key", "aws_kms_key_policy"],
  judge: ({ body }) => {
    // AWS's own default policy lets the account decide.
    if (body.policy === undefined) return HOLDS;
    return judgeStatements(body.policy, (statements) => {
      const open = allowing(statements).find((each) => isForEverybody(each) && !namesCallers(each));
      return open ? fails(`${sidOf(open)} is for everybody`) : HOLDS;
    });
  },
  maps: { checkov: ["CKV_AWS_33"], fsbp: ["KMS.5"] },
};

function namesCallers(statement: Fields): boolean {
  return CALLERS.some((key) => {
    const values = conditionOf(statement, ["StringEquals", "StringLike", "ArnEquals", "ArnLike"], key);
    return values.length > 0 && !values.includes("*");
  });
}

/** Controls of roles and keys. */
export const accessControls: readonly Control[] = [
  boundary,
  actionsNamed,
  resourcesNamed,
  rightsInSight,
  trustBounded,
  keysRotate,
  keysClosed,
  ...resourcePolicyControls,
  ...personControls,
  ...conditionControls,
  ...windowControls,
  ...boundaryControls,
  ...keyControls,
  ...narrowControls,
  providerControl,
  ...orderControls,
  ...roleRightsControls,
  ...taskRightsControls,
];
