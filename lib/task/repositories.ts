import { EcrLifecyclePolicy } from "@cdktf/provider-aws/lib/ecr-lifecycle-policy";
import { EcrRepository } from "@cdktf/provider-aws/lib/ecr-repository";
import { EcrRepositoryPolicy } from "@cdktf/provider-aws/lib/ecr-repository-policy";
import { Construct } from "constructs";
import { CustomerKey } from "../access/customer-key";
import { POSTURES, type Lifecycle, type Posture } from "../posture";
import type { RequiredTags, Tags } from "../tags/config";
import { inheritedTags } from "../tags/inherited";
import { resolveTags, type Inherited, type TagsModel } from "../tags/model";
import { Account, isToken, json, Naming, policyDocument, prefixOf, type Deployment } from "../terraform";
import { Check, ConfigurationError, NAME, type Fields } from "../validation";

/** Repositories for the images of a deployment. */
export interface ImageRepositoriesProps {
  /** As the platform's: first part of every name. */
  readonly name: string;
  /** As the platform's: second part of every name. */
  readonly environment: string;
  readonly posture: Posture;
  /** @default by posture */
  readonly lifecycle?: Lifecycle;
  /** One repository each: `envoy` becomes `NAME-ENVIRONMENT-envoy`. 1 to 100, lower-case letters, digits, dashes. */
  readonly repositories: readonly string[];
  /** @default none */
  readonly tags?: Tags;
  /** Keys that they have to bear, as a platform's. @default none */
  readonly requiredTags?: RequiredTags;
}

/** Images without a tag are what a build left behind. */
const UNTAGGED_DAYS = 14;

/**
 * Where images lie: tags that cannot be moved, a scan at each push, a key of the customer's, readers of this account
 * alone. Comes in a stack before the platform's, because tasks without internet pull from here.
 * Cost: 1 US dollar a month for the key, 0.10 per GB and month.
 */
export class ImageRepositories extends Construct {
  /** URL of each repository, by its name in `repositories`. */
  public readonly urls: Readonly<Record<string, string>>;

  /** @throws ConfigurationError with every problem */
  public constructor(scope: Construct, id: string, props: ImageRepositoriesProps) {
    super(scope, id);
    const { tags } = validate(props, inheritedTags(scope));
    const on = this.deployment(props, tags);
    const key = new CustomerKey(this, "key", {
      on,
      name: "images",
      description: "Images of the MCP servers and their gateway",
      statements: [],
    });
    this.urls = Object.fromEntries(
      props.repositories.map((name) => {
        const repository = new EcrRepository(this, name, {
          name: on.naming.name(name, 256),
          imageTagMutability: "IMMUTABLE",
          imageScanningConfiguration: { scanOnPush: true },
          encryptionConfiguration: [{ encryptionType: "KMS", kmsKey: key.arn }],
          forceDelete: on.lifecycle === "disposable",
          tags: { ...on.tags },
        });
        new EcrRepositoryPolicy(this, `${name}-policy`, {
          repository: repository.name,
          policy: json(readers(on.account)),
        });
        new EcrLifecyclePolicy(this, `${name}-expiry`, { repository: repository.name, policy: json(EXPIRY) });
        return [name, repository.repositoryUrl];
      }),
    );
  }

  private deployment(props: ImageRepositoriesProps, tags: Tags): Deployment {
    const defaults = POSTURES[props.posture];
    return {
      naming: new Naming(prefixOf(props)),
      tags,
      account: new Account(this, "account"),
      lifecycle: props.lifecycle ?? defaults.lifecycle,
      defaults,
      // No role is made here.
      iam: { path: "/", boundaryArn: "", ours: false, denied: [] },
    };
  }
}

const EXPIRY = {
  rules: [
    {
      rulePriority: 1,
      description: "Images without a tag",
      selection: {
        tagStatus: "untagged",
        countType: "sinceImagePushed",
        countUnit: "days",
        countNumber: UNTAGGED_DAYS,
      },
      action: { type: "expire" },
    },
  ],
};

/** Nobody outside the account, whatever another policy may say. */
function readers(account: Account): object {
  return policyDocument([
    {
      Sid: "OnlyThisAccount",
      Effect: "Deny",
      Principal: "*",
      Action: "ecr:*",
      Condition: {
        StringNotEquals: { "aws:PrincipalAccount": account.id },
        BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
      },
    },
  ]);
}

function validate(props: ImageRepositoriesProps, inherited: Inherited): TagsModel {
  const check = Check.start(isToken);
  check.object(props, {
    name: true,
    environment: true,
    posture: true,
    lifecycle: true,
    repositories: true,
    tags: true,
    requiredTags: true,
  } satisfies Fields<ImageRepositoriesProps>);
  for (const [field, max] of [
    ["name", 20],
    ["environment", 12],
  ] as const) {
    const at = check.at(field);
    if (at.literal(props[field])) at.text(props[field], { ...NAME, max });
  }
  check.at("posture").oneOf(props.posture, ["production", "sandbox"]);
  if (props.lifecycle !== undefined)
    check.at("lifecycle").oneOf(props.lifecycle, ["protected", "disposable"]);
  const seen = new Set<string>();
  for (const [name, at] of check.at("repositories").list(props.repositories, { min: 1, max: 100 })) {
    if (!at.literal(name) || !at.text(name, { ...NAME })) continue;
    if (seen.has(name)) at.problem("duplicate", `is ${at.show(name)} again`, "name each once");
    seen.add(name);
  }
  const tags = resolveTags(props, check, inherited);
  if (check.problems.length > 0) throw new ConfigurationError(check.problems);
  return tags;
}
