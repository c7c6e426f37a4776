import { checkReference } from "../../policy/reference";
import type { Interval } from "../../policy/document";
import type { Conditions } from "../../terraform/allow";
import type { Check } from "../../validation";
import type { Access, GrantConfig, KeyService } from "../grant-config";
import { grantStatement } from "../statement";
import { actionsRights } from "./actions";
import type { Right, RightTarget } from "./right";
import { SENTENCE } from "./sentence";
import { kmsRights, rdsIamRights, secretRights, sqsRights } from "./services";
import { dynamoDbRights, s3Rights } from "./storage";
import { duringEach, windowSid } from "./windows";

/** One right of a server's code: a statement of its role's policy, but for what only the account can say. */
export interface GrantModel {
  readonly sid: string;
  /** Whether it can change anything. What does not say is taken to: a split of tasks gives it to the writing one alone. */
  readonly access: Access;
  readonly actions: readonly string[];
  readonly on: RightTarget;
  readonly when?: Conditions;
  /** The service through which alone a key is used. */
  readonly via?: KeyService;
  /** Name of the window that `when` stands for. */
  readonly window?: string;
  readonly because: string;
}

/** Names of statements: the schema is IAM's. */
export const SID = {
  pattern: /^[A-Za-z][A-Za-z0-9]*$/,
  form: "letters and digits, as ReadReceipts",
  max: 64,
} as const;

/**
 * Characters that the statements of a server may have. IAM takes 10,240 of all inline policies of a role, and our own
 * denials, which stand beside them under an organisation's boundary, need half.
 */
const MAX_CHARACTERS = 5_000;
/** What a token is counted as: a long ARN. */
const TOKEN_CHARACTERS = 120;

/** Names as long as any. */
const SOMEWHERE = {
  region: "ap-southeast-1",
  arn: (service: string, rest: string) => `arn:aws-us-gov:${service}:ap-southeast-1:123456789012:${rest}`,
};

/** Resolves what a server's code may do in AWS: a list of statements, those of one grant side by side. */
export function resolveGrants(
  config: Readonly<Record<string, GrantConfig>> | undefined,
  check: Check,
  windows: Readonly<Record<string, readonly Interval[]>> = {},
): GrantModel[] {
  const before = check.problems.length;
  const grants = check.entries(config, SID).flatMap(([name, grant, at]) => {
    if (grant === undefined || grant === null) {
      at.object(grant, {});
      return [];
    }
    const rights = rightsOf(grant, at);
    if (at.at("because").literal(grant.because)) at.at("because").text(grant.because, SENTENCE);
    const during = windowOf(grant.window, at.at("window"), windows);
    const access = accessOf(grant);
    return rights.flatMap((right) => statements(`${name}${right.part}`, right, grant, access, during));
  });
  checkSids(grants, check);
  if (check.problems.length === before) checkSize(grants, check);
  return grants;
}

function rightsOf(grant: GrantConfig, check: Check): Right[] {
  const { kind = "actions" } = grant;
  switch (kind) {
    case "actions":
      return actionsRights(grant as Extract<GrantConfig, { kind?: "actions" }>, check);
    case "s3":
      return s3Rights(grant as Extract<GrantConfig, { kind: "s3" }>, check);
    case "dynamodb":
      return dynamoDbRights(grant as Extract<GrantConfig, { kind: "dynamodb" }>, check);
    case "sqs":
      return sqsRights(grant as Extract<GrantConfig, { kind: "sqs" }>, check);
    case "rdsIam":
      return rdsIamRights(grant as Extract<GrantConfig, { kind: "rdsIam" }>, check);
    case "kms":
      return kmsRights(grant as Extract<GrantConfig, { kind: "kms" }>, check);
    case "secret":
      return secretRights(grant as Extract<GrantConfig, { kind: "secret" }>, check);
    default:
      check.at("kind").oneOf<string>(kind, KINDS);
      return [];
  }
}

const KINDS = ["actions", "s3", "dynamodb", "sqs", "rdsIam", "kms", "secret"];

function accessOf(grant: GrantConfig): Access {
  return "access" in grant && grant.access === "read" ? "read" : "write";
}

/** No conditions where there is no window; a window without intervals is already reported. */
function windowOf(
  window: string | undefined,
  check: Check,
  windows: Readonly<Record<string, readonly Interval[]>>,
): readonly Conditions[] | undefined {
  if (window === undefined) return undefined;
  if (!checkReference(window, check, Object.keys(windows), "windows")) return [];
  return duringEach(windows[window] ?? []);
}

function statements(
  sid: string,
  { actions, on, when, via }: Right,
  { because, window }: GrantConfig,
  access: Access,
  during: readonly Conditions[] | undefined,
): GrantModel[] {
  const one = (name: string, conditions: Conditions | undefined): GrantModel => ({
    sid: name,
    access,
    actions,
    on,
    ...(conditions ? { when: conditions } : {}),
    ...(via ? { via } : {}),
    ...(window === undefined ? {} : { window }),
    because,
  });
  if (during === undefined) return [one(sid, when)];
  return during.map((times, index) => one(windowSid(sid, index), { ...when, ...times }));
}

function checkSids(grants: readonly GrantModel[], check: Check): void {
  const seen = new Set<string>();
  for (const { sid } of grants) {
    if (seen.has(sid))
      check.problem("duplicate", `has two statements that are called ${sid}`, "rename one of the grants");
    seen.add(sid);
  }
}

/** A right to log in is no way to the database. */
export function checkWays(grants: readonly GrantModel[], anyDownstream: boolean, check: Check): void {
  if (!anyDownstream && grants.some(({ actions }) => actions.includes("rds-db:connect")))
    check.warn("let it log in to a database, and `downstream` leads to none");
}

/** A policy that is too long fails in the middle of a deployment. */
export function checkSize(grants: readonly Parameters<typeof grantStatement>[0][], check: Check): void {
  const text = JSON.stringify(grants.map((grant) => grantStatement(grant, SOMEWHERE)));
  const characters = text.replace(/\$\{TfToken\[[^\]]*\]\}/g, "x".repeat(TOKEN_CHARACTERS)).length;
  if (characters > MAX_CHARACTERS)
    check.problem(
      "over-budget",
      `comes to about ${characters} characters of policy, expected at most ${MAX_CHARACTERS}`,
      "name fewer intervals or resources: one prefix holds many objects",
    );
}
