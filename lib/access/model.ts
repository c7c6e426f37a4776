import type { ServerConfig } from "../config";
import type { Check, Fields } from "../validation";
import type { GrantConfig, IamConfig } from "./config";
import { DENIED_ACTIONS, GRANTABLE_SERVICES, OURS_ALONE } from "./denials";
import { matchesAction, UNSCOPED_ACTIONS } from "./unscoped-actions";

/** Rights of roles with every default resolved. */
export interface IamModel {
  readonly path: string;
  /** Absent: the platform makes a boundary of its own. */
  readonly boundaryArn: string | undefined;
}

/** One right of a server's code. */
export interface GrantModel {
  readonly sid: string;
  /** Whether it can change anything. What does not say is taken to: a split of tasks gives it to the writing one alone. */
  readonly access: "read" | "write";
  readonly actions: readonly string[];
  readonly on: { readonly resources: readonly string[] } | { readonly everythingBecause: string };
  readonly because: string;
}

const ARN = /^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(\d{12}|aws|):.+$/;
const SENTENCE = { min: 8, max: 200, fix: "say why, for the reader of the report" } as const;
const SID = {
  pattern: /^[A-Za-z][A-Za-z0-9]*$/,
  form: "letters and digits, as ReadReceipts",
  max: 64,
} as const;

/** Resolves boundary and path. */
export function resolveIam(config: IamConfig | undefined, check: Check): IamModel {
  const none: IamModel = { path: "/", boundaryArn: undefined };
  if (
    config === undefined ||
    !check.object(config, { boundaryArn: true, path: true } satisfies Fields<IamConfig>)
  )
    return none;
  const { path = "/", boundaryArn } = config as IamConfig;
  check.at("path").text(path, { pattern: /^\/([\w+=,.@-]+\/)*$/, form: "/ or /team/", max: 512 });
  if (boundaryArn !== undefined) {
    check.at("boundaryArn").text(boundaryArn, {
      pattern: /^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/.+$/,
      form: "the ARN of a managed policy",
    });
  }
  return { path, boundaryArn };
}

/** Resolves what a server's code may do in AWS. */
export function resolveGrants(config: ServerConfig["grants"], check: Check): GrantModel[] {
  return check.entries(config, SID).map(([sid, grant, at]) => {
    at.object(grant, { access: true, actions: true, on: true, because: true } satisfies Fields<GrantConfig>);
    const access = grant?.access ?? "write";
    at.at("access").oneOf(access, ["read", "write"]);
    const actions = at
      .at("actions")
      .list(grant?.actions, { min: 1, max: 50, fix: "name at least one action" });
    for (const [action, atAction] of actions) checkAction(action, atAction);
    at.at("because").text(grant?.because, SENTENCE);
    return {
      sid,
      access,
      actions: actions.map(([action]) => action),
      on: resolveTarget(
        grant?.on,
        at.at("on"),
        actions.map(([action]) => action),
      ),
      because: grant?.because,
    };
  });
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

function resolveTarget(
  on: GrantConfig["on"] | undefined,
  check: Check,
  actions: readonly string[],
): GrantModel["on"] {
  const nothing = { resources: [] };
  if (!check.present(on, "name the resources: { resources: [arn] }")) return nothing;
  if (typeof on !== "object") {
    check.object(on, { resources: true });
    return nothing;
  }
  if ("everythingBecause" in on) {
    check.object(on, { everythingBecause: true });
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
    .list(on.resources, { min: 1, max: 50, fix: "name at least one ARN" });
  for (const [resource, at] of resources) checkResource(resource, at);
  return { resources: on.resources };
}
