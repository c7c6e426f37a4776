import { blockAt, blocksOf, texts, type Fields } from "../audit/read";
import { fails, HOLDS, unknown, type Control, type Finding } from "../checklist/control";
import { isOurs } from "../checklist/engine";
import { isExpression, opened, type Block, type Plan } from "../terraform/plan";
import { allowing, conditionOf, isForEverybody, sidOf } from "./read-policy";

/** Blocks that hold the policy of a resource, and in which attribute. */
const POLICIES: Readonly<Record<string, string>> = {
  aws_cloudwatch_log_resource_policy: "policy_document",
  aws_kms_key: "policy",
  aws_s3_bucket_policy: "policy",
  aws_secretsmanager_secret_policy: "policy",
  aws_sns_topic_policy: "policy",
  aws_sqs_queue_policy: "policy",
};

/** The same, and policies of roles and endpoints, and who may take a role on: their statements have other parts. */
const ALL: Readonly<Record<string, string>> = {
  ...POLICIES,
  aws_iam_policy: "policy",
  aws_iam_role: "assume_role_policy",
  aws_iam_role_policy: "policy",
  aws_vpc_endpoint: "policy",
};
/** What a role is given names no principal: it is the role. What a role is taken on by names no resource. */
const WITHOUT: Readonly<Record<string, "Principal" | "Resource">> = {
  aws_iam_policy: "Principal",
  aws_iam_role: "Resource",
  aws_iam_role_policy: "Principal",
};

function judgePolicy(
  block: Block,
  judge: (statements: readonly Fields[], whole: Fields) => Finding,
): Finding {
  const text = block.body[ALL[block.type] ?? "policy"];
  if (text === undefined) return fails("it has no policy");
  const document = opened(text);
  if (document === undefined)
    return isExpression(text)
      ? unknown("its policy is known only at deployment")
      : fails("it cannot be read");
  const whole = blockAt(document);
  return judge(blocksOf(whole.Statement), whole);
}

/** What a statement lacks, as the end of a sentence. */
function lacks(statement: Fields, without: "Principal" | "Resource" | undefined): string | undefined {
  const { Sid, Effect, Principal, NotPrincipal, Condition } = statement;
  if (typeof Sid !== "string" || Sid === "") return "a statement has no name";
  if (Effect !== "Allow" && Effect !== "Deny") return `${Sid} neither allows nor denies`;
  const who = Principal ?? NotPrincipal;
  const named = typeof who === "string" ? [who] : Object.values(blockAt(who)).flatMap(texts);
  if (without !== "Principal" && named.length === 0) return `${Sid} is about nobody`;
  for (const part of ["Action", "Resource"].filter((each) => each !== without))
    if ([...texts(statement[part]), ...texts(statement[`Not${part}`])].length === 0)
      return `${Sid} names no ${part.toLowerCase()}`;
  if (Condition === undefined) return undefined;
  const operators = Object.values(blockAt(Condition));
  const whole = operators.length > 0 && operators.every((one) => blocksOf(one).length > 0 && isFilled(one));
  return whole ? undefined : `${Sid} has an empty condition`;
}

function isFilled(operator: unknown): boolean {
  const values = Object.values(blockAt(operator));
  return values.length > 0 && values.every((value) => texts(value).length > 0);
}

const whole: Control = {
  id: "access.policies-whole",
  item: 5,
  says: "Every policy is written in today's language, and each statement says whom, what and where",
  why: "The language of 2008 reads variables as plain text, and a statement that lacks a part is refused by AWS or says something else.",
  on: Object.keys(ALL),
  judge: (block) => {
    // Services of others behind an endpoint take none; whether AWS's own have one is asked of the network.
    if (block.type === "aws_vpc_endpoint" && block.body.policy === undefined) return HOLDS;
    return judgePolicy(block, (statements, { Version }) => {
      if (Version !== "2012-10-17") return fails(`its version is ${String(Version)}`);
      if (statements.length === 0) return fails("it has no statement");
      const missing = statements
        .map((each) => lacks(each, WITHOUT[block.type]))
        .find((one) => one !== undefined);
      return missing === undefined ? HOLDS : fails(missing);
    });
  },
};

/** Conditions that leave the account's own, the organisation's, or one network, of everybody. */
const OURS = [
  "kms:CallerAccount",
  "aws:PrincipalAccount",
  "aws:PrincipalOrgID",
  "aws:SourceVpce",
  "aws:SourceVpc",
  "aws:SourceAccount",
];
const EQUAL = ["StringEquals", "ArnEquals", "ArnLike", "StringLike"];

/** Services that say no account: it stands in the source. */
const NAMED_BY_SOURCE: readonly string[] = ["logdelivery.elasticloadbalancing.amazonaws.com"];

function isBound(statement: Fields, plan: Plan): string | undefined {
  const at = (key: string) => conditionOf(statement, EQUAL, key).filter((value) => value !== "*");
  if (isForEverybody(statement))
    return OURS.some((key) => at(key).length > 0) ? undefined : "everybody without a condition";
  const [service] = texts(blockAt(statement.Principal).Service);
  if (service === undefined) return undefined;
  const source = at("aws:SourceArn");
  // CloudWatch Logs says which group, and no source.
  if (at("kms:EncryptionContext:aws:logs:arn").length > 0) return undefined;
  if (source.length === 0) return `${service} whatever it acts for`;
  const isOfThisFile = source.every((arn) => plan.target(arn) !== undefined);
  return isOfThisFile || NAMED_BY_SOURCE.includes(service) || at("aws:SourceAccount").length > 0
    ? undefined
    : `${service} whoever it acts for`;
}

const bounded: Control = {
  id: "access.policies-bounded",
  item: 5,
  says: "Policies of resources let services in for this account's own things alone, and nobody in general",
  why: "A service acts for every customer: without account and source, somebody else's thing can use ours through it.",
  on: Object.keys(POLICIES),
  judge: (block, plan) =>
    judgePolicy(block, (statements) => {
      for (const statement of allowing(statements)) {
        const open = isBound(statement, plan);
        if (open !== undefined) return fails(`${sidOf(statement)} lets in ${open}`);
      }
      return HOLDS;
    }),
  maps: { owasp: ["MCP02"], checkov: ["CKV_AWS_70"] },
};

const notForAll: Control = {
  id: "access.denials-leave-a-way",
  item: 5,
  says: "No policy denies everything to everybody without a condition",
  why: "Not even an administrator could mend it: only AWS's support can.",
  on: Object.keys(POLICIES),
  judge: (block) =>
    judgePolicy(block, (statements) => {
      const locked = statements.find(
        (each) =>
          each.Effect === "Deny" &&
          isForEverybody(each) &&
          each.Condition === undefined &&
          texts(each.Action).some((action) => action.endsWith("*")),
      );
      return locked ? fails(`${sidOf(locked)} locks everybody out`) : HOLDS;
    }),
};

/** Where clear text is denied: the policy beside the resource, what is denied there, and on which parts. */
const CLEAR_TEXT: Readonly<
  Record<string, { readonly policy: string; readonly by: string; readonly actions: readonly string[] }>
> = {
  aws_s3_bucket: { policy: "aws_s3_bucket_policy", by: "bucket", actions: ["s3:*"] },
  aws_sns_topic: { policy: "aws_sns_topic_policy", by: "arn", actions: ["sns:Publish"] },
  aws_sqs_queue: { policy: "aws_sqs_queue_policy", by: "queue_url", actions: ["sqs:*"] },
};

const tlsOnly: Control = {
  id: "access.stores-tls-only",
  item: 1,
  says: "Buckets, queues and topics refuse everybody without TLS, on all that is in them",
  why: "AWS still answers in clear text: a credential or a message would be read on the way.",
  on: Object.keys(CLEAR_TEXT),
  judge: (block, plan) => {
    const { policy, by, actions } = CLEAR_TEXT[block.type] ?? { policy: "", by: "", actions: [] };
    const beside = plan.referring(block, policy, by);
    if (beside.length === 0) return fails("it has no policy");
    const documents = beside.map(({ body }) => opened(body.policy));
    if (documents.includes(undefined)) return unknown("its policy is known only at deployment");
    const denials = documents
      .flatMap((document) => blocksOf(blockAt(document).Statement))
      .filter(
        (each) =>
          each.Effect === "Deny" &&
          each.Principal === "*" &&
          conditionOf(each, ["Bool"], "aws:SecureTransport").includes("false"),
      );
    const missing = actions.filter(
      (action) => !denials.some(({ Action }) => texts(Action).some((one) => one === action || one === "*")),
    );
    if (missing.length > 0) return fails("requests in clear text are not denied");
    // What is in a bucket has names of its own.
    const parts = block.type === "aws_s3_bucket" ? ["", "/*"] : [""];
    const resources = denials.flatMap(({ Resource }) => texts(Resource));
    const left = parts.filter(
      (part) => !resources.some((one) => one === "*" || isOf(one, part, block, plan)),
    );
    if (left.length > 0) return fails("only a part of it is closed to clear text");
    return isOurBucket(block, plan) && !documents.some(deniesOldTls)
      ? fails("TLS below 1.2 is not denied")
      : HOLDS;
  },
  maps: { fsbp: ["S3.5"], owasp: ["MCP01"] },
};

/** A bucket of ours, but for that of a load balancer's logs: AWS itself writes and reads those. */
function isOurBucket(block: Block, plan: Plan): boolean {
  if (block.type !== "aws_s3_bucket" || !isOurs(block, plan)) return false;
  return !plan
    .blocks("aws_lb")
    .some(({ body }) => plan.target(blockAt(body, "access_logs").bucket)?.address === block.address);
}

function deniesOldTls(document: unknown): boolean {
  return blocksOf(blockAt(document).Statement).some(
    (each) =>
      each.Effect === "Deny" &&
      each.Principal === "*" &&
      texts(each.Action).includes("s3:*") &&
      // The bucket itself, and what is in it.
      [true, false].every((inside) => texts(each.Resource).some((one) => one.endsWith("/*") === inside)) &&
      conditionOf(each, ["NumericLessThan"], "s3:TlsVersion").includes("1.2"),
  );
}

function isOf(resource: string, part: string, block: Block, plan: Plan): boolean {
  if (!resource.endsWith(part)) return false;
  const whole = resource.slice(0, resource.length - part.length);
  return plan.target(whole)?.address === block.address;
}

/** What a service must be able to do with a key to write what it is asked to write. */
const KEY_USES: Readonly<Record<string, readonly string[]>> = {
  logs: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt", "kms:GenerateDataKey", "kms:DescribeKey"],
  cloudwatch: ["kms:Decrypt", "kms:GenerateDataKey"],
  events: ["kms:Decrypt", "kms:GenerateDataKey"],
};

/** Who uses a key by itself, because something of the file lies under it. */
const KEY_USERS: Readonly<Record<string, { readonly field: string; readonly service: string }>> = {
  aws_cloudwatch_log_group: { field: "kms_key_id", service: "logs" },
  aws_sns_topic: { field: "kms_master_key_id", service: "cloudwatch" },
};

const keysUsable: Control = {
  id: "access.keys-usable",
  item: 10,
  says: "A key that a service may use lets it do all that it needs to write with it",
  why: "Alarms would be raised and never arrive, and lines be refused, without an error that anybody sees.",
  on: ["aws_kms_key"],
  judge: (block, plan) =>
    judgePolicy(block, (statements) => {
      const letIn = allowing(statements).flatMap(({ Principal }) => texts(blockAt(Principal).Service));
      const outside = Object.entries(KEY_USERS).find(
        ([type, { field, service }]) =>
          plan.referring(block, type, field).length > 0 &&
          !letIn.some((one) => one.startsWith(`${service}.`)),
      );
      if (outside !== undefined)
        return fails(`${outside[1].service} may not use it, and ${outside[0]} needs it`);
      for (const statement of allowing(statements)) {
        for (const service of texts(blockAt(statement.Principal).Service)) {
          const needed = KEY_USES[service.split(".")[0] ?? ""] ?? [];
          const given = texts(statement.Action).map((action) => action.replace(/\*$/, ""));
          const missing = needed.filter((action) => !given.some((one) => isUse(one, action)));
          if (missing.length > 0) return fails(`${service} may not ${missing.join(", ")}`);
        }
      }
      const owned = statements.some(
        (each) =>
          each.Effect === "Allow" &&
          texts(each.Action).includes("kms:*") &&
          texts(blockAt(each.Principal).AWS).some((arn) => arn.endsWith(":root")),
      );
      return owned ? HOLDS : fails("its account cannot govern it: only AWS's support could mend that");
    }),
};

/** `kms:ReEncrypt` stands for both of its halves, `kms:GenerateDataKey` for its form without plain text, too. */
function isUse(given: string, needed: string): boolean {
  return given === "kms:" || given === needed || (needed === "kms:ReEncrypt" && given.startsWith(needed));
}

/** Controls of the policies that stand at resources: keys, buckets, queues, topics, secrets, log groups. */
export const resourcePolicyControls: readonly Control[] = [whole, bounded, notForAll, tlsOnly, keysUsable];
