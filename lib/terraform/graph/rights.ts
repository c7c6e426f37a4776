import { blockAt, texts } from "../../audit/read";
import type { Block, Plan } from "../plan";
import { isLike, meets } from "./conditions";
import { couldDo, isAbout, policyOf } from "./could";
import { arnOf, principalOf, type PolicyStatement, type Principal } from "./policies";

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
export function rightsOf(role: Block, plan: Plan, by: readonly string[] = []): Right[] {
  const who = principalOf(role, plan);
  const chain = [...by, role.address];
  const own = who.rights.flatMap((statement) => right(statement, who, chain));
  return [...own, ...resourceRights(who, chain, plan), ...unread(who, chain), ...assumed(who, chain, plan)];
}

function right(statement: PolicyStatement, who: Principal, by: readonly string[]): Right[] {
  if (statement.Effect === "Deny") return [];
  const wanted = statement.NotAction === undefined ? texts(statement.Action) : ["*"];
  const denials = [...who.rights, ...(Array.isArray(who.boundary) ? who.boundary : [])].filter(isFlatDenial);
  const denied = [...denials.flatMap(({ Action }) => texts(Action)), ...texts(statement.NotAction)];
  const actions = wanted
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
  if (limits.some((limit) => isLike(limit, action, true))) return [action];
  return action.includes("*") ? limits.filter((limit) => isLike(action, limit, true)) : [];
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

/** What policies on resources give by naming the role itself: no policy of the role's own is needed for it. */
function resourceRights(who: Principal, by: readonly string[], plan: Plan): Right[] {
  return plan.blocks(...PROTECTED).flatMap((on) =>
    (policyOf(on, plan) ?? [])
      .filter((each) => each.Effect !== "Deny" && isAbout(each, who) && isForItself(each, who))
      .flatMap((each) => {
        const part = on.type === "aws_s3_bucket" ? "/*" : "";
        const actions = texts(each.Action).filter(
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
                except: [],
                when: conditionsOf(each),
              },
            ];
      }),
  );
}

function isForItself(statement: PolicyStatement, { arn }: Principal): boolean {
  return texts(blockAt(statement.Principal).AWS).some(
    (one) => one !== "*" && !one.endsWith(":root") && isLike(one, arn),
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

/** Rights of the roles that this one may take on: both sides have to agree, and the boundary of the other one counts then. */
function assumed(who: Principal, by: readonly string[], plan: Plan): Right[] {
  return plan
    .blocks("aws_iam_role")
    .filter(({ address }) => !by.includes(address))
    .filter((role) => {
      const trusting = principalOf(role, plan).trust.filter(
        (each) =>
          each.Effect !== "Deny" &&
          isAbout(each, who) &&
          meets(each, { "aws:PrincipalArn": [who.arn] }) !== "no",
      );
      if (trusting.length === 0) return false;
      // A trust that names the role itself needs no right on the other side; the boundary still counts.
      const granted = trusting.some((each) => isForItself(each, who)) ? [ASSUME] : [];
      const taker = { ...who, rights: [...who.rights, ...granted] };
      return couldDo(taker, "sts:AssumeRole", role, plan).could !== "no";
    })
    .flatMap((role) => rightsOf(role, plan, by));
}
