import type { Account, Statement } from "../terraform";

/** AWS services that tasks reach without the internet, by the end of the endpoint's name. */
export const INTERFACE_SERVICES = ["ecr.api", "ecr.dkr", "logs", "secretsmanager", "kms"] as const;

/** One of them. */
export type InterfaceService = (typeof INTERFACE_SERVICES)[number];

/** What a policy needs to know of the account. */
export type PolicyAccount = Pick<Account, "id" | "region" | "partition" | "arn">;

/**
 * Policies of the endpoints. They grant nothing by themselves: they are the second lock, which holds even for stolen
 * credentials of another account that are used from a task, and so keeps data from leaving to somebody else's account.
 */
export function interfacePolicy(service: InterfaceService, account: PolicyAccount): Statement[] {
  const ours = { StringEquals: { "aws:PrincipalAccount": account.id } };
  const allow = (Sid: string, Action: readonly string[], Resource: string): Statement => ({
    Sid,
    Effect: "Allow",
    Principal: "*",
    Action,
    Resource,
    Condition: ours,
  });
  switch (service) {
    case "ecr.api":
    case "ecr.dkr":
      // Pulling only. Any registry, because images may come from a central account; nothing can be pushed.
      return [
        allow(
          "PullByThisAccount",
          [
            "ecr:BatchCheckLayerAvailability",
            "ecr:BatchGetImage",
            "ecr:GetAuthorizationToken",
            "ecr:GetDownloadUrlForLayer",
          ],
          "*",
        ),
      ];
    case "logs":
      return [
        allow(
          "WriteLogsOfThisAccount",
          ["logs:CreateLogStream", "logs:PutLogEvents"],
          account.arn("logs", "log-group:*"),
        ),
      ];
    case "secretsmanager":
      return [
        // A configuration may name a secret of another account. Reading takes nothing out of this one.
        allow(
          "ReadByThisAccount",
          ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
          `arn:${account.partition}:secretsmanager:${account.region}:*:secret:*`,
        ),
        allow("ChangeInThisAccount", ["secretsmanager:*"], account.arn("secretsmanager", "secret:*")),
        // No resource-level permissions.
        allow("MakePasswords", ["secretsmanager:GetRandomPassword"], "*"),
      ];
    case "kms":
      return [allow("UseKeysOfThisAccount", ["kms:*"], account.arn("kms", "key/*"))];
  }
}

/**
 * Policy of the S3 gateway endpoint: the region's image layers, buckets of this account for its own principals, and
 * the mirrored keys of issuers, which gateways read without credentials, object by object.
 */
export function s3Policy(account: PolicyAccount, keyObjectArns: readonly string[] = []): Statement[] {
  return [
    {
      // Layers are fetched from AWS's own bucket, by links that ECR signs.
      Sid: "ImageLayers",
      Effect: "Allow",
      Principal: "*",
      Action: ["s3:GetObject"],
      Resource: `arn:${account.partition}:s3:::prod-${account.region}-starport-layer-bucket/*`,
    },
    {
      Sid: "BucketsOfThisAccount",
      Effect: "Allow",
      Principal: "*",
      Action: ["s3:*"],
      Resource: "*",
      Condition: {
        StringEquals: { "aws:PrincipalAccount": account.id, "aws:ResourceAccount": account.id },
      },
    },
    ...(keyObjectArns.length === 0
      ? []
      : [
          {
            Sid: "KeysOfIssuers",
            Effect: "Allow" as const,
            Principal: "*" as const,
            Action: ["s3:GetObject"],
            Resource: keyObjectArns,
          },
        ]),
  ];
}
