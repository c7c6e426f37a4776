import { blockAt, texts } from "../../audit/read";
import type { Block, Plan } from "../plan";
import { isLike, meets } from "./conditions";
import { concerns, couldDo, isAbout, isNamed, policyOf } from "./could";
import { arnOf, HERE, principalOf, type PolicyStatement, type Principal } from "./policies";

/** Something that a role may do. */
export interface Right {
  /** The role that has it, and those it was reached by. */
  readonly by: readonly string[];
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Actions among these that a denial takes out again. */
  readonly except: readonly string[];
  /** Conditions in words. */
  readonly when: readonly string[];
}

/**
 * What a role may do, with everything that bounds it, and all that it may do by taking on other roles. Actions that
 * the boundary leaves out or a denial takes back are left out.
 */
export function rightsOf(role: Block, plan: Plan): Right[] {
  return chainsFrom(role, plan).flatMap(({ last, by }) => {
    const who = principalOf(last, plan);
    const own = who.rights.flatMap((statement) => right(statement, who, by));
    return [...own, ...resourceRights(who, by, plan), ...unread(who, by)];
  });
}

/** The same of somebody who is no role of the plan: what its own policies say. */
export function rightsOfPerson(who: Principal): Right[] {
  const by = [who.id];
  return [...who.rights.flatMap((statement) => right(statement, who, by)), ...unread(who, by)];
}

/** Every role that somebody can come to be, by the shortest chain: a longer one to the same role gives nothing more. */
function chainsFrom(role: Block, plan: Plan): { readonly last: Block; readonly by: readonly string[] }[] {
  const chains = [{ last: role, by: [role.address] as readonly string[] }];
  const seen = new Set([role.address]);
  // The list grows while it is gone through.
  for (const { last, by } of chains) {
    for (const next of assumable(last, plan)) {
      if (seen.has(next.address)) continue;
      seen.add(next.address);
      chains.push({ last: next, by: [...by, next.address] });
    }
  }
  return chains;
}

function right(statement: PolicyStatement, who: Principal, by: readonly string[]): Right[] {
  if (statement.Effect === "Deny") return [];
  const wanted = statement.NotAction === undefined ? texts(statement.Action) : ["*"];
  const denials = [...who.rights, ...(Array.isArray(who.boundary) ? who.boundary : [])].filter(isFlatDenial);
  const denied = [...denials.flatMap(({ Action }) => texts(Action)), ...texts(statement.NotAction)];
  // A denial of everything but some actions leaves those, and of wildcards what they have in common.
  const spared = denials.flatMap(({ NotAction }) => (NotAction === undefined ? [] : [texts(NotAction)]));
  const actions = spared
    .reduce((left, only) => left.flatMap((action) => narrowed(action, only)), [...wanted])
    .filter((action) => !denied.some((pattern) => isLike(pattern, action, true)))
    .flatMap((action) => within(action, who.boundary));
  if (actions.length === 0) return [];
  return [
    {
      by,
      sid: statement.Sid ?? "",
      actions,
      resources: statement.NotResource === undefined ? texts(statement.Resource) : ["*"],
      except: denied.filter((pattern) => actions.some((action) => isLike(action, pattern, true))),
      when: conditionsOf(statement),
    },
  ];
}

/** Denied whatever the resource and the circumstances. */
function isFlatDenial(statement: PolicyStatement): boolean {
  return (
    statement.Effect === "Deny" &&
    texts(statement.Resource).includes("*") &&
    Object.keys(blockAt(statement, "Condition")).length === 0
  );
}

/** An action inside a boundary; of a wildcard, the part of it that the boundary has. */
function within(action: string, boundary: Principal["boundary"]): string[] {
  if (boundary === undefined || boundary === "unknown") return [action];
  const limits = boundary
    .filter(({ Effect }) => Effect !== "Deny")
    .flatMap(({ Action, NotAction }) => (NotAction === undefined ? texts(Action) : ["*"]));
  return narrowed(action, limits);
}

/** Of an action, or of a wildcard, what is left where only some actions are allowed. */
function narrowed(action: string, only: readonly string[]): string[] {
  if (only.some((pattern) => isLike(pattern, action, true))) return [action];
  return action.includes("*") ? only.filter((pattern) => isLike(action, pattern, true)) : [];
}

function conditionsOf(statement: PolicyStatement): string[] {
  return Object.keys(blockAt(statement, "Condition")).flatMap((operator) =>
    Object.entries(blockAt(statement, "Condition", operator)).map(
      ([key, values]) => `${key} ${operator} ${texts(values).join(" or ")}`,
    ),
  );
}

const PROTECTED = [
  "aws_s3_bucket",
  "aws_secretsmanager_secret",
  "aws_sqs_queue",
  "aws_sns_topic",
  "aws_kms_key",
];

/** Leave for a service to use a key on somebody's behalf: it goes with the right to call that service. */
function isByService(statement: PolicyStatement): boolean {
  return Object.keys(blockAt(statement, "Condition", "StringEquals")).includes("kms:ViaService");
}

/** What policies on resources give to the role itself, or to everybody: no policy of the role's own is needed for it. */
function resourceRights(who: Principal, by: readonly string[], plan: Plan): Right[] {
  return plan.blocks(...PROTECTED).flatMap((on) =>
    (policyOf(on, plan) ?? [])
      .filter((each) => each.Effect !== "Deny" && isAbout(each, who) && isNamed(each, who))
      .filter((each) => !isByService(each))
      .flatMap((each) => {
        const part = on.type === "aws_s3_bucket" ? "/*" : "";
        const written = each.NotAction === undefined ? texts(each.Action) : ["*"];
        const actions = written.filter(
          (action) =>
            couldDo(who, action, on, plan).could !== "no" ||
            couldDo(who, action, on, plan, part).could !== "no",
        );
        return actions.length === 0
          ? []
          : [
              {
                by,
                sid: each.Sid ?? "",
                actions,
                resources: [arnOf(on)],
                except: texts(each.NotAction),
                when: conditionsOf(each),
              },
            ];
      }),
  );
}

/** A policy that the file only names may give anything inside the boundary. */
function unread({ unread: policies }: Principal, by: readonly string[]): Right[] {
  return policies.map((policy) => ({
    by,
    sid: "",
    actions: [`whatever ${policy} says`],
    resources: ["*"],
    except: [],
    when: [],
  }));
}

const ASSUME: PolicyStatement = { Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" };

const taken = new WeakMap<Block, readonly Block[]>();

/** Roles that this one may take on: both sides have to agree. Read once: chains come by again and again. */
function assumable(role: Block, plan: Plan): readonly Block[] {
  const known = taken.get(role) ?? readAssumable(principalOf(role, plan), plan);
  taken.set(role, known);
  return known;
}

function readAssumable(who: Principal, plan: Plan): Block[] {
  return plan.blocks("aws_iam_role").filter((role) => {
    if (role.address === who.id) return false;
    const about = principalOf(role, plan).trust.filter(
      (each) => isAbout(each, who) && concerns(each, "sts:AssumeRole", arnOf(role)),
    );
    const context = { "aws:PrincipalArn": [who.arn], "aws:PrincipalAccount": [HERE.account] };
    if (about.some((each) => each.Effect === "Deny" && meets(each, context) === "yes")) return false;
    const trusting = about.filter((each) => each.Effect !== "Deny" && meets(each, context) !== "no");
    if (trusting.length === 0) return false;
    // A trust that names the role itself needs no right on the other side; the boundary still counts.
    const granted = trusting.some((each) => isNamed(each, who)) ? [ASSUME] : [];
    const taker = granted.length === 0 ? who : { ...who, rights: [...who.rights, ...granted] };
    return couldDo(taker, "sts:AssumeRole", role, plan).could !== "no";
  });
}
