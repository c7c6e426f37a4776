import { blockAt, texts, type Fields } from "../../audit/read";
import type { Block, Plan } from "../plan";
import { isLike, meets, type Context, type Truth } from "./conditions";
import { arnOf, HERE, statementsIn, type PolicyStatement, type Principal } from "./policies";

/** Whether an action could be carried out; `maybe`: under conditions that somebody may arrange, or as far as is known. */
export interface Answer {
  readonly could: Truth;
  /** What stops it, where something does. */
  readonly because: string;
}

/** Resource policies by the type of what they protect: where they stand, and how they point to it. */
const RESOURCE_POLICIES: Readonly<Record<string, readonly [type: string, attribute: string]>> = {
  aws_s3_bucket: ["aws_s3_bucket_policy", "bucket"],
  aws_secretsmanager_secret: ["aws_secretsmanager_secret_policy", "secret_arn"],
  aws_sqs_queue: ["aws_sqs_queue_policy", "queue_url"],
  aws_sns_topic: ["aws_sns_topic_policy", "arn"],
  aws_kms_key: ["aws_kms_key_policy", "key_id"],
};

/** Everything that is allowed to somebody without a boundary. */
export const ADMINISTRATOR: Principal = {
  id: "an administrator of the account",
  arn: `arn:aws:iam::${HERE.account}:role/administrator`,
  rights: [{ Effect: "Allow", Action: "*", Resource: "*" }],
  trust: [],
  unread: [],
};

/**
 * Whether a principal's own policies give it an action on anything at all, or may. Asked before every block of a type is
 * looked at: most roles have nothing to do with most services.
 */
export function isGrantedSomewhere({ rights, unread }: Principal, action: string): boolean {
  return (
    unread.length > 0 ||
    rights.some(
      ({ Effect, Action, NotAction }) =>
        Effect !== "Deny" && covers(Action, NotAction, (pattern) => isLike(pattern, action, true)),
    )
  );
}

/** Whether a statement is about an action on a resource. */
export function concerns(statement: Fields, action: string, resource: string): boolean {
  return (
    covers(statement.Action, statement.NotAction, (pattern) => isLike(pattern, action, true)) &&
    covers(statement.Resource, statement.NotResource, (pattern) => isLike(pattern, resource))
  );
}

function covers(yes: unknown, no: unknown, test: (pattern: string) => boolean): boolean {
  if (yes !== undefined) return texts(yes).some(test);
  return no === undefined || !texts(no).some(test);
}

/**
 * Whether a principal could do something to a block of the plan (or to `part` of it, as `/*` for a bucket's objects), by
 * its own policies, its boundary and the block's own policy. Doubt is resolved against us: a refusal under a condition
 * that somebody can avoid is none.
 */
export function couldDo(who: Principal, action: string, on: Block, plan: Plan, part = ""): Answer {
  const resource = arnOf(on) + part;
  const context = contextOf(who);
  const own = (policyOf(on, plan) ?? []).filter((statement) => isAbout(statement, who));
  const { rights, limit } = aboutAction(who, action);
  // Of hundreds of roles and things most are nothing to each other.
  if (who.unread.length === 0 && ![...rights, ...own].some(({ Effect }) => Effect !== "Deny"))
    return { could: "no", because: "not allowed" };
  // In a policy on the resource itself, `*` is that resource.
  const denial = [...rights, ...(limit ?? []), ...own].find(
    (each) => each.Effect === "Deny" && concerns(each, action, resource) && meets(each, context) === "yes",
  );
  if (denial) return { could: "no", because: `denied by ${denial.Sid ?? "a statement"}` };
  const identity = best(rights, action, resource, context);
  const byResource = best(
    own.filter((each) => isNamed(each, who)),
    action,
    resource,
    context,
  );
  const delegated = on.type === "aws_kms_key" ? best(own, action, resource, context) : "yes";
  const granted = surest(weakest(identity, delegated), byResource);
  const bounded = limit === undefined ? "yes" : best(limit, action, resource, context);
  const could = weakest(granted, bounded);
  const doubt = who.boundary === "unknown" || who.unread.length > 0;
  if (could === "no") {
    if (granted === "no") return { could: who.unread.length > 0 ? "maybe" : "no", because: "not allowed" };
    return { could: "no", because: "outside the boundary" };
  }
  return { could: doubt ? "maybe" : could, because: "" };
}

interface About {
  readonly rights: readonly PolicyStatement[];
  /** Nothing: there is no boundary, or nobody knows it. */
  readonly limit: readonly PolicyStatement[] | undefined;
}

const about = new WeakMap<Principal, Map<string, About>>();

/** Of a principal's statements those on an action. The same action is asked of hundreds of blocks. */
function aboutAction(who: Principal, action: string): About {
  const all = about.get(who) ?? new Map<string, About>();
  about.set(who, all);
  const isOn = ({ Action, NotAction }: PolicyStatement) =>
    covers(Action, NotAction, (pattern) => isLike(pattern, action, true));
  const known = all.get(action) ?? {
    rights: who.rights.filter(isOn),
    limit: who.boundary === "unknown" ? undefined : who.boundary?.filter(isOn),
  };
  all.set(action, known);
  return known;
}

function contextOf({ arn }: Principal): Context {
  return {
    "aws:PrincipalArn": [arn],
    "aws:PrincipalAccount": [HERE.account],
    "aws:ResourceAccount": [HERE.account],
    "kms:CallerAccount": [HERE.account],
    "aws:PrincipalIsAWSService": ["false"],
    "aws:SecureTransport": ["true"],
  };
}

function best(
  statements: readonly PolicyStatement[],
  action: string,
  resource: string,
  context: Context,
): Truth {
  return statements
    .filter((each) => each.Effect !== "Deny" && concerns(each, action, resource))
    .map((each) => meets(each, context))
    .reduce(surest, "no");
}

const ORDER: readonly Truth[] = ["no", "maybe", "yes"];

function surest(a: Truth, b: Truth): Truth {
  return ORDER.indexOf(a) > ORDER.indexOf(b) ? a : b;
}

function weakest(a: Truth, b: Truth): Truth {
  return ORDER.indexOf(a) < ORDER.indexOf(b) ? a : b;
}

const policies = new WeakMap<Block, { readonly statements: readonly PolicyStatement[] | undefined }>();

/** The policy of a resource: its own attribute, or a block beside it. Read once: every principal is held against it. */
export function policyOf(on: Block, plan: Plan): readonly PolicyStatement[] | undefined {
  const known = policies.get(on) ?? { statements: readPolicy(on, plan) };
  policies.set(on, known);
  return known.statements;
}

function readPolicy(on: Block, plan: Plan): readonly PolicyStatement[] | undefined {
  const inline = statementsIn(on.body.policy, plan);
  const [type = "", attribute = ""] = RESOURCE_POLICIES[on.type] ?? [];
  const beside = plan
    .referring(on, type, attribute)
    .flatMap(({ body }) => statementsIn(body.policy, plan) ?? []);
  return inline === undefined && beside.length === 0 ? undefined : [...(inline ?? []), ...beside];
}

/** Whether a statement of a resource's policy is about a principal: everybody, its account, or itself. */
export function isAbout(statement: PolicyStatement, who: Principal): boolean {
  if (statement.NotPrincipal !== undefined) return !names(statement.NotPrincipal, who);
  if (statement.Principal === undefined || statement.Principal === "*") return true;
  return names(statement.Principal, who);
}

function names(principal: unknown, { arn }: Principal): boolean {
  const account = [HERE.account, `arn:aws:iam::${HERE.account}:root`];
  return texts(blockAt(principal).AWS).some(
    (one) => one === "*" || account.includes(one) || isLike(one, arn),
  );
}

/** Whether a resource's policy gives something to a principal by itself: naming the account only leaves it to the account. */
export function isNamed(statement: PolicyStatement, who: Principal): boolean {
  // Whoever is not left out is meant.
  if (statement.NotPrincipal !== undefined) return isAbout(statement, who);
  if (statement.Principal === "*") return true;
  const account = [HERE.account, `arn:aws:iam::${HERE.account}:root`];
  return texts(blockAt(statement.Principal).AWS).some(
    (one) => !account.includes(one) && (one === "*" || isLike(one, who.arn)),
  );
}
