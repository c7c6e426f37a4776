import type { Check, Fields } from "../validation";
import type { IamConfig } from "./config";

export { checkWays, resolveGrants, type GrantModel } from "./grants/resolve";
export { resolveIsolation, type IsolationModel } from "./isolation-model";

/** Rights of roles with every default resolved. */
export interface IamModel {
  readonly path: string;
  /** Absent: the platform makes a boundary of its own. */
  readonly boundaryArn: string | undefined;
}

const PATH = { pattern: /^\/([\w+=,.@-]+\/)*$/, form: "/ or /team/", max: 512 };

/** What was probably meant: IAM asks for a slash at both ends, and for one alone between two names. */
function pathFor(path: unknown): string {
  const text = typeof path === "string" ? path.trim() : "";
  if (text.length > PATH.max) return "shorten it";
  const meant = `/${text}/`.replace(/[/\\]+/g, "/");
  return PATH.pattern.test(meant)
    ? `write ${JSON.stringify(meant)}`
    : "begin and end it with a slash, with letters, digits and _ + = , . @ - between";
}

/** Resolves boundary and path. */
export function resolveIam(config: IamConfig | undefined, check: Check): IamModel {
  const none: IamModel = { path: "/", boundaryArn: undefined };
  if (
    config === undefined ||
    !check.object(config, { boundaryArn: true, path: true } satisfies Fields<IamConfig>)
  )
    return none;
  const { path = "/", boundaryArn } = config as IamConfig;
  if (check.at("path").literal(path)) check.at("path").text(path, { ...PATH, fix: pathFor(path) });
  if (boundaryArn !== undefined) {
    check.at("boundaryArn").text(boundaryArn, {
      pattern: /^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/.+$/,
      form: "the ARN of a managed policy",
    });
  }
  return { path, boundaryArn };
}
