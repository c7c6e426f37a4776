import type { Construct } from "constructs";
import type { GrantModel } from "../access/model";
import { Role } from "../access/role";
import { grantStatement } from "../access/statement";
import { allow, trustService, type Account, type Deployment, type Statement } from "../terraform";
import type { Image } from "./image";
import { executionRoleName } from "./role-names";

/** What ECS itself does for a task: pull, log, inject. */
export interface ExecutionRoleProps {
  readonly on: Deployment;
  readonly name: string;
  readonly images: readonly Image[];
  readonly logGroupArns: readonly string[];
  readonly secrets: readonly { readonly arn: string; readonly keyArn: string | undefined }[];
}

/** Account and region of a registry may be tokens; the host around them tells them apart. */
const ECR =
  /^(?<account>\d{12}|\$\{[^}]+\})\.dkr\.ecr(?:-fips)?\.(?<region>[a-z0-9-]+|\$\{[^}]+\})\.amazonaws\.com(?:\.cn)?\/(?<name>[^@]+)@/;

/** Role of ECS for the task. The containers cannot use it. */
export function executionRole(scope: Construct, props: ExecutionRoleProps): Role {
  const { on, name } = props;
  return new Role(scope, "execution", {
    on,
    name: executionRoleName(name),
    description: `ECS pulls images, writes logs and injects secrets of ${name}`,
    trust: [trustTasks(on.account)],
    rights: startRights(on.account, props),
  });
}

/** What ECS itself has to be allowed before a task can start. */
export function startRights(
  account: Account,
  props: Pick<ExecutionRoleProps, "images" | "logGroupArns" | "secrets">,
): Statement[] {
  const arns = [...new Set(props.secrets.map((secret) => secret.arn))];
  const keys = [...new Set(props.secrets.flatMap((secret) => secret.keyArn ?? []))];
  const underKeys = [
    ...new Set(props.secrets.flatMap(({ arn, keyArn }) => (keyArn === undefined ? [] : [arn]))),
  ];
  return [
    allow("LogInToRegistry", {
      actions: ["ecr:GetAuthorizationToken"],
      on: { everythingBecause: "this API has no resource-level permissions" },
    }),
    allow("PullImages", {
      actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      on: { resources: [...new Set(props.images.map((image) => repositoryArn(image, account)))] },
    }),
    allow("WriteLogs", {
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      on: { resources: props.logGroupArns.map((arn) => `${arn}:*`) },
    }),
    ...(arns.length === 0
      ? []
      : [allow("InjectSecrets", { actions: ["secretsmanager:GetSecretValue"], on: { resources: arns } })]),
    ...(keys.length === 0
      ? []
      : [
          allow("DecryptSecrets", {
            actions: ["kms:Decrypt"],
            on: { resources: keys },
            when: {
              StringEquals: {
                "kms:ViaService": `secretsmanager.${account.region}.amazonaws.com`,
                // Bites where the key is somebody else's: the policy of the platform's key lets the account in by itself.
                "kms:EncryptionContext:SecretARN": underKeys,
              },
            },
          }),
        ]),
  ];
}

/** Role of the containers: what the server was granted, and what `more` says of its users. Nothing else. */
export function taskRole(
  scope: Construct,
  on: Deployment,
  name: string,
  grants: readonly GrantModel[],
  more: readonly Statement[] = [],
): Role {
  return new Role(scope, "task", {
    on,
    name: `${name}-task`,
    description: `What the code of ${name} may do`,
    trust: [trustTasks(on.account)],
    rights: [...grants.map((grant) => grantStatement(grant, on.account)), ...more],
  });
}

/** A cluster's ARN cannot stand here: ECS does not send it. */
function trustTasks(account: Account): Statement {
  return trustService("ecs-tasks.amazonaws.com", {
    accountId: account.id,
    sourceArns: [account.arn("ecs", "*")],
  });
}

/** The repository of an ECR image; any repository of this account where the reference is known only at deployment. */
function repositoryArn(image: Image, account: Account): string {
  const match = ECR.exec(image)?.groups;
  if (!match) return account.arn("ecr", "repository/*");
  return `arn:${account.partition}:ecr:${match["region"]}:${match["account"]}:repository/${match["name"]}`;
}
