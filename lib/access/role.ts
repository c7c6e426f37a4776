import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Construct } from "constructs";
import { json, policyDocument, type Deployment, type Statement } from "../terraform";

/** What a role is made of. */
export interface RoleProps {
  readonly on: Deployment;
  /** What the role is for, as `orders-task`: the end of its name. */
  readonly name: string;
  readonly description: string;
  /** Who may act as it: statements from `trustService()`. */
  readonly trust: readonly Statement[];
  /** What it may do: statements from `allow()` and `deny()`. Empty: nothing. */
  readonly rights: readonly Statement[];
}

/** A role with its boundary, path and one inline policy. Every role of the library is made here. */
export class Role extends Construct {
  public readonly resource: IamRole;
  /** The inline policy, to be waited for by what uses the rights; absent when the role may do nothing. */
  public readonly policy: IamRolePolicy | undefined;
  public readonly arn: string;

  public constructor(scope: Construct, id: string, props: RoleProps) {
    super(scope, id);
    const { on } = props;
    this.resource = new IamRole(this, "resource", {
      name: on.naming.name(props.name),
      description: props.description,
      path: on.iam.path,
      permissionsBoundary: on.iam.boundaryArn,
      assumeRolePolicy: json(policyDocument(props.trust)),
      tags: { ...on.tags },
    });
    this.arn = this.resource.arn;
    const rights = props.rights.length === 0 ? [] : [...props.rights, ...on.iam.denied];
    if (rights.length > 0) {
      this.policy = new IamRolePolicy(this, "rights", {
        name: "rights",
        role: this.resource.name,
        policy: json(policyDocument(rights)),
      });
    }
  }
}
