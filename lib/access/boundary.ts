import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { Construct } from "constructs";
import { json, policyDocument, type Naming, type Statement } from "../terraform";
import { boundaryDenials, GRANTABLE_SERVICES } from "./denials";

/** Where the boundary is made. It comes before the rest of the deployment, so it takes the parts of one. */
export interface BoundaryProps {
  readonly naming: Naming;
  readonly tags: Readonly<Record<string, string>>;
  readonly path: string;
}

/**
 * The permission boundary of every role: grants nothing by itself, and caps what any policy of such a role can give.
 * Tampering with logs, keys, archive, network, code and identities is denied to all.
 */
export class Boundary extends Construct {
  public readonly resource: IamPolicy;
  public readonly arn: string;

  public constructor(scope: Construct, id: string, { naming, tags, path }: BoundaryProps) {
    super(scope, id);
    this.resource = new IamPolicy(this, "resource", {
      name: naming.name("boundary", 128),
      path,
      description: "Most that any role of this deployment may ever do",
      policy: json(policyDocument(boundaryStatements())),
      tags: { ...tags },
    });
    this.arn = this.resource.arn;
  }
}

/** The boundary's statements: an upper limit, so whole services may stand in it. */
export function boundaryStatements(): Statement[] {
  return [
    {
      Sid: "AtMostTheseServices",
      Effect: "Allow",
      Action: GRANTABLE_SERVICES.map((service) => `${service}:*`),
      Resource: "*",
    },
    ...boundaryDenials(),
  ];
}
