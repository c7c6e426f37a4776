import type { TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { allow, deny, type Conditions, type Deployment, type Statement } from "../terraform";
import { Boundary } from "./boundary";
import { boundaryDenials } from "./denials";
import { ASSUME, USER_ROLE_ENV, userRoleName } from "./isolation-contract";
import type { IsolationModel } from "./isolation-model";
import { Role } from "./role";
import { grantStatement, targetOf } from "./statement";

/** Whose users' data is kept apart. */
export interface IsolationProps {
  readonly on: Deployment;
  /** The server. */
  readonly name: string;
  readonly slice: IsolationModel;
}

/**
 * Per-user isolation of one server: a role that only the server's task may take on, only under the name of a user, and
 * that sees this user's part alone. The task's role is denied the same things without a name.
 */
export class Isolation extends Construct {
  public readonly userRoleArn: string;
  /** Where the task's role is made: inside a boundary that lets it take on this one role. */
  public readonly on: Deployment;
  /** Variables of the server's container. */
  public readonly environment: Readonly<Record<string, string>>;
  /** What the task's role gets beside its grants. */
  public readonly taskRights: readonly Statement[];

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: IsolationProps,
  ) {
    super(scope, id);
    const { on, name, slice } = props;
    const { iam, naming, account } = on;
    // By name: the boundary comes before the role that it lets the task take on.
    this.userRoleArn = account.globalArn("iam", `role${iam.path}${naming.name(userRoleName(name))}`);
    const assumable = [this.userRoleArn];
    this.environment = { [USER_ROLE_ENV]: this.userRoleArn };
    this.on = {
      ...on,
      iam: {
        ...iam,
        denied: iam.denied.length === 0 ? [] : boundaryDenials(assumable),
        // One that the organisation demands stays: it must let the task take on the role.
        boundaryArn: iam.ours
          ? new Boundary(this, "boundary", {
              naming,
              tags: on.tags,
              path: iam.path,
              name: `${name}-task-boundary`,
              assumable,
            }).arn
          : iam.boundaryArn,
      },
    };
    this.taskRights = [
      allow("ActForOneUser", {
        actions: ASSUME,
        on: { resources: assumable },
        when: named(slice.tag),
      }),
      ...slice.denials.map(({ sid, actions, on: denied }) =>
        deny(sid, { actions, on: targetOf(denied, account) }),
      ),
    ];
  }

  /** Makes the role, for these task roles and nobody else. Gives what their tasks must wait for. */
  public admit(taskRoleArns: readonly string[]): TerraformResource[] {
    const { on, name, slice } = this.props;
    const { resource, policy } = new Role(this, "user", {
      on,
      name: userRoleName(name),
      description: `What ${name} may do for the one user it names`,
      trust: [trustTask(taskRoleArns, slice.tag)],
      rights: slice.rights.map((right) => grantStatement(right, on.account)),
    });
    return [resource, ...(policy ? [policy] : [])];
  }
}

/** A name there must be, of which no other name is the folder. */
function named(tag: string): Conditions {
  const key = `aws:RequestTag/${tag}`;
  return { StringLike: { [key]: "?*" }, StringNotLike: { [key]: "*/*" } };
}

/** The tag is demanded, and the only one: what other tags open elsewhere cannot be claimed here. */
function trustTask(taskRoleArns: readonly string[], tag: string): Statement {
  return {
    Sid: "TaskInTheNameOfAUser",
    Effect: "Allow",
    Principal: { AWS: taskRoleArns },
    Action: ASSUME,
    Condition: { ...named(tag), "ForAllValues:StringEquals": { "aws:TagKeys": [tag] } },
  };
}
