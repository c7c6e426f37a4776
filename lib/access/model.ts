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

/** Resolves boundary and path. */
export function resolveIam(config: IamConfig | undefined, check: Check): IamModel {
  const none: IamModel = { path: "/", boundaryArn: undefined };
  if (
    config === undefined ||
    !check.object(config, { boundaryArn: true, path: true } satisfies Fields<IamConfig>)
  )
    return none;
  const { path = "/", boundaryArn } = config as IamConfig;
  if (check.at("path").literal(path))
    check.at("path").text(path, { pattern: /^\/([\w+=,.@-]+\/)*$/, form: "/ or /team/", max: 512 });
  if (boundaryArn !== undefined) {
    check.at("boundaryArn").text(boundaryArn, {
      pattern: /^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/.+$/,
      form: "the ARN of a managed policy",
    });
  }
  return { path, boundaryArn };
}
