import { Annotations } from "cdktf";
import type { Construct } from "constructs";
import { Boundary } from "../access/boundary";
import { boundaryDenials } from "../access/denials";
import type { IamModel } from "../access/model";
import type { BaseModel } from "../base-model";
import type { Chosen } from "../checklist/chosen";
import type { ManifestWaiver } from "../checklist/manifest";
import type { PartName } from "../checklist/parts";
import { attachChecklist } from "../checklist/validation";
import { asking } from "../tags/model";
import { Account, Naming, type Deployment } from "../terraform";
import { Manifest, type ManifestProps } from "../terraform/manifest";
import { demandProvider, useProvider } from "../terraform/providers";
import type { PartConfig } from "./config";
import type { ResolvedPart } from "./model";

/** A part that makes no role asks for none. */
const NO_ROLES: Deployment["iam"] = { path: "/", boundaryArn: "", ours: false, denied: [] };

/** What a part's constructs need beside their slice, as the platform gives it to its own. */
export function startPart(
  scope: Construct,
  { providers }: PartConfig,
  { base, warnings }: Pick<ResolvedPart<unknown>, "base" | "warnings">,
  roles?: { readonly of: PartName; readonly iam: IamModel },
): Deployment {
  for (const warning of warnings) Annotations.of(scope).addWarning(warning);
  useProvider(scope, providers?.default);
  demandProvider(scope);
  const { naming, tags, lifecycle, defaults } = base;
  const named = new Naming(naming.prefix, naming.pattern);
  return {
    naming: named,
    tags,
    account: new Account(scope, "account"),
    lifecycle,
    defaults,
    iam: roles ? iamOf(scope, roles, { naming: named, tags }) : NO_ROLES,
  };
}

/** Each part has a boundary of its own where none is given: another part, or a platform, may have the same name. */
function iamOf(
  scope: Construct,
  { of, iam: { path, boundaryArn } }: { readonly of: PartName; readonly iam: IamModel },
  on: Pick<Deployment, "naming" | "tags">,
): Deployment["iam"] {
  if (boundaryArn !== undefined) return { path, boundaryArn, ours: false, denied: boundaryDenials() };
  const { arn } = new Boundary(scope, "boundary", { ...on, path, name: `${of}-boundary` });
  return { path, boundaryArn: arn, ours: true, denied: [] };
}

/** What a part says of itself. */
export interface FinishedPart extends Pick<ManifestProps, "policy" | "gateways"> {
  readonly part: PartName;
  readonly waivers: readonly ManifestWaiver[];
  readonly chosen: Chosen;
  /** What of it was given, as `GIVEN` names it. @default none */
  readonly existing?: readonly string[];
}

/** Writes down what a part is, and has the checklist judge it at synth. Called last. */
export function finishPart(scope: Construct, base: BaseModel, on: Deployment, said: FinishedPart): void {
  declarePart(scope, base, on, said);
  attachChecklist(scope);
}

/** Writes down what a part is, for one that says itself what is judged at synth. */
export function declarePart(
  scope: Construct,
  { posture, lifecycle, requiredTags, waivers }: BaseModel,
  on: Deployment,
  said: FinishedPart,
): void {
  new Manifest(scope, "manifest", {
    kind: "part",
    deployment: on.naming.prefix,
    posture,
    lifecycle,
    ...asking(requiredTags),
    ...said,
    waivers: [...said.waivers, ...waivers],
  });
}
