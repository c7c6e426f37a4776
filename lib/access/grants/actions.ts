import type { Check, Fields } from "../../validation";
import { DENIED_ACTIONS, GRANTABLE_SERVICES, OURS_ALONE } from "../denials";
import type { ActionsGrant, GrantTarget } from "../grant-config";
import { matchesAction, UNSCOPED_ACTIONS } from "../unscoped-actions";
import type { Right } from "./right";
import { SENTENCE } from "./sentence";

const ARN = /^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(\d{12}|aws|):.+$/;
/** Actions that change nothing, by how AWS names them. Others may. */
export const READING = /:(BatchGet|Decrypt|Describe|Get|Head|List|Query|Scan|Search|Select|Verify)/;

/** Rights of a grant that names actions and resources itself. */
export function actionsRights(grant: ActionsGrant, check: Check): Right[] {
  check.object(grant, {
    kind: true,
    access: true,
    actions: true,
    on: true,
    because: true,
    window: true,
  } satisfies Fields<ActionsGrant>);
  const entries = check
    .at("actions")
    .list(grant?.actions, { min: 1, max: 50, fix: "name at least one action" });
  for (const [action, atAction] of entries) checkAction(action, atAction);
  const actions = entries.map(([action]) => action);
  if (grant?.access !== undefined && check.at("access").oneOf(grant.access, ["read", "write"])) {
    const writing = actions.find((action) => !READING.test(action));
    if (grant.access === "read" && writing !== undefined)
      check
        .at("access")
        .problem(
          "conflict",
          `is "read", and ${check.show(writing)} may change something`,
          'say "write", or put it into a grant of its own',
        );
  }
  return [{ part: "", actions, on: resolveTarget(grant?.on, check.at("on"), actions) }];
}

function checkAction(action: string, check: Check): void {
  if (!check.literal(action, "write the action itself; a right is reviewed by its name")) return;
  const form = "an action such as s3:GetObject, without *";
  if (!check.text(action, { pattern: /^[a-z0-9-]+:[A-Z][A-Za-z0-9]+$/, form, fix: "name each action" }))
    return;
  const service = action.split(":")[0] ?? "";
  if (!(GRANTABLE_SERVICES as readonly string[]).includes(service) || matchesAction(DENIED_ACTIONS, action)) {
    check.problem(
      "unsafe",
      `is ${check.show(action)}, which the boundary denies to every role`,
      "do it with a role of your own",
    );
  } else if (service in OURS_ALONE) {
    check.problem(
      "unsafe",
      `is ${check.show(action)}: ${OURS_ALONE[service]}`,
      "do it with a role of your own",
    );
  }
}

/** All of a service, or of one kind of its resources, written as a name. */
const DISGUISED = /^arn:[^:]*:(?!execute-api:)[^:]*:[^:]*:([^:]*:|[^:]+:[a-z-]+[:/])\*$/;
/** Whoever reads more than one of these reads its neighbours'. */
const ONE_BY_ONE = /^arn:[^:]*:(secretsmanager|kms):.*[*?]/;

function checkResource(resource: string, check: Check): void {
  if (resource === "*") {
    check.problem("unsafe", "is every resource", "name them, or say why not: { everythingBecause: … }");
  } else if (check.text(resource, { pattern: ARN, form: "an ARN", fix: "give the whole ARN" })) {
    if (check.isToken(resource)) return;
    if (ONE_BY_ONE.test(resource))
      check.problem(
        "unsafe",
        `is ${check.show(resource)}, more than one secret or key`,
        "name each by itself",
      );
    else if (DISGUISED.test(resource))
      check.problem("unsafe", `is ${check.show(resource)}, all there are`, "name them");
  }
}

function resolveTarget(on: GrantTarget | undefined, check: Check, actions: readonly string[]): GrantTarget {
  const nothing = { resources: [] };
  if (!check.present(on, "name the resources: { resources: [arn] }")) return nothing;
  if (typeof on !== "object") {
    check.object(on, { resources: true });
    return nothing;
  }
  if ("everythingBecause" in on) {
    check.object(on, { everythingBecause: true });
    if (check.at("everythingBecause").literal(on.everythingBecause))
      check.at("everythingBecause").text(on.everythingBecause, SENTENCE);
    const scoped = actions.filter((action) => !matchesAction(UNSCOPED_ACTIONS, action));
    if (scoped.length > 0) {
      check.problem(
        "unsafe",
        `is every resource, and AWS can limit ${scoped.join(", ")} to some`,
        "name the resources: { resources: [arn] }; put actions that have none into a grant of their own",
      );
    }
    return { everythingBecause: on.everythingBecause };
  }
  check.object(on, { resources: true });
  const resources = check
    .at("resources")
    .list(on.resources, { min: 1, max: 50, fix: "name at least one ARN", token: true });
  for (const [resource, at] of resources) checkResource(resource, at);
  return { resources: on.resources };
}
