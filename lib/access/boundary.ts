import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { Construct } from "constructs";
import { allow, json, policyDocument, type Naming, type Statement } from "../terraform";
import { boundaryDenials, GRANTABLE_SERVICES } from "./denials";
import { ASSUME } from "./isolation-contract";

/** Where the boundary is made. It comes before the rest of the deployment, so it takes the parts of one. */
export interface BoundaryProps {
  readonly naming: Naming;
  readonly tags: Readonly<Record<string, string>>;
  readonly path: string;
  /** End of its name. @default "boundary" */
  readonly name?: string;
  /** Roles that may be taken on inside it. @default none */
  readonly assumable?: readonly string[];
}

/**
 * The permission boundary of every role: grants nothing by itself, and caps what any policy of such a role can give.
 * Tampering with logs, keys, archive, network, code and identities is denied to all.
 */
export class Boundary extends Construct {
  public readonly resource: IamPolicy;
  public readonly arn: string;

  public constructor(scope: Construct, id: string, props: BoundaryProps) {
    super(scope, id);
    const { naming, tags, path, name = "boundary", assumable } = props;
    this.resource = new IamPolicy(this, "resource", {
      name: naming.name(name, 128),
      path,
      description: "Most that any role of this deployment may ever do",
      policy: json(policyDocument(boundaryStatements(assumable))),
      tags: { ...tags },
    });
    this.arn = this.resource.arn;
  }
}

/** The boundary's statements: an upper limit, so whole services may stand in it. */
export function boundaryStatements(assumable: readonly string[] = []): Statement[] {
  return [
    {
      Sid: "AtMostTheseServices",
      Effect: "Allow",
      Action: GRANTABLE_SERVICES.map((service) => `${service}:*`),
      Resource: "*",
    },
    ...(assumable.length === 0
      ? []
      : [allow("RolesOfItsUsers", { actions: ASSUME, on: { resources: assumable } })]),
    ...boundaryDenials(assumable),
  ];
}
