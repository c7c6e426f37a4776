/** Condition block of a policy statement: operator → key → values. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** One statement of a policy document, as it is written. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: "*" | Readonly<Record<string, string | readonly string[]>>;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Conditions;
}

/** Resources of a right: named ones, or all of them with the reason why no name is possible. */
export type On = { readonly resources: readonly string[] } | { readonly everythingBecause: string };

/** A right in an identity policy: named actions on named resources. The only way the library writes one. */
export function allow(
  Sid: string,
  right: { actions: readonly string[]; on: On; when?: Conditions },
): Statement {
  return statement("Allow", Sid, right);
}

/** A refusal in an identity policy. Breadth is welcome here: all but some resources, too. */
export function deny(
  Sid: string,
  right: { actions: readonly string[]; on: On | { readonly allBut: readonly string[] }; when?: Conditions },
): Statement {
  const { on } = right;
  if (!("allBut" in on)) return statement("Deny", Sid, { ...right, on });
  const { actions, when } = right;
  return {
    Sid,
    Effect: "Deny",
    Action: actions,
    NotResource: on.allBut,
    ...(when ? { Condition: when } : {}),
  };
}

function statement(
  Effect: "Allow" | "Deny",
  Sid: string,
  { actions, on, when }: { actions: readonly string[]; on: On; when?: Conditions },
): Statement {
  if (Effect === "Allow" && actions.some((action) => action.includes("*"))) {
    throw new Error(`statement ${Sid} allows a wildcard action: name the actions`);
  }
  if (Effect === "Allow" && "resources" in on && on.resources.some((resource) => resource === "*")) {
    throw new Error(`statement ${Sid} allows every resource: name them, or say why in everythingBecause`);
  }
  return {
    Sid,
    Effect,
    Action: actions,
    Resource: "resources" in on ? on.resources : "*",
    ...(when ? { Condition: when } : {}),
  };
}

/** A policy document. */
export function policyDocument(statements: readonly Statement[]): {
  Version: string;
  Statement: readonly Statement[];
} {
  return { Version: "2012-10-17", Statement: statements };
}

/**
 * Trust in an AWS service, only on behalf of this account and the given sources (ARN patterns), so that nobody
 * else can make the service act here (confused deputy).
 */
export function trustService(
  service: string,
  from: { accountId: string; sourceArns: readonly string[] },
): Statement {
  return {
    Sid: "TrustService",
    Effect: "Allow",
    Principal: { Service: service },
    Action: "sts:AssumeRole",
    Condition: {
      StringEquals: { "aws:SourceAccount": from.accountId },
      ArnLike: { "aws:SourceArn": from.sourceArns },
    },
  };
}
