import { INTERFACE_SERVICES, interfacePolicy, s3Policy } from "../../lib/network/endpoint-policies";

const account = {
  id: "111122223333",
  region: "eu-west-1",
  partition: "aws",
  arn: (service: string, rest: string) => `arn:aws:${service}:eu-west-1:111122223333:${rest}`,
};
const ours = { StringEquals: { "aws:PrincipalAccount": "111122223333" } };
const statement = (
  Sid: string,
  Action: string[],
  Resource: string,
  Condition: object | undefined = ours,
) => ({
  Sid,
  Effect: "Allow",
  Principal: "*",
  Action,
  Resource,
  ...(Condition && { Condition }),
});
const pull = [
  statement(
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

test.each([
  ["ecr.api", pull],
  ["ecr.dkr", pull],
  [
    "logs",
    [
      statement(
        "WriteLogsOfThisAccount",
        ["logs:CreateLogStream", "logs:PutLogEvents"],
        "arn:aws:logs:eu-west-1:111122223333:log-group:*",
      ),
    ],
  ],
  [
    "secretsmanager",
    [
      statement(
        "ReadByThisAccount",
        ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
        "arn:aws:secretsmanager:eu-west-1:*:secret:*",
      ),
      statement(
        "ChangeInThisAccount",
        ["secretsmanager:*"],
        "arn:aws:secretsmanager:eu-west-1:111122223333:secret:*",
      ),
      statement("MakePasswords", ["secretsmanager:GetRandomPassword"], "*"),
    ],
  ],
  ["kms", [statement("UseKeysOfThisAccount", ["kms:*"], "arn:aws:kms:eu-west-1:111122223333:key/*")]],
] as const)("%s lets through this account alone", (service, expected) => {
  expect(interfacePolicy(service, account)).toEqual(expected);
});

test("S3 lets through image layers, and this account's buckets for this account", () => {
  expect(s3Policy(account)).toEqual([
    {
      Sid: "ImageLayers",
      Effect: "Allow",
      Principal: "*",
      Action: ["s3:GetObject"],
      Resource: "arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*",
    },
    statement("BucketsOfThisAccount", ["s3:*"], "*", {
      StringEquals: { "aws:PrincipalAccount": "111122223333", "aws:ResourceAccount": "111122223333" },
    }),
  ]);
});

test("nothing can be pushed, deleted or made through an endpoint of the registry", () => {
  const actions = INTERFACE_SERVICES.filter((service) => service.startsWith("ecr"))
    .flatMap((service) => interfacePolicy(service, account))
    .flatMap(({ Action }) => Action);
  expect(actions.filter((action) => /Put|Delete|Upload|Create|\*/.test(action))).toEqual([]);
});
