import type { TerraformStack } from "cdktf";
import { ImageRepositories, type ImageRepositoriesProps } from "../../lib/task/repositories";
import { embedded } from "../../lib/terraform/plan";
import { formatProblem, type ConfigurationError } from "../../lib/validation";
import { statementsOf } from "../support/deployed-policies";
import { synthPlan } from "../support/plan";

const PROPS: ImageRepositoriesProps = {
  name: "acme",
  environment: "prod",
  posture: "production",
  repositories: ["envoy", "orders"],
};
const make = (change: object) => (stack: TerraformStack) =>
  void new ImageRepositories(stack, "images", { ...PROPS, ...change });

test("immutable, scanned, encrypted, and for this account alone", () => {
  const plan = synthPlan(make({ tags: { team: "platform" } }));
  const repositories = plan.blocks("aws_ecr_repository");
  const key = "${" + `${plan.blocks("aws_kms_key")[0]?.address}.arn` + "}";
  expect(repositories.map(({ body }) => body)).toEqual(
    ["acme-prod-envoy", "acme-prod-orders"].map((name) =>
      expect.objectContaining({
        name,
        image_tag_mutability: "IMMUTABLE",
        image_scanning_configuration: { scan_on_push: true },
        encryption_configuration: [{ encryption_type: "KMS", kms_key: key }],
        force_delete: false,
        tags: { team: "platform", "hardened-mcp:name": "acme", "hardened-mcp:environment": "prod" },
      }),
    ),
  );
  for (const repository of repositories) {
    const [policy, ...others] = plan.referring(repository, "aws_ecr_repository_policy", "repository");
    expect(others).toEqual([]);
    expect(statementsOf(plan, policy?.body.policy)).toEqual([
      {
        Sid: "OnlyThisAccount",
        Effect: "Deny",
        Principal: "*",
        Action: "ecr:*",
        Condition: {
          StringNotEquals: { "aws:PrincipalAccount": "123456789012" },
          BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
        },
      },
    ]);
    const [expiry] = plan.referring(repository, "aws_ecr_lifecycle_policy", "repository");
    expect(embedded(expiry?.body.policy)).toMatchObject({
      rules: [{ selection: { tagStatus: "untagged", countNumber: 14 }, action: { type: "expire" } }],
    });
  }
});

test.each([
  ["a sandbox", { posture: "sandbox" }, true],
  ["a sandbox that is kept", { posture: "sandbox", lifecycle: "protected" }, false],
  ["production that may go", { lifecycle: "disposable" }, true],
])("%s: images deleted with their repository or not", (_class, change, deleted) => {
  const repositories = synthPlan(make(change)).blocks("aws_ecr_repository");
  expect(repositories.map(({ body }) => body.force_delete)).toEqual([deleted, deleted]);
});

test.each<[string, object, string]>([
  ["an unknown field", { region: "eu-west-1" }, "region is not a field here; remove it [unknown-field]"],
  [
    "a name that is too long",
    { name: "a".repeat(21) },
    "name has 21 characters, expected at most 20; correct it [too-long]",
  ],
  [
    "an environment that is too long",
    { environment: "a".repeat(13) },
    "environment has 13 characters, expected at most 12; correct it [too-long]",
  ],
  [
    "a tag that AWS refuses",
    { tags: { team: "a<b" } },
    'tags.team is "a<b", expected letters, digits, spaces and _ . : / = + - @; correct it [wrong-form]',
  ],
  [
    "tags that are required",
    { tags: { team: "x" }, requiredTags: { team: "any", owner: "any", cost: { oneOf: ["a"] } } },
    "tags lacks cost, owner, which requiredTags asks for; add them here, or to default_tags of the provider, which has to be made first [required]",
  ],
  [
    "an unknown lifecycle",
    { lifecycle: "protect" },
    'lifecycle is "protect", expected one of protected, disposable; did you mean protected? [unknown-kind]',
  ],
  [
    "no repositories",
    { repositories: [] },
    "repositories has 0 entries, expected at least 1; add some [too-few]",
  ],
  [
    "a repository in capitals",
    { repositories: ["Orders"] },
    'repositories[0] is "Orders", expected lower-case letters, digits and dashes, beginning with a letter; correct it [wrong-form]',
  ],
  [
    "a repository twice",
    { repositories: ["a", "a"] },
    'repositories[1] is "a" again; name each once [duplicate]',
  ],
])("%s", (_class, change, message) => {
  expect.assertions(1);
  try {
    synthPlan(make(change));
  } catch (error) {
    expect((error as ConfigurationError).problems.map(formatProblem)).toEqual([message]);
  }
});
